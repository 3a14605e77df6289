import type { People } from "../catalog/row";
import { type CapacityPlan, type CapacitySpec, planCapacity } from "../capacity/capacity";
import type { NodeOverhead } from "../capacity/packing";
import type { EnvironmentContext } from "../common/context";
import type { Planned } from "../common/violation";
import { isExisting, systemNodesOf, warmIpTargetOf, zonesOf } from "./site";
import type { EnvironmentSpec } from "./spec";

/** Settings by which an environment is sized. */
type SizeSettings = Pick<
  EnvironmentSpec,
  "users" | "sandbox" | "nodePools" | "network" | "cluster" | "observability"
> & {
  readonly builders: number;
};

/** Users where no number is given: five for each builder. Estimated. */
export function peopleOf({ builders, users = Math.max(100, 5 * builders) }: SizeSettings): People {
  return { builders, users };
}

/**
 * Requests of `cloudwatch-agent` and `fluent-bit` on every node.
 *
 * Source: https://github.com/aws-observability/helm-charts, values.yaml of amazon-cloudwatch-observability, from which the add-on is made.
 */
const CLOUDWATCH_AGENTS: NodeOverhead = { pods: 2, cpuMillicores: 300, memoryMiB: 153 };

/** Only a cluster that this package makes gets the add-on. */
function logAgentsOf({ cluster, observability }: SizeSettings): Pick<CapacitySpec, "logAgents"> {
  const isOff = observability?.logs?.kind === "off" || isExisting(cluster);
  return isOff ? {} : { logAgents: CLOUDWATCH_AGENTS };
}

/** Plans everything that follows from the number of builders. */
export function planSize(
  settings: SizeSettings,
  context: EnvironmentContext,
  release: Pick<CapacitySpec, "baseLoad" | "companions" | "connectionsPerProcess">,
): Planned<CapacityPlan> {
  const { builders, sandbox, nodePools, network, cluster } = settings;
  const agents = logAgentsOf(settings);
  const [zones, systemNodes, warmIpTarget] = [zonesOf(network), systemNodesOf(cluster), warmIpTargetOf(cluster)];
  return planCapacity(
    { builders, sandbox, nodePools, zones, systemNodes, warmIpTarget, ...agents, ...release },
    context,
  );
}
