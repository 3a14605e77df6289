import type { CapacityPlan } from "../capacity/capacity";
import type { EnvironmentPlan } from "../environment/environment";
import { logsGB } from "./log-costs";
import { CHANGED_EACH_DAY, copiedSizes } from "./storage-costs";
import { POD_LOGS_GB } from "./watching-costs";

/** What is taken for granted where no setting says it. */
export function assumptionsOf(plan: EnvironmentPlan): string[] {
  const { database, bucketGB: gb } = copiedSizes(plan);
  const use = [
    `${logsGB(plan)} GB of logs a month`,
    ...(plan.observability.logs === undefined ? [] : [`${POD_LOGS_GB} GB of those of pods`]),
    ...(gb === 0 ? [] : [`${gb} GB in the bucket`]),
    "one capacity unit of the load balancer",
  ];
  const changed = CHANGED_EACH_DAY * 100;
  return [
    retoolNodes(plan.capacity),
    `by use: ${use.join(", ")}`,
    ...(database.atRest + gb > 0 ? [`copies: databases are full, and ${changed} % of the data changes each day`] : []),
    "the first year of each KMS key; every key is rotated yearly and costs $1 more after each of the first two rotations",
  ];
}

function retoolNodes({ retoolPool, codePool }: CapacityPlan): string {
  const pools = codePool === undefined ? [retoolPool] : [retoolPool, codePool];
  const rest = pools.reduce((sum, { nodesAtRest }) => sum + nodesAtRest, 0);
  const rollout = pools.reduce((sum, { nodes }) => sum + nodes, 0);
  const more =
    rollout > rest ? `; a rollout of all containers needs up to ${rollout}, for too short a time to count` : "";
  return `Retool's own nodes: ${rest}, at rest and on working days${more}`;
}

/** What is paid by use and is not in the sum. */
export function byUseOf({ egress, network }: EnvironmentPlan): string[] {
  const level = egress.costs[egress.level].byUse;
  const nat = network.kind === "new" && network.natZones.length > 0 && egress.level !== "firewall";
  return [
    "data transfer to the internet: $0.09 a GB, between zones $0.01 a GB each way",
    ...(nat ? ["NAT gateways: $0.045 a GB"] : []),
    ...(level === "" ? [] : [`egress level ${egress.level}: ${level}`]),
  ];
}
