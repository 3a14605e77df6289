import type { EnvironmentContext } from "../common/context";
import type { FrontDoorPlan } from "../front-door/front-door";
import type { SiteClusterPlan, SiteNetworkPlan } from "./site";
import { CONTROL_PLANE_ZONES } from "../network/spec";
import type { NetworkPolicyReferences } from "../network-policies/peers";

/** The parts of an environment that have addresses. */
export interface Addressed {
  /** Its namespace. */
  readonly context: Pick<EnvironmentContext, "namespace">;
  /** Its network. */
  readonly network: SiteNetworkPlan;
  /** Its cluster. */
  readonly cluster: SiteClusterPlan;
  /** Its load balancer. */
  readonly frontDoor: FrontDoorPlan;
}

/** Address ranges that the network policies of an environment speak of. */
export function networkPolicyReferences({ context, network, cluster, frontDoor }: Addressed): NetworkPolicyReferences {
  return {
    namespace: context.namespace,
    vpcCidrs: network.vpcCidrs,
    podCidrs: network.podCidrs,
    serviceCidr: cluster.serviceCidr,
    kubernetesServiceIp: firstAddress(cluster.serviceCidr),
    controlPlaneCidrs: controlPlaneCidrs(network.privateCidrs, cluster),
    endpointCidrs: network.privateCidrs,
    databaseCidrs: network.databaseCidrs,
    frontDoorCidrs: frontDoor.internal ? network.privateCidrs : network.publicCidrs,
  };
}

/** Where the API server has its interfaces. */
function controlPlaneCidrs(privateCidrs: readonly string[], cluster: SiteClusterPlan): readonly string[] {
  return cluster.kind === "new" ? privateCidrs.slice(0, CONTROL_PLANE_ZONES) : cluster.controlPlaneCidrs;
}

/** The first usable address of a range, which Kubernetes gives to the Service of its API. */
function firstAddress(cidr: string): string {
  return cidr.replace(/\/.*$/, "").replace(/\d+$/, (last) => String(Number(last) + 1));
}
