import type { CapacityPlan } from "../capacity/capacity";
import { madeInstances } from "../environment/databases";
import type { EnvironmentPlan } from "../environment/environment";
import { versions } from "../versions/pins";
import { MONTH_HOURS } from "./line";
import { logsGB } from "./log-costs";
import { EXTENDED_SUPPORT_USD } from "./prices";
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
    "KMS keys: their first year; each is rotated yearly and costs $1 more after each of its first two rotations",
    ...controlPlane(plan),
    ...existingParts(plan),
    "only AWS's bill: Retool's license, and Temporal Cloud where it is used, are paid elsewhere",
  ];
}

function controlPlane({ cluster }: EnvironmentPlan): string[] {
  const known = versions.kubernetes.supported.find(({ version }) => version === cluster.kubernetesVersion);
  if (cluster.kind === "existing" || cluster.supportType === "STANDARD" || known === undefined) return [];
  const more = EXTENDED_SUPPORT_USD * MONTH_HOURS;
  return [
    `control plane: standard support, which Kubernetes ${known.version} has until ${known.standardSupportUntil}; after that day $${more} more`,
  ];
}

function existingParts({ cluster, network, database, blobStorage }: EnvironmentPlan): string[] {
  const parts = { cluster: cluster.kind, network: network.kind, database: database.kind, storage: blobStorage.kind };
  const existing = Object.entries(parts).flatMap(([part, kind]) => (kind === "new" || kind === "s3" ? [] : [part]));
  return existing.length === 0 ? [] : [`what exists already is not counted: ${existing.join(", ")}`];
}

function retoolNodes({ retoolPool, codePool }: CapacityPlan): string {
  const pools = codePool === undefined ? [retoolPool] : [retoolPool, codePool];
  const rest = pools.reduce((sum, { nodesAtRest }) => sum + nodesAtRest, 0);
  const rollout = pools.reduce((sum, { nodes }) => sum + nodes, 0);
  const more =
    rollout > rest ? `; a rollout of all containers needs up to ${rollout}, for too short a time to count` : "";
  return `Retool's own nodes: ${rest}, at rest and on working days${more}`;
}

/** Days of Performance Insights that cost nothing. Source: https://aws.amazon.com/rds/performance-insights/pricing/ */
const FREE_INSIGHTS = 7;

/** What is paid by use and is not in the sum. */
export function byUseOf(plan: EnvironmentPlan): string[] {
  const { egress, network, frontDoor } = plan;
  const level = egress.costs[egress.level].byUse;
  const made = network.kind === "new" ? network : { natZones: [], interfaceEndpoints: [] };
  const insights = Object.values(madeInstances(plan)).some(
    ({ performanceInsightsDays }) => performanceInsightsDays > FREE_INSIGHTS,
  );
  return [
    "data transfer to the internet: $0.09 a GB, between zones $0.01 a GB each way",
    ...(made.natZones.length > 0 && egress.level !== "firewall" ? ["NAT gateways: $0.045 a GB"] : []),
    ...(made.interfaceEndpoints.length > 0 ? ["interface endpoints: $0.01 a GB"] : []),
    ...(level === "" ? [] : [`egress level ${egress.level}: ${level}`]),
    ...(frontDoor.waf === undefined ? [] : ["WAF: $0.60 a million requests"]),
    ...(insights ? [`Performance Insights beyond ${FREE_INSIGHTS} days: by virtual CPU and month`] : []),
    "requests to S3, KMS, Secrets Manager, SQS and SNS, and restores of copies",
  ];
}
