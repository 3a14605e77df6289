import fc from "fast-check";

import { planCapacity } from "../../../domain/capacity/capacity";
import type { SandboxSpec } from "../../../domain/capacity/sandbox";
import { simulate } from "../../../scripts/capacity-bench/simulation";
import { LATENCIES, type PoolSize, SimulatedPool } from "../../../scripts/capacity-bench/nodes";
import { type Trace, type Work, dayOf } from "../../../scripts/capacity-bench/trace";
import { context } from "../../support/fakes";

const HOUR = 3600;
const planOf = (builders: number, sandbox: SandboxSpec = {}) => planCapacity({ builders, sandbox }, context).plan;
const traceOf = (work: readonly Work[]): Trace => ({ work, builderSeconds: HOUR });
const work = (builder: number, session: Work["session"], from: number, until: number): Work => ({
  builder,
  session,
  from: from * HOUR,
  until: until * HOUR,
});

describe("dayOf", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(dayOf(30, 1)).toEqual(dayOf(30, 1));
    expect(dayOf(30, 1)).not.toEqual(dayOf(30, 2));
  });

  it("keeps to the hours of the day, in order, and to the builders there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer(), (builders, seed) => {
        const { work: all, builderSeconds } = dayOf(builders, seed);
        expect(all.filter(({ from, until }) => from < 8 * HOUR || until <= from || until > 24 * HOUR)).toEqual([]);
        expect(all.map(({ from }) => from)).toEqual(all.map(({ from }) => from).sort((one, other) => one - other));
        expect(new Set(all.map(({ builder }) => builder)).size).toBe(builders);
        expect(builderSeconds).toBeGreaterThan(builders * 5 * HOUR);
      }),
    );
  });

  it("gives one builder in ten many threads", () => {
    const threads = new Map<number, number>();
    for (const { builder, session } of dayOf(500, 7).work) {
      if (session === "thread") threads.set(builder, (threads.get(builder) ?? 0) + 1);
    }
    const busy = [...threads.values()].filter((count) => count > 20).length;
    expect(busy).toBeGreaterThan(25);
    expect(busy).toBeLessThan(100);
  });
});

describe("SimulatedPool", () => {
  const size: PoolSize = {
    mostNodes: 3,
    roomPerNode: 2,
    headroom: 0,
    headroomPerPod: 2,
    emptySeconds: 600,
    expirySeconds: 1_000_000,
  };
  const warm = LATENCIES.boot;
  const cold = LATENCIES.nodeReady + LATENCIES.images + LATENCIES.boot;

  it("begins with one node", () => {
    const pool = new SimulatedPool(size);
    expect(pool.nodes).toHaveLength(1);
    expect(pool.place(0)).toMatchObject({ answersAt: warm, isNew: false });
    expect(pool.place(0)).toMatchObject({ answersAt: warm, isNew: false });
    expect(pool.place(0)).toMatchObject({ answersAt: cold, isNew: true });
    expect(pool.nodes).toHaveLength(2);
  });

  it("fills a node that is starting before it launches another, and none beyond the limit", () => {
    const pool = new SimulatedPool(size);
    const placed = [1, 2, 3, 4, 5, 6, 7].map(() => pool.place(0));
    expect(pool.nodes).toHaveLength(3);
    expect(placed.map((one) => one?.answersAt)).toEqual([warm, warm, cold, cold, cold, cold, undefined]);
  });

  it("puts a pod on the emptiest node", () => {
    const pool = new SimulatedPool({ ...size, roomPerNode: 4 });
    [1, 2, 3, 4].forEach(() => pool.place(0));
    expect(pool.place(cold)?.node).toBe(pool.nodes[1]);
  });

  it("gives the room that it keeps free to a sandbox that finds no other, and looks for new room at once", () => {
    const pool = new SimulatedPool({ ...size, headroom: 2 });
    expect(pool.nodes).toHaveLength(1);
    pool.place(0);
    expect(pool.nodes).toHaveLength(2);
    pool.place(0);
    const later = cold;
    expect(pool.place(later)).toMatchObject({ isNew: false, answersAt: later + warm });
    expect(pool.nodes).toHaveLength(3);
  });

  it("removes a node when it has been empty for as long as it should", () => {
    const pool = new SimulatedPool(size);
    const [first, , third] = [pool.place(0)!, pool.place(0)!, pool.place(0)!];
    pool.release(third.node, 100);
    pool.sweep(699);
    expect(pool.nodes).toHaveLength(2);
    pool.sweep(700);
    expect(pool.nodes).toEqual([first.node]);
  });

  it("puts nothing on a node of age, and removes it when its last sandbox has ended", () => {
    const pool = new SimulatedPool({ ...size, expirySeconds: 1000 });
    const old = pool.place(0)!;
    pool.sweep(1000);
    expect(pool.place(2000)!.node).not.toBe(old.node);
    pool.release(old.node, 2000);
    pool.sweep(2000);
    expect(pool.nodes).not.toContain(old.node);
  });
});

describe("simulate", () => {
  it("is the same for the same day", () => {
    const trace = dayOf(20, 3);
    expect(simulate(planOf(20), trace)).toEqual(simulate(planOf(20), trace));
  });

  it("starts a session at once where a sandbox waits, and makes one on a warm node where none does", () => {
    const day = traceOf([work(0, "first", 9, 10)]);
    expect(simulate(planOf(1), day)).toMatchObject({ starts: { prewarmed: 1 }, longestWait: 0 });
    expect(simulate(planOf(1, { prewarmPoolSize: 0 }), day)).toMatchObject({
      starts: { "warm-node": 1 },
      longestWait: LATENCIES.boot,
    });
  });

  it("goes on in the first session after a pause, unless its time was over", () => {
    const pause = (hours: number) => traceOf([work(0, "first", 9, 9.5), work(0, "first", 9.5 + hours, 10.5 + hours)]);
    expect(simulate(planOf(1), pause(0.5)).starts).toMatchObject({ reused: 1, prewarmed: 1 });
    expect(simulate(planOf(1), pause(1.5)).starts).toMatchObject({ reused: 0, prewarmed: 2 });
  });

  it("ends a sandbox after its life and gives a builder who is at work another", () => {
    const day = traceOf([work(0, "first", 9, 13)]);
    expect(simulate(planOf(1), day).starts.prewarmed).toBe(2);
    expect(simulate(planOf(1, { lifetimeMinutes: 60 }), day).starts.prewarmed).toBe(5);
  });

  it("lets a sixth thread take over the oldest idle session of its builder", () => {
    const threads = [9, 9.1, 9.2, 9.3, 9.4, 9.5].map((from) => work(0, "thread", from, from + 0.05));
    const plan = planOf(5, { threadsPerBuilder: 5 });
    expect(simulate(plan, traceOf(threads))).toMatchObject({ reclaimed: 1, refusedByUserLimit: 0 });
  });

  it("refuses a sixth thread where all five are at work", () => {
    const threads = [9, 9.1, 9.2, 9.3, 9.4, 9.5].map((from) => work(0, "thread", from, 10));
    const plan = planOf(5, { threadsPerBuilder: 5 });
    expect(simulate(plan, traceOf(threads))).toMatchObject({ reclaimed: 0, refusedByUserLimit: 1 });
  });

  it("refuses what the deployment has no sandbox for", () => {
    const sessions = [0, 1, 2, 3].map((builder) => work(builder, "first", 9, 10));
    const plan = { ...planOf(1, { prewarmPoolSize: 0 }), maxTotalJobs: 3 };
    expect(simulate(plan, traceOf(sessions))).toMatchObject({ refusedByCap: 1, peakSandboxes: 3 });
  });

  it("stays below every limit of the plan, and serves or refuses every piece of work", () => {
    const sandboxes = fc.record({
      threadsPerBuilder: fc.integer({ min: 1, max: 3 }),
      prewarmPoolSize: fc.constantFrom(0, 5, 20),
      warmHeadroom: fc.constantFrom(0, 5, 30),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), sandboxes, fc.integer(), (builders, sandbox, seed) => {
        const plan = planOf(builders, sandbox);
        const trace = dayOf(builders, seed);
        const result = simulate(plan, trace);
        expect(result.peakSandboxes).toBeLessThanOrEqual(plan.maxTotalJobs);
        expect(result.peakNodes).toBeLessThanOrEqual(plan.sandboxPool.limits.nodes);
        expect(result.peakUse).toBeLessThanOrEqual(1000);
        const { starts, reclaimed, refusedByCap, refusedByUserLimit } = result;
        const served = Object.values(starts).reduce((sum, count) => sum + count, 0);
        // Sessions that outlive their sandbox are opened again, so there may be more of them than pieces of work.
        expect(served + reclaimed + refusedByCap + refusedByUserLimit).toBeGreaterThanOrEqual(trace.work.length);
      }),
      { numRuns: 25 },
    );
  });

  it("waits less with room kept free, and pays for it", () => {
    const trace = dayOf(200, 5);
    const sandbox = { threadsPerBuilder: 3, prewarmPoolSize: 0 };
    const [without, kept] = [0, 30].map((warmHeadroom) => simulate(planOf(200, { ...sandbox, warmHeadroom }), trace));
    expect(kept!.starts["new-node"]).toBeLessThan(without!.starts["new-node"]);
    expect(kept!.p95Wait).toBeLessThan(without!.p95Wait);
    expect(kept!.costPerBuilderHour).toBeGreaterThan(without!.costPerBuilderHour);
  });

  it("keeps fewer nodes through the night where they may not grow old", () => {
    const trace = dayOf(60, 5);
    const [young, old] = [12, 168].map((nodeMaxAgeHours) =>
      simulate(planOf(60, { threadsPerBuilder: 3, nodeMaxAgeHours }), trace),
    );
    const atSix = ({ samples }: typeof young & object) => samples.find(({ at }) => at === 6 * HOUR)!.room;
    expect(atSix(young!)).toBeLessThan(atSix(old!));
    expect(young!.costPerBuilderHour).toBeLessThan(old!.costPerBuilderHour);
  });
});
