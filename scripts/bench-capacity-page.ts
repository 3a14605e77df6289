import type { CapacityPlan } from "../domain/capacity/capacity";
import { LATENCIES } from "./capacity-bench/nodes";
import type { Meter } from "./capacity-bench/meter";

/** One simulated day. */
export interface Run {
  readonly plan: CapacityPlan;
  readonly result: Meter;
}

/** Everything that the page shows. */
export interface Runs {
  readonly seed: number;
  readonly pools: readonly Run[];
  readonly threads: readonly Run[];
  readonly kept: readonly Run[];
  readonly ages: readonly Run[];
}

/** Writes the page of the benchmark. */
export function describeRuns({ seed, pools, threads, kept, ages }: Runs): string {
  return `# What the pools do on a working day

Made by \`npm run bench:capacity\`; the same seed (${seed}) gives the same page. [The day as a plot](day.svg).

## The pools at four sizes

Every row is one simulated day on the pools that this package computes for so many builders, three sandboxes each at most.
"Kept free" is the room that pause pods hold for the next sessions.

${table(POOL_COLUMNS, pools)}

## What "one sandbox a builder" costs

200 builders who open threads, on pools planned for one to five sandboxes a builder. A thread is refused when the deployment
has as many sandboxes as it may and the builder has no idle one to give up.

${table(THREAD_COLUMNS, threads)}

## How long an idle session is kept

200 builders, three sandboxes each; \`sandbox.assignedTtlMinutes\` is the time for which a sandbox waits for its user.

${table(KEPT_COLUMNS, kept)}

## How old a node may be

\`sandbox.nodeMaxAgeHours\`: after so many hours a node takes no further sandbox and goes when its last one has ended. Without it
the sandboxes that wait idle keep the nodes of the day through the night, since each of them is put on the emptiest node.

${table(AGE_COLUMNS, ages)}

## The model, and what it leaves out

- **The day** is run twice, and the second one is measured. Builders come between 8:00 and 10:30, eat for 30 to 60 minutes about noon, leave between 16:30 and 19:30; one in
  twelve is back for an hour or two after 20:00. Besides the first session, nine in ten open a thread every 30 to 90 minutes, the
  tenth every 5 to 20; a thread's agent works for 3 to 20 minutes. These figures are made up; yours will differ.
- **Sandboxes**: an idle one is kept for its user as long as the assigned time says; every one ends after its lifetime, a
  first session at once (and is opened again), a thread when its agent has finished. Idle ones that nobody was given end after
  ten minutes and are replaced. At the limit of a user or of the deployment the user's oldest idle session serves the new
  thread; without one the thread is refused.
- **Starts**: a sandbox that waits ready: at once. A node with room: ${LATENCIES.boot} s. A new node: ${LATENCIES.nodeReady} s
  until it is ready, ${LATENCIES.images} s for the images, then ${LATENCIES.boot} s. The figures are from public measurements of
  Karpenter on EKS and from the comments of Retool's chart; every start takes the same time here.
- **The controller** creates \`maxConcurrentCreates\` sandboxes every five seconds; the plan raises that number with the
  builders. What exactly the number bounds is not documented.
- **The scheduler** puts each pod on the emptiest node, as Kubernetes does by default. That spreads sandboxes, so nodes become
  empty late in the day: it is the main reason for the mean use below the peak.
- **Karpenter** removes a node that has been empty for ten minutes, and lets one of the planned age take no further pod. The
  sandboxes' controller and proxies then move to another. Nothing else is simulated: no drift, no spot, no failure, no shortage
  of instances, no second image.
- **Cost**: on-demand prices in us-east-1 (0.0504 dollars a CPU and hour, gp3 disks), only the sandboxes' nodes, divided by the
  hours in which builders are at work.
`;
}

interface Column {
  readonly title: string;
  readonly cell: (run: Run) => string;
}

const BUILDERS: Column = { title: "builders", cell: ({ plan }) => count(plan.builders) };
const NODES: Column = {
  title: "nodes at most",
  cell: ({ plan, result }) => `${count(result.peakNodes)} of ${plan.sandboxPool.shape.cpus} CPUs`,
};
const PEAK: Column = { title: "sandboxes at most", cell: ({ result }) => count(result.peakSandboxes) };
const COST: Column = { title: "dollars a builder-hour", cell: ({ result }) => dollars(result.costPerBuilderHour) };
const REFUSED: Column = {
  title: "refused",
  cell: ({ result }) => count(result.refusedByCap + result.refusedByUserLimit),
};
const MEAN_USE: Column = { title: "mean use", cell: ({ result }) => percent(result.meanUse) };

const POOL_COLUMNS: readonly Column[] = [
  BUILDERS,
  { title: "kept ready", cell: ({ plan }) => count(plan.prewarmPoolSize) },
  { title: "kept free", cell: ({ plan }) => count(plan.headroom.sandboxes) },
  PEAK,
  NODES,
  { title: "use at the peak", cell: ({ result }) => percent(result.peakUse) },
  MEAN_USE,
  { title: "unused", cell: ({ result }) => percent(1000 - result.meanUse) },
  { title: "at once", cell: (run) => share(run, "prewarmed") },
  { title: "on a warm node", cell: (run) => share(run, "warm-node") },
  { title: "on a new node", cell: (run) => share(run, "new-node") },
  { title: "wait, median / 95 % / longest (s)", cell: ({ result }) => waits(result) },
  REFUSED,
  COST,
];

const THREAD_COLUMNS: readonly Column[] = [
  { title: "planned sandboxes a builder", cell: ({ plan }) => count(plan.sandbox.threadsPerBuilder) },
  { title: "`maxTotalJobs`", cell: ({ plan }) => count(plan.maxTotalJobs) },
  PEAK,
  NODES,
  { title: "threads on a reclaimed session", cell: ({ result }) => count(result.reclaimed) },
  REFUSED,
  COST,
];

const KEPT_COLUMNS: readonly Column[] = [
  { title: "kept for its user (minutes)", cell: ({ plan }) => count(plan.sandbox.assignedTtlMinutes) },
  PEAK,
  NODES,
  MEAN_USE,
  { title: "wait, median / 95 % / longest (s)", cell: ({ result }) => waits(result) },
  COST,
];

const AGE_COLUMNS: readonly Column[] = [
  BUILDERS,
  { title: "greatest age (hours)", cell: ({ plan }) => count(plan.sandbox.nodeMaxAgeHours) },
  NODES,
  { title: "nodes at 6:00", cell: (run) => count(nodesAt(run, 6)) },
  MEAN_USE,
  { title: "wait, median / 95 % / longest (s)", cell: ({ result }) => waits(result) },
  COST,
];

function nodesAt({ plan, result }: Run, hour: number): number {
  return (result.samples.find(({ at }) => at === hour * 3600)?.room ?? 0) / plan.maxDevices;
}

function table(columns: readonly Column[], runs: readonly Run[]): string {
  const rows = [
    columns.map(({ title }) => title),
    columns.map(() => "---:"),
    ...runs.map((run) => columns.map(({ cell }) => cell(run))),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function share({ result: { starts } }: Run, kind: "prewarmed" | "warm-node" | "new-node"): string {
  const all = starts.prewarmed + starts["warm-node"] + starts["new-node"];
  return percent(all === 0 ? 0 : Math.round((starts[kind] * 1000) / all));
}

function waits({ medianWait, p95Wait, longestWait }: Meter): string {
  return `${medianWait} / ${p95Wait} / ${longestWait}`;
}

function percent(thousandths: number): string {
  return `${(thousandths / 10).toFixed(1)} %`;
}

function dollars(millionths: number): string {
  return (millionths / 1_000_000).toFixed(3);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
