import type { People } from "../catalog/row";
import { type CapacityPlan, type CapacitySpec, planCapacity } from "../capacity/capacity";
import type { EnvironmentContext } from "../common/context";
import type { Planned } from "../common/violation";
import { systemNodesOf, warmIpTargetOf, zonesOf } from "./site";
import type { EnvironmentSpec } from "./spec";

/** Settings by which an environment is sized. */
type SizeSettings = Pick<EnvironmentSpec, "users" | "sandbox" | "nodePools" | "network" | "cluster"> & {
  readonly builders: number;
};

/** Users where no number is given: five for each builder. Estimated. */
export function peopleOf({ builders, users = Math.max(100, 5 * builders) }: SizeSettings): People {
  return { builders, users };
}

/** Plans everything that follows from the number of builders. */
export function planSize(
  { builders, sandbox, nodePools, network, cluster }: SizeSettings,
  context: EnvironmentContext,
  release: Pick<CapacitySpec, "baseLoad" | "companions" | "connectionsPerProcess">,
): Planned<CapacityPlan> {
  const [zones, systemNodes, warmIpTarget] = [zonesOf(network), systemNodesOf(cluster), warmIpTargetOf(cluster)];
  return planCapacity({ builders, sandbox, nodePools, zones, systemNodes, warmIpTarget, ...release }, context);
}
