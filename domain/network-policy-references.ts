import type { EnvironmentPlan } from "./environment";
import type { NetworkPolicyReferences } from "./network-policies-peers";

/** Address ranges that the network policies of an environment speak of. */
export function networkPolicyReferences({
  context,
  network,
  cluster,
  frontDoor,
}: EnvironmentPlan): NetworkPolicyReferences {
  const { subnets } = network;
  const podCidrs = subnets.map(({ privateCidr }) => privateCidr);
  return {
    namespace: context.namespace,
    vpcCidrs: [network.cidr],
    podCidrs,
    serviceCidr: cluster.serviceCidr,
    kubernetesServiceIp: firstAddress(cluster.serviceCidr),
    controlPlaneCidrs: podCidrs,
    databaseCidrs: subnets.map(({ databaseCidr }) => databaseCidr),
    frontDoorCidrs: frontDoor.internal ? podCidrs : subnets.map(({ publicCidr }) => publicCidr),
  };
}

/** The first usable address of a range, which Kubernetes gives to the Service of its API. */
function firstAddress(cidr: string): string {
  return cidr.replace(/\/.*$/, "").replace(/\d+$/, (last) => String(Number(last) + 1));
}
