import type { CapacityPlan } from "../../domain/capacity/capacity";

/** What a session started on. */
export type StartKind = "reused" | "prewarmed" | "warm-node" | "new-node";

/** One look at the pool. */
export interface Sample {
  /** When, in seconds of the day. */
  readonly at: number;
  /** Sandboxes, those that wait idle among them. */
  readonly sandboxes: number;
  /** Sandboxes that the nodes have room for. */
  readonly room: number;
}

/** What a simulated day came to. */
export interface Meter {
  /** Sessions by what they started on. */
  readonly starts: Readonly<Record<StartKind, number>>;
  /** Seconds that half of the new sessions waited at most. */
  readonly medianWait: number;
  /** Seconds that 95 in 100 of the new sessions waited at most. */
  readonly p95Wait: number;
  /** Seconds that the longest wait took. */
  readonly longestWait: number;
  /** Threads that took over an idle session of the same builder. */
  readonly reclaimed: number;
  /** Threads that were refused because all of the builder's sessions were at work. */
  readonly refusedByUserLimit: number;
  /** Threads that were refused because the deployment had as many sandboxes as it may. */
  readonly refusedByCap: number;
  /** Most sandboxes at one time. */
  readonly peakSandboxes: number;
  /** Most nodes at one time. */
  readonly peakNodes: number;
  /** CPU that sandboxes asked for at the busiest moment, in thousandths of the nodes' allocatable CPU. */
  readonly peakUse: number;
  /** The same, over the whole day. */
  readonly meanUse: number;
  /** Cost of the nodes and their disks for an hour of a builder, in millionths of a dollar. */
  readonly costPerBuilderHour: number;
  /** The day, one look every five minutes. */
  readonly samples: readonly Sample[];
}

/** Prices in millionths of a dollar an hour, on demand in us-east-1: general purpose instances, and gp3 disks. */
const PRICES = { cpu: 50_400, diskGiB: 110, furtherIops: 20_550, furtherThroughput: 6850 } as const;

const HOUR = 3600;
const SERIES_SECONDS = 300;

/** Adds up what happens in a simulated day. */
export class SimulationMeter {
  private readonly starts: Record<StartKind, number> = { reused: 0, prewarmed: 0, "warm-node": 0, "new-node": 0 };
  private readonly waits: number[] = [];
  private readonly refused = { user: 0, cap: 0 };
  private readonly samples: Sample[] = [];
  private reclaimed = 0;
  private isOn = false;
  private peak = { sandboxes: 0, nodes: 0, use: 0 };
  private sums = { sandboxes: 0, nodes: 0, looks: 0 };

  public constructor(
    private readonly plan: CapacityPlan,
    private readonly builderSeconds: number,
  ) {}

  /** Measures from now on; before, everything is ignored. */
  public switchOn(): void {
    this.isOn = true;
  }

  /** Counts a session that started. */
  public started(kind: StartKind, waited: number): void {
    if (!this.isOn) return;
    this.starts[kind]++;
    if (kind !== "reused") this.waits.push(waited);
  }

  /** Counts a thread that took over an idle session. */
  public tookOver(): void {
    if (this.isOn) this.reclaimed++;
  }

  /** Counts a thread that did not start. */
  public refuse(by: "user" | "cap"): void {
    if (this.isOn) this.refused[by]++;
  }

  /** Looks at the pool. */
  public sample(at: number, nodes: number, sandboxes: number): void {
    if (!this.isOn) return;
    const use = this.use(sandboxes, nodes);
    if (sandboxes > this.peak.sandboxes) this.peak = { ...this.peak, sandboxes, use };
    this.peak.nodes = Math.max(this.peak.nodes, nodes);
    this.sums = {
      sandboxes: this.sums.sandboxes + sandboxes,
      nodes: this.sums.nodes + nodes,
      looks: this.sums.looks + 1,
    };
    if (at % SERIES_SECONDS === 0) this.samples.push({ at, sandboxes, room: nodes * this.plan.maxDevices });
  }

  /** Sums the day up. */
  public result(): Meter {
    const waits = [...this.waits].sort((one, other) => one - other);
    const quantile = (percent: number): number => waits[Math.ceil((waits.length * percent) / 100) - 1] ?? 0;
    return {
      starts: this.starts,
      medianWait: quantile(50),
      p95Wait: quantile(95),
      longestWait: quantile(100),
      reclaimed: this.reclaimed,
      refusedByUserLimit: this.refused.user,
      refusedByCap: this.refused.cap,
      peakSandboxes: this.peak.sandboxes,
      peakNodes: this.peak.nodes,
      peakUse: this.peak.use,
      meanUse: this.use(this.sums.sandboxes, this.sums.nodes),
      costPerBuilderHour: this.cost(),
      samples: this.samples,
    };
  }

  private use(sandboxes: number, nodes: number): number {
    const { sandbox, sandboxPool } = this.plan;
    const allocatable = nodes * sandboxPool.shape.allocatableCpuMillicores;
    return allocatable === 0 ? 0 : Math.round((sandboxes * sandbox.cpuMillicores * 1000) / allocatable);
  }

  private cost(): number {
    const { sandboxPool } = this.plan;
    const node =
      sandboxPool.shape.cpus * PRICES.cpu +
      sandboxPool.rootDiskGiB * PRICES.diskGiB +
      PRICES.furtherIops +
      PRICES.furtherThroughput;
    const day = Math.round((this.sums.nodes * 24 * node) / Math.max(1, this.sums.looks));
    return Math.round((day * HOUR) / Math.max(1, this.builderSeconds));
  }
}
