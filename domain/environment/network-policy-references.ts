import type { EnvironmentPlan } from "./environment";
import type { NetworkPolicyReferences } from "../network-policies/peers";

/** Address ranges that the network policies of an environment speak of. */
export function networkPolicyReferences({
  context,
  network,
  cluster,
  frontDoor,
}: EnvironmentPlan): NetworkPolicyReferences {
  return {
    namespace: context.namespace,
    vpcCidrs: network.vpcCidrs,
    podCidrs: network.podCidrs,
    serviceCidr: cluster.serviceCidr,
    kubernetesServiceIp: firstAddress(cluster.serviceCidr),
    controlPlaneCidrs: network.privateCidrs,
    databaseCidrs: network.databaseCidrs,
    frontDoorCidrs: frontDoor.internal ? network.privateCidrs : network.publicCidrs,
  };
}

/** The first usable address of a range, which Kubernetes gives to the Service of its API. */
function firstAddress(cidr: string): string {
  return cidr.replace(/\/.*$/, "").replace(/\d+$/, (last) => String(Number(last) + 1));
}
