import type { CapacityPlan } from "../../domain/capacity/capacity";
import { EventQueue } from "./event-queue";
import { type Meter, SimulationMeter } from "./meter";
import { type SimulatedNode, SimulatedPool } from "./nodes";
import type { Trace, Work } from "./trace";

/** A sandbox of the simulation. */
interface Sandbox {
  readonly requestedAt: number;
  builder: number | undefined;
  isFirst: boolean;
  busyUntil: number;
  node: SimulatedNode | undefined;
  answersAt: number;
}

type Event =
  | { readonly at: number; readonly kind: "work"; readonly work: Work }
  | { readonly at: number; readonly kind: "create" | "check"; readonly sandbox: Sandbox }
  | { readonly at: number; readonly kind: "sweep" };

/** Seconds between two looks at the pool. */
const SWEEP_SECONDS = 60;

/** Seconds between two rounds of the sandboxes' controller. Chart key: `reconcileIntervalMs`. */
const ROUND_SECONDS = 5;

/** Seconds after which a pod that found no room is tried again. */
const RETRY_SECONDS = 30;

/** Seconds of a day. */
const DAY = 24 * 60 * 60;

/** Seconds after which Karpenter removes an empty node. */
const EMPTY_SECONDS = 600;

/**
 * Runs two equal days of builders on the pool of a plan, and measures the second: it begins with what the first one left.
 *
 * Every number comes from the plan, the trace and {@link LATENCIES}; the same input gives the same result.
 */
export function simulate(plan: CapacityPlan, trace: Trace): Meter {
  return new Simulation(plan, trace).run();
}

class Simulation {
  private readonly events = new EventQueue<Event>();
  private readonly pool: SimulatedPool;
  private readonly meter: SimulationMeter;
  private readonly held = new Map<number, Sandbox[]>();
  private readonly ready: Sandbox[] = [];
  private total = 0;
  private round = { number: 0, created: 0 };

  public constructor(
    private readonly plan: CapacityPlan,
    trace: Trace,
  ) {
    const { maxDevices: roomPerNode, sandboxPool, headroom } = plan;
    const limits = {
      mostNodes: sandboxPool.limits.nodes,
      roomPerNode,
      headroom: headroom.sandboxes,
      headroomPerPod: headroom.sandboxesPerPod,
    };
    const expirySeconds = plan.sandbox.nodeMaxAgeHours * 3600;
    this.pool = new SimulatedPool({ ...limits, emptySeconds: EMPTY_SECONDS, expirySeconds });
    this.meter = new SimulationMeter(plan, trace.builderSeconds);
    for (const start of [0, DAY]) this.schedule(trace, start);
    this.refill(0);
  }

  public run(): Meter {
    for (let event = this.events.pop(); event !== undefined && event.at < 2 * DAY; event = this.events.pop()) {
      if (event.at >= DAY) this.meter.switchOn();
      this.handle(event);
    }
    return this.meter.result();
  }

  private schedule({ work }: Trace, start: number): void {
    for (const { from, until, ...rest } of work) {
      const shifted = { ...rest, from: from + start, until: until + start };
      this.events.push({ at: shifted.from, kind: "work", work: shifted });
    }
    for (let at = start; at < start + DAY; at += SWEEP_SECONDS) this.events.push({ at, kind: "sweep" });
  }

  private handle(event: Event): void {
    switch (event.kind) {
      case "work":
        this.begin(event.at, event.work);
        break;
      case "create":
        this.create(event.at, event.sandbox);
        break;
      case "check":
        this.check(event.at, event.sandbox);
        break;
      case "sweep":
        this.pool.sweep(event.at);
        this.meter.sample(event.at % DAY, this.pool.nodes.length, this.total);
    }
  }

  /** A builder opens a session, or goes on in the first one. */
  private begin(now: number, work: Work): void {
    const own = this.held.get(work.builder) ?? [];
    const first = work.session === "first" ? own.find(({ isFirst }) => isFirst) : undefined;
    if (first !== undefined) {
      first.busyUntil = work.until;
      this.meter.started("reused", 0);
    } else if (own.length >= this.plan.sandbox.perUserSandboxLimit) this.takeOver(now, work, own, "user");
    else this.open(now, work, own);
  }

  /** A new session gets a sandbox that waits, or one that is made for it. */
  private open(now: number, work: Work, own: Sandbox[]): void {
    const index = this.ready.findIndex(({ answersAt }) => answersAt <= now);
    const [waiting] = index === -1 ? [] : this.ready.splice(index, 1);
    if (waiting !== undefined) {
      this.assign(waiting, work);
      this.meter.started("prewarmed", 0);
      this.refill(now);
    } else if (this.total < this.plan.maxTotalJobs) this.assign(this.request(now), work);
    else this.takeOver(now, work, own, "cap");
  }

  /** The oldest idle session of the builder serves the new thread; without one the thread is refused. */
  private takeOver(now: number, work: Work, own: readonly Sandbox[], limit: "user" | "cap"): void {
    const idle = own.find(({ busyUntil }) => busyUntil <= now);
    if (idle === undefined) {
      this.meter.refuse(limit);
      return;
    }
    idle.busyUntil = work.until;
    this.meter.tookOver();
  }

  private assign(sandbox: Sandbox, { builder, session, until }: Work): void {
    sandbox.builder = builder;
    sandbox.isFirst = session === "first";
    sandbox.busyUntil = until;
    this.held.set(builder, [...(this.held.get(builder) ?? []), sandbox]);
  }

  /** Makes the sandboxes that wait as many as they should be. */
  private refill(now: number): void {
    while (this.ready.length < this.plan.prewarmPoolSize && this.total < this.plan.maxTotalJobs) {
      this.ready.push(this.request(now));
    }
  }

  /** The controller creates so many sandboxes a round and no more. */
  private request(now: number): Sandbox {
    const number = Math.max(this.round.number, Math.ceil(now / ROUND_SECONDS));
    const created = number > this.round.number ? 0 : this.round.created;
    const isFull = created >= this.plan.maxConcurrentCreates;
    this.round = isFull ? { number: number + 1, created: 1 } : { number, created: created + 1 };
    const sandbox: Sandbox = {
      requestedAt: now,
      builder: undefined,
      isFirst: false,
      busyUntil: now,
      node: undefined,
      answersAt: Infinity,
    };
    this.total++;
    this.events.push({ at: this.round.number * ROUND_SECONDS, kind: "create", sandbox });
    return sandbox;
  }

  private create(now: number, sandbox: Sandbox): void {
    const placement = this.pool.place(now);
    if (placement === undefined) {
      this.events.push({ at: now + RETRY_SECONDS, kind: "create", sandbox });
      return;
    }
    sandbox.node = placement.node;
    sandbox.answersAt = placement.answersAt;
    const isFor = sandbox.builder !== undefined;
    if (isFor)
      this.meter.started(placement.isNew ? "new-node" : "warm-node", placement.answersAt - sandbox.requestedAt);
    this.events.push({ at: placement.answersAt, kind: "check", sandbox });
  }

  /** Ends a sandbox whose time is over, else looks again when it will be. */
  private check(now: number, sandbox: Sandbox): void {
    const endsAt = this.endOf(sandbox);
    if (endsAt > now) this.events.push({ at: endsAt, kind: "check", sandbox });
    else this.end(now, sandbox);
  }

  private endOf({ builder, isFirst, busyUntil, answersAt }: Sandbox): number {
    if (builder === undefined) return answersAt + this.plan.idleTimeoutMs / 1000;
    const life = answersAt + this.plan.lifetimeMs / 1000;
    // A thread's agent may finish its step; a person's first session is ended and opened again.
    return Math.min(
      isFirst ? life : Math.max(life, busyUntil),
      Math.max(busyUntil, answersAt) + this.plan.assignedTtlSeconds,
    );
  }

  private end(now: number, sandbox: Sandbox): void {
    this.total--;
    if (sandbox.node !== undefined) this.pool.release(sandbox.node, now);
    const { builder, isFirst, busyUntil } = sandbox;
    if (builder === undefined) this.ready.splice(this.ready.indexOf(sandbox), 1);
    else
      this.held.set(
        builder,
        (this.held.get(builder) ?? []).filter((one) => one !== sandbox),
      );
    if (builder !== undefined && isFirst && busyUntil > now) {
      this.begin(now, { builder, session: "first", from: now, until: busyUntil });
    }
    this.refill(now);
  }
}
