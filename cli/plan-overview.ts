import { businessHoursText } from "../domain/capacity/business-hours";
import type { CostPlan } from "../domain/cost/cost";
import { sandboxNodesOf } from "../domain/cost/node-costs";
import { sumOf } from "../domain/cost/cost";
import { connectionLimit } from "../domain/database/rds-capacity";
import { alertBanner } from "../domain/egress/notes";
import { systemCpus } from "../domain/capacity/system-cpus";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { environmentNotes } from "../domain/environment/notes";
import type { Recovery } from "../domain/backup/recovery";
import { waysIn } from "../domain/environment/ways-in";
import { sumTable } from "./columns";
import { amounts } from "./money";
import { listCost } from "./list-cost";
import { colors, commandLines, numbered, section, width, wrap } from "./text";

/** An environment on one screen. */
export interface Overview {
  /** Name, account, region, address and version. */
  readonly environment: Readonly<Record<string, string>>;
  /** What weakens the environment or needs attention. */
  readonly warnings: readonly string[];
  /** What follows from the configuration, as label and text. */
  readonly facts: readonly (readonly [string, string])[];
  /** What it costs a month, USD. */
  readonly cost: CostPlan;
  /** What only people can do after the deployment, in order. */
  readonly steps: readonly string[];
  /** How people get to a Kubernetes API without a public address: commands, in order. */
  readonly waysIn: readonly string[];
}

/** Collects what stands on the screen. */
export function overviewOf(name: string, plan: EnvironmentPlan, today: string): Overview {
  const { context, hostnames, retoolVersion } = plan;
  const { warnings, steps } = environmentNotes(plan, today);
  const { account, region } = context;
  const banner = alertBanner(plan.egress);
  return {
    environment: { name, account, region, url: `https://${hostnames.appHost}`, retoolVersion },
    warnings: [...(banner === undefined ? [] : [banner]), ...warnings],
    facts: [
      ["people", peopleFact(plan)],
      ["access", accessFact(plan)],
      ["nodes", nodesFact(plan)],
      ["hours", `business hours ${businessHoursText(plan.capacity.businessHours)}`],
      ["EC2 quota", quotaFact(plan)],
      ["database", databaseFact(plan)],
      ["egress", `level ${plan.egress.level}, mode ${plan.egress.mode}`],
      ["recovery", recoveryFact(plan)],
      ["data", `${context.dataProtection}; state in ${stateFact(plan)}`],
    ],
    cost: listCost(plan),
    steps,
    waysIn: waysIn(plan),
  };
}

function peopleFact({ people, retool, capacity }: EnvironmentPlan): string {
  const { podsAtPeak, prewarmPoolSize, maxTotalJobs } = capacity;
  const sandboxes = `${podsAtPeak} sandboxes at the peak, ${prewarmPoolSize} kept ready, ${maxTotalJobs} at most`;
  return `${people.builders} builders, ${people.users} users: ${sandboxes}; ${retool.api.replicas} api, ${retool.codeExecutor.replicas} code executors`;
}

function accessFact({ frontDoor, cluster, context }: EnvironmentPlan): string {
  const { clientsInVpc, clientsIpv4, clientsIpv6 } = frontDoor;
  const clients = [...(clientsInVpc ? ["the VPC"] : []), ...clientsIpv4, ...clientsIpv6].join(", ");
  const api =
    cluster.kind === "existing"
      ? `as the existing cluster allows (npx cdktf-retool doctor ${context.name} says whether this machine may)`
      : `from ${cluster.publicAccessCidrs.join(", ") || "the VPC"}`;
  return `Retool from ${clients}; Kubernetes API ${api}`;
}

function nodesFact({ capacity, cluster }: EnvironmentPlan): string {
  const { retoolPool, codePool, sandboxPool } = capacity;
  const sandboxes = sandboxNodesOf(capacity);
  const system = cluster.systemNodes ?? { count: 0, maximum: 0 };
  const base = codePool === undefined ? [retoolPool] : [retoolPool, codePool];
  const rest = base.reduce((sum, { nodesAtRest }) => sum + nodesAtRest, system.count);
  const peak = base.reduce((sum, { nodes }) => sum + nodes, system.count);
  const limits = base.reduce((sum, pool) => sum + pool.limits.nodes, system.maximum);
  return (
    `${rest + sandboxes.atRest} at rest, ${peak + sandboxPool.nodes} at peak, ${limits + sandboxes.atMost} at most ` +
    `(sandboxes: ${sandboxes.atRest}, ${sandboxPool.nodes}, ${sandboxes.atMost} of ${sandboxPool.shape.cpus} CPUs)`
  );
}

function quotaFact({ capacity: { quotaCpus }, cluster }: EnvironmentPlan): string {
  const system = systemCpus(cluster.systemNodes);
  const spot = quotaCpus.spot === 0 ? "" : `, and for ${quotaCpus.spot} of L-34B43A08 (spot)`;
  const parts = `${quotaCpus.onDemand} for pools, ${system} for system nodes`;
  return `ask for ${quotaCpus.onDemand + system} CPUs of L-1216C47A (${parts})${spot}`;
}

function databaseFact({ database }: EnvironmentPlan): string {
  if (database.kind === "existing") return `${database.host}, which exists; up to ${database.connections} connections`;
  const { instanceClass, multiAz, storageGiB, connections } = database;
  const limit = connectionLimit(instanceClass);
  const budget = limit === undefined ? `${connections} connections` : `${connections} of ${limit} connections`;
  return `${instanceClass}, ${multiAz ? "two zones" : "one zone"}, ${storageGiB} GiB, up to ${budget}`;
}

function recoveryFact({ backup: { recovery } }: EnvironmentPlan): string {
  const { zoneLost, databaseDamaged, regionLost } = recovery;
  return `zone lost: ${zoneText(zoneLost)}; database damaged: ${recoveryText(databaseDamaged)}; region lost: ${recoveryText(regionLost)}`;
}

/** The figures are the database's; no room in the other zones is kept free for pods. */
function zoneText(zoneLost: Recovery): string {
  const { lossMinutes, backAfterMinutes } = zoneLost;
  if (backAfterMinutes === undefined) return recoveryText(zoneLost);
  const lost = lossMinutes === 0 ? "nothing lost" : `${duration(lossMinutes ?? 0)} of work lost`;
  return `database back in ${duration(backAfterMinutes)}, ${lost}; pods that need a new node may wait for you (docs/guides/restore.md#while-a-zone-is-lost)`;
}

function recoveryText({ from, lossMinutes, backAfterMinutes }: Recovery): string {
  if (backAfterMinutes === undefined) return from.startsWith("nothing") ? "everything" : from;
  return `${duration(lossMinutes ?? 0)} of work, back in ${duration(backAfterMinutes)}`;
}

function duration(minutes: number): string {
  return minutes >= 120 ? `${Math.round(minutes / 60)} h` : `${minutes} min`;
}

function stateFact({ state }: EnvironmentPlan): string {
  return state.kind === "s3" ? `s3://${state.bucket}` : state.path;
}

/** The screen as text. */
export function overviewText({ environment, warnings, facts, cost, steps, waysIn: ways }: Overview): string {
  const { name = "", account, region, url, retoolVersion } = environment;
  const head = `${colors().bold(name)}: Retool ${String(retoolVersion)} at ${String(url)}, ${String(account)}, ${String(region)}`;
  return [
    `${wrap(head)}\n`,
    section(
      "Attention",
      warnings.map((warning) => colors().yellow(wrap(warning, "  ! "))),
    ),
    section(
      "What follows",
      facts.map(([label, text]) => wrap(text, `  ${label.padEnd(10)} `)),
    ),
    section(costTitle(cost), costByPart(cost)),
    section("The way in, since the Kubernetes API has no public address", ways.map(commandLines)),
    section("After the deployment, by a person", numbered(steps).map(firstLine)),
    section("More", moreLines(name)),
  ].join("");
}

/** A step in one line; the whole of it stands in the view of all settings and in Terraform's outputs. */
function firstLine(step: string): string {
  const [line = "", more] = step.split("\n");
  return more === undefined ? line : `${line.slice(0, width() - 1)}…`;
}

function costTitle({ region, estimated }: CostPlan): string {
  return `USD a month at list prices of ${estimated && region !== "us-east-1" ? `us-east-1, an estimate for ${region}` : "us-east-1"}`;
}

/** One line a group of parts, the dearest first. */
export function costByPart({ lines, total }: CostPlan): string[] {
  const parts = [...new Set(lines.map(({ part }) => part))].map((part) => ({
    part,
    ...sumOf(lines.filter((line) => line.part === part)),
  }));
  parts.sort((one, other) => other.atRest - one.atRest);
  return sumTable([
    ["", "at rest", "working days", "at most"],
    ...parts.map(({ part, ...cost }) => [part, ...amounts(cost)]),
    ["total", ...amounts(total)],
  ]);
}

function moreLines(name: string): string[] {
  return [
    `  npx cdktf-retool plan ${name} --all        every setting, and the steps in full`,
    `  npx cdktf-retool plan ${name} --changed    what differs from the defaults`,
    `  npx cdktf-retool plan ${name} --diff HEAD  what changed since that commit`,
    `  npx cdktf-retool cost ${name}              each part, and what would change it`,
  ];
}
