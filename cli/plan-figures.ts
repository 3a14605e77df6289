import { counted } from "../domain/common/counted";
import type { Recovery, RecoveryPlan } from "../domain/backup/recovery";
import { businessHoursText, type PlannedHours } from "../domain/capacity/business-hours";
import { systemCpus } from "../domain/capacity/system-cpus";
import { sandboxNodesOf } from "../domain/cost/node-costs";
import { connectionLimit } from "../domain/database/rds-capacity";
import type { EnvironmentPlan } from "../domain/environment/environment";

/** How many there are while nobody works, at the planned peak, and at most. */
interface Range {
  readonly atRest: number;
  readonly atPeak: number;
  readonly atMost: number;
}

/** What an environment will be: the figures that a person asks for first. */
export interface Figures {
  /** Who works, and when. */
  readonly people: { readonly builders: number; readonly users: number; readonly businessHours: PlannedHours };
  /** Pods in which apps are built. */
  readonly sandboxes: { readonly atPeak: number; readonly ready: number; readonly atMost: number };
  /** Pods of Retool's services that people wait for. */
  readonly replicas: { readonly api: number; readonly codeExecutor: number };
  /** Who reaches Retool and the Kubernetes API, by address range; of an existing cluster its owner decides. */
  readonly access: { readonly retool: readonly string[]; readonly kubernetesApi: readonly string[] | "existing" };
  /** Nodes, those of sandboxes among them. */
  readonly nodes: Range & { readonly sandboxes: Range & { readonly cpus: number } };
  /** CPUs that the account's EC2 quotas have to allow: L-1216C47A on demand, L-34B43A08 spot. */
  readonly quotaCpus: {
    readonly onDemand: number;
    readonly pools: number;
    readonly systemNodes: number;
    readonly spot: number;
  };
  /** Retool's database. */
  readonly database: DatabaseFigures;
  /** What may leave. */
  readonly egress: { readonly level: string; readonly mode: string };
  /** What is lost, and for how long. */
  readonly recovery: RecoveryPlan;
  /** What happens to data with a destroy, and where the state lies. */
  readonly data: { readonly protection: string; readonly state: string };
}

type DatabaseFigures =
  | { readonly kind: "existing"; readonly host: string; readonly connections: number }
  | {
      readonly kind: "new";
      readonly instanceClass: string;
      readonly zones: 1 | 2;
      readonly storageGiB: number;
      readonly connections: number;
      /** Connections that the class admits; absent where the class is not known. */
      readonly connectionLimit: number | undefined;
    };

/** Collects the figures of an environment. */
export function figuresOf(plan: EnvironmentPlan): Figures {
  const { backup, capacity, cluster, context, egress, frontDoor, people, retool, state } = plan;
  const { clientsInVpc, clientsIpv4, clientsIpv6 } = frontDoor;
  return {
    people: { builders: people.builders, users: people.users, businessHours: capacity.businessHours },
    sandboxes: { atPeak: capacity.podsAtPeak, ready: capacity.prewarmPoolSize, atMost: capacity.maxTotalJobs },
    replicas: { api: retool.api.replicas, codeExecutor: retool.codeExecutor.replicas },
    access: {
      retool: [...(clientsInVpc ? ["the VPC"] : []), ...clientsIpv4, ...clientsIpv6],
      kubernetesApi: cluster.kind === "existing" ? "existing" : cluster.publicAccessCidrs,
    },
    nodes: nodesOf(plan),
    quotaCpus: quotaOf(plan),
    database: databaseOf(plan),
    egress: { level: egress.level, mode: egress.mode },
    recovery: backup.recovery,
    data: { protection: context.dataProtection, state: state.kind === "s3" ? `s3://${state.bucket}` : state.path },
  };
}

function nodesOf({ capacity, cluster }: EnvironmentPlan): Figures["nodes"] {
  const { retoolPool, codePool, sandboxPool } = capacity;
  const { atRest, atMost } = sandboxNodesOf(capacity);
  const system = cluster.systemNodes ?? { count: 0, maximum: 0 };
  const base = codePool === undefined ? [retoolPool] : [retoolPool, codePool];
  return {
    atRest: base.reduce((sum, pool) => sum + pool.nodesAtRest, system.count + atRest),
    atPeak: base.reduce((sum, pool) => sum + pool.nodes, system.count + sandboxPool.nodes),
    atMost: base.reduce((sum, pool) => sum + pool.limits.nodes, system.maximum + atMost),
    sandboxes: { atRest, atPeak: sandboxPool.nodes, atMost, cpus: sandboxPool.shape.cpus },
  };
}

function quotaOf({ capacity: { quotaCpus }, cluster }: EnvironmentPlan): Figures["quotaCpus"] {
  const systemNodes = systemCpus(cluster.systemNodes);
  const { onDemand: pools, spot } = quotaCpus;
  return { onDemand: pools + systemNodes, pools, systemNodes, spot };
}

function databaseOf({ database }: EnvironmentPlan): DatabaseFigures {
  if (database.kind === "existing") {
    return { kind: "existing", host: database.host, connections: database.connections };
  }
  const { instanceClass, multiAz, storageGiB, connections } = database;
  const zones = multiAz ? 2 : 1;
  return {
    kind: "new",
    instanceClass,
    zones,
    storageGiB,
    connections,
    connectionLimit: connectionLimit(instanceClass),
  };
}

/** A label and a text, whose parts are separated by semicolons. */
export type Fact = readonly [string, string];

/** The figures in words. */
export function factsOf(name: string, figures: Figures): Fact[] {
  const { people, sandboxes, replicas, egress, data } = figures;
  const { businessHours } = people;
  const hours = businessHours === "none" ? "no business hours" : businessHoursText(businessHours);
  return [
    ["people", `${counted(people.builders, "builder")}, ${counted(people.users, "user")}; ${hours}`],
    [
      "sandboxes",
      `${sandboxes.atPeak} at the peak, ${sandboxes.ready} kept ready, ${sandboxes.atMost} at most; ` +
        `${replicas.api} api, ${replicas.codeExecutor} code executors`,
    ],
    ["access", accessFact(name, figures.access)],
    ["nodes", nodesFact(figures.nodes)],
    ["EC2 quota", quotaFact(figures.quotaCpus)],
    ["database", databaseFact(figures.database)],
    ["egress", `level ${egress.level}${egress.level === "open" ? "" : `, mode ${egress.mode}`}`],
    ["recovery", recoveryFact(figures.recovery)],
    ["data", `${data.protection}; state in ${data.state}`],
  ];
}

function accessFact(name: string, { retool, kubernetesApi }: Figures["access"]): string {
  const api =
    kubernetesApi === "existing"
      ? `as the existing cluster allows (npx cdktf-retool doctor ${name} says whether this machine may)`
      : `from ${kubernetesApi.join(", ") || "the VPC"}`;
  return `Retool from ${retool.join(", ")}; Kubernetes API ${api}`;
}

function nodesFact({ atRest, atPeak, atMost, sandboxes }: Figures["nodes"]): string {
  const ofSandboxes = `${sandboxes.atRest}, ${sandboxes.atPeak}, ${sandboxes.atMost} of ${sandboxes.cpus} CPUs`;
  return `${atRest} at rest, ${atPeak} at peak, ${atMost} at most (sandboxes: ${ofSandboxes})`;
}

function quotaFact({ onDemand, pools, systemNodes, spot }: Figures["quotaCpus"]): string {
  const parts = systemNodes === 0 ? "" : ` (${pools} for pools, ${systemNodes} for system nodes)`;
  const asked = `ask for ${onDemand} CPUs of L-1216C47A${parts}`;
  return spot === 0 ? asked : `${asked}, and for ${spot} of L-34B43A08 (spot)`;
}

function databaseFact(database: DatabaseFigures): string {
  if (database.kind === "existing") return `${database.host}, which exists; up to ${database.connections} connections`;
  const { instanceClass, zones, storageGiB, connections, connectionLimit: limit } = database;
  const budget = limit === undefined ? `${connections} connections` : `${connections} of ${limit} connections`;
  return `${instanceClass}, ${zones === 2 ? "two zones" : "one zone"}, ${storageGiB} GiB, up to ${budget}`;
}

function recoveryFact({ zoneLost, databaseDamaged, regionLost }: RecoveryPlan): string {
  return `zone lost: ${zoneText(zoneLost)}; database damaged: ${recoveryText(databaseDamaged)}; region lost: ${recoveryText(regionLost)}`;
}

/** The figures are the database's; no room in the other zones is kept free for pods. */
function zoneText(zoneLost: Recovery): string {
  const { lossMinutes, backAfterMinutes } = zoneLost;
  if (backAfterMinutes === undefined) return recoveryText(zoneLost);
  const lost = lossMinutes === 0 ? "" : `${duration(lossMinutes ?? 0)} of work, `;
  return `${lost}database back in ${duration(backAfterMinutes)}, pods may wait longer`;
}

function recoveryText({ from, lossMinutes, backAfterMinutes }: Recovery): string {
  if (backAfterMinutes === undefined) return from.startsWith("nothing") ? "all data (set backup.copyTo)" : from;
  return `${duration(lossMinutes ?? 0)} of work, back in ${duration(backAfterMinutes)}`;
}

function duration(minutes: number): string {
  return minutes >= 120 ? `${Math.round(minutes / 60)} h` : `${minutes} min`;
}
