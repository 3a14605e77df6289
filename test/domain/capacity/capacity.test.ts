import fc from "fast-check";

import { type CapacitySpec, planCapacity, refusedThreads } from "../../../domain/capacity/capacity";
import { MAX_PODS, NODE_CPUS } from "../../../domain/capacity/instance-types";
import type { PoolPlan } from "../../../domain/capacity/pools";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const planOf = (spec: CapacitySpec) => planCapacity(spec, context).plan;
const messages = (spec: CapacitySpec) => planCapacity(spec, context).violations.map(formatViolation);

describe("planCapacity", () => {
  it.each([
    { builders: 20, pods: 25, cpus: 25, gib: 50, jobs: 50 },
    { builders: 1, pods: 6, cpus: 6, gib: 12, jobs: 50 },
    { builders: 45, pods: 50, cpus: 50, gib: 100, jobs: 50 },
    { builders: 46, pods: 51, cpus: 51, gib: 102, jobs: 51 },
    { builders: 70, pods: 75, cpus: 75, gib: 150, jobs: 75 },
    { builders: 200, pods: 205, cpus: 205, gib: 410, jobs: 205 },
    { builders: 10_000, pods: 10_005, cpus: 10_005, gib: 20_010, jobs: 10_005 },
  ])("counts $pods pods for $builders builders", ({ builders, pods, cpus, gib, jobs }) => {
    const { plan, violations } = planCapacity({ builders }, context);
    expect(violations).toEqual([]);
    expect(plan).toMatchObject({
      podsAtPeak: pods,
      cpuMillicores: cpus * 1000,
      memoryMiB: gib * 1024,
      maxTotalJobs: jobs,
    });
  });

  it.each([
    { sandbox: { prewarmPoolSize: 0 }, pods: 20, cpuMillicores: 20_000 },
    { sandbox: { threadsPerBuilder: 5 }, pods: 105, cpuMillicores: 105_000 },
    { sandbox: { threadsPerBuilder: 2, prewarmPoolSize: 10 }, pods: 50, cpuMillicores: 50_000 },
    { sandbox: { cpuMillicores: 500 }, pods: 25, cpuMillicores: 12_500 },
  ])("follows $sandbox", ({ sandbox, pods, cpuMillicores }) => {
    expect(planOf({ builders: 20, sandbox })).toMatchObject({ podsAtPeak: pods, cpuMillicores });
  });

  it.each([
    { builders: 20, nodeCpus: 8, perNode: 7, nodes: 4, limit: 16, disk: 210 },
    { builders: 55, nodeCpus: 8, perNode: 7, nodes: 9, limit: 18, disk: 210 },
    { builders: 56, nodeCpus: 16, perNode: 15, nodes: 5, limit: 10, disk: 400 },
    { builders: 200, nodeCpus: 16, perNode: 15, nodes: 15, limit: 28, disk: 400 },
    { builders: 595, nodeCpus: 16, perNode: 15, nodes: 42, limit: 80, disk: 400 },
    { builders: 596, nodeCpus: 32, perNode: 31, nodes: 21, limit: 40, disk: 800 },
    { builders: 10_000, nodeCpus: 32, perNode: 31, nodes: 340, limit: 646, disk: 800 },
  ])(
    "gives $builders builders $nodes nodes of $nodeCpus CPUs",
    ({ builders, nodeCpus, perNode, nodes, limit, disk }) => {
      const plan = planOf({ builders });
      expect(plan.sandboxPool).toMatchObject({ shape: { cpus: nodeCpus, memoryGiB: nodeCpus * 4 }, nodes });
      expect(plan.sandboxPool.limits).toEqual({ cpu: limit * nodeCpus, memoryGiB: limit * nodeCpus * 4, nodes: limit });
      expect(plan.maxDevices).toBe(perNode);
      expect(plan.sandboxPool.rootDiskGiB).toBe(disk);
    },
  );

  // Measured with Karpenter 1.14.1: 205 sandboxes and the room that is kept free made 15 nodes.
  it.each([
    { builders: 20, atRest: 1, atPeak: 4 },
    { builders: 200, atRest: 1, atPeak: 15 },
    { builders: 1000, atRest: 2, atPeak: 35 },
  ])(
    "keeps $atRest sandbox nodes at rest for $builders builders, and $atPeak at the peak",
    ({ builders, atRest, atPeak }) => {
      const plan = planOf({ builders });
      expect(plan.sandboxPool.nodesAtRest).toBe(atRest);
      expect(plan.sandboxPool.nodes).toBe(atPeak);
    },
  );

  it("plans a node for every pod that finds no room on another one, sandboxes first", () => {
    const used = (pods: readonly number[], nodeSize: number): number =>
      pods.reduce((nodes: number[], size) => {
        const index = nodes.findIndex((left) => left >= size);
        return index === -1
          ? [...nodes, nodeSize - size]
          : nodes.map((left, place) => (place === index ? left - size : left));
      }, []).length;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (builders) => {
        const { podsAtPeak, prewarmPoolSize, headroom, maxDevices, sandboxPool } = planOf({ builders });
        const free = Array.from({ length: headroom.pods }, () => headroom.sandboxesPerPod);
        const nodesOf = (sandboxes: number): number =>
          used([...Array.from({ length: sandboxes }, () => 1), ...free], maxDevices);
        expect(sandboxPool.nodes).toBe(nodesOf(podsAtPeak));
        expect(sandboxPool.nodesAtRest).toBe(nodesOf(prewarmPoolSize));
      }),
      { numRuns: 50 },
    );
  });

  it("packs Retool's containers onto as few nodes as hold them, a quarter of a service on one at most, never more at rest", () => {
    const poolOf = (replicas: number): PoolPlan =>
      planOf({ builders: 20, baseLoad: [{ name: "api", replicas, cpuMillicores: 1000, memoryMiB: 1024 }] }).retoolPool;

    expect(planOf({ builders: 20 }).retoolPool).toMatchObject({ nodesAtRest: 3, nodes: 7 });
    expect([1, 2, 4, 5, 20].map((replicas) => poolOf(replicas).nodesAtRest)).toEqual([2, 2, 4, 3, 4]);
    for (const pool of [1, 2, 3, 4, 20, 50].map(poolOf)) expect(pool.nodes).toBeGreaterThanOrEqual(pool.nodesAtRest);
  });

  it("is bound by memory on families with little of it", () => {
    const plan = planOf({ builders: 20, sandbox: { instanceFamilies: ["c7i"], nodeCpus: 16 } });
    expect(plan.maxDevices).toBe(13);
    expect(plan.sandboxPool).toMatchObject({ families: ["c7i"], shape: { memoryGiB: 32 } });
  });

  it("takes the room of further DaemonSets off every node", () => {
    const daemonSets = { pods: 2, cpuMillicores: 700, memoryMiB: 512 };
    expect(planOf({ builders: 20, nodePools: { daemonSets } }).maxDevices).toBe(6);
  });

  it("turns the three limits into the units of their chart keys", () => {
    const sandbox = { idleTimeoutMinutes: 7, assignedTtlMinutes: 45, lifetimeMinutes: 90 };
    expect(planOf({ builders: 20, sandbox })).toMatchObject({
      idleTimeoutMs: 420_000,
      assignedTtlSeconds: 2700,
      lifetimeMs: 5_400_000,
      terminationGraceMinutes: 120,
    });
    expect(planOf({ builders: 20 })).toMatchObject({
      idleTimeoutMs: 600_000,
      assignedTtlSeconds: 3600,
      lifetimeMs: 9_000_000,
      terminationGraceMinutes: 180,
    });
  });

  it("counts the connections of the controller and the proxies while they are replaced", () => {
    expect(planOf({ builders: 20 }).databaseConnections).toBe((2 + 3) * 10);
    const companions = [{ name: "proxy", replicas: 8, cpuMillicores: 250, memoryMiB: 256 }];
    expect(planOf({ builders: 20, companions }).databaseConnections).toBe(100);
  });

  it("lets the pool of the other containers grow by a rolling upgrade of all of them", () => {
    const { retoolPool } = planOf({ builders: 20 });
    expect(retoolPool).toMatchObject({ shape: { cpus: 8 }, nodes: 7, limits: { cpu: 112, memoryGiB: 448, nodes: 14 } });
    const baseLoad = [{ name: "api", replicas: 40, cpuMillicores: 2048, memoryMiB: 4096 }];
    expect(planOf({ builders: 20, baseLoad }).retoolPool.shape.cpus).toBe(16);
  });

  it("gives containers that run users' code their own pool where that is asked for", () => {
    expect(planOf({ builders: 20 }).codePool).toBeUndefined();
    const { retoolPool, codePool, otherAddresses } = planOf({
      builders: 20,
      nodePools: { isolateCodeExecution: true },
    });
    expect(codePool).toMatchObject({ shape: { cpus: 8 }, nodes: 2, limits: { nodes: 4 } });
    expect(retoolPool).toMatchObject({ nodes: 6 });
    expect(otherAddresses.interfaces).toBeGreaterThanOrEqual(planOf({ builders: 20 }).otherAddresses.interfaces);
  });

  it("takes the families and the size that were asked for the other containers", () => {
    const nodePools = { instanceFamilies: ["r6i"], nodeCpus: 16 };
    expect(planOf({ builders: 20, nodePools }).retoolPool).toMatchObject({
      families: ["r6i"],
      shape: { cpus: 16, memoryGiB: 128 },
    });
  });

  it.each([
    { zones: 2, sandboxes: 480, others: 870 },
    { zones: 3, sandboxes: 240, others: 435 },
    { zones: 4, sandboxes: 160, others: 290 },
  ])("spreads the addresses so that one of $zones zones may be lost", ({ zones, sandboxes, others }) => {
    const { sandboxAddresses, otherAddresses, addressesPerZone } = planOf({ builders: 20, zones });
    // 16 nodes with two interfaces of 15 addresses each, or with two prefixes of 16 on one interface.
    expect(sandboxAddresses).toEqual({ interfaces: 480, prefixes: 528 });
    expect(otherAddresses.interfaces).toBe(870);
    expect(addressesPerZone.sandboxes.interfaces).toBe(sandboxes);
    expect(addressesPerZone.others.interfaces).toBe(others);
  });

  it("counts the larger interfaces of the eighth generation, the worst of those that may come", () => {
    const addressesOf = (instanceFamilies: string[]) =>
      planOf({ builders: 20, sandbox: { instanceFamilies } }).sandboxAddresses;

    // 16 nodes of 8 CPUs with 14 pods: two interfaces of 15, of 30 or of 40 addresses.
    expect(addressesOf(["m7i"]).interfaces).toBe(16 * 30);
    expect(addressesOf(["m8i"]).interfaces).toBe(16 * 60);
    expect(addressesOf(["m8i", "m8a", "m7i"]).interfaces).toBe(16 * 80);
    expect(addressesOf(["m8i"]).prefixes).toBe(addressesOf(["m7i"]).prefixes);
  });

  it.each([{ builders: 1 }, { builders: 20 }, { builders: 200, zones: 2 }, { builders: 1000, zones: 4 }])(
    "expects no more addresses than there may be at most, and fewer with few in reserve: $builders builders",
    (spec) => {
      const { addressesPerZone, expectedAddresses, leanAddresses } = planOf(spec);
      for (const part of ["sandboxes", "others"] as const) {
        expect(expectedAddresses[part].interfaces).toBeLessThanOrEqual(addressesPerZone[part].interfaces);
        expect(leanAddresses[part].interfaces).toBeLessThan(expectedAddresses[part].interfaces);
      }
    },
  );

  it("takes an address for each pod, the reserve and each interface where a target is set", () => {
    // Four nodes with six sandboxes or so, five pods of DaemonSets and two addresses in reserve each, over two interfaces.
    const { sandboxPool, headroom, podsAtPeak, leanAddresses } = planOf({ builders: 20 });
    const perNode = Math.ceil((podsAtPeak + headroom.pods) / sandboxPool.nodes) + 5 + 2;
    expect(leanAddresses.sandboxes.interfaces).toBe(
      Math.ceil((sandboxPool.nodes * (perNode + Math.ceil(perNode / 14))) / 3),
    );
  });

  it("accepts a cap above what the builders need, and lets the limits follow", () => {
    const { plan, violations } = planCapacity({ builders: 20, sandbox: { maxTotalJobs: 100 } }, context);
    expect(violations).toEqual([]);
    expect(plan.maxTotalJobs).toBe(100);
    expect((plan.sandboxPool.limits.nodes * plan.maxDevices) / 2).toBeGreaterThanOrEqual(100);
  });

  it.each<{ spec: Partial<CapacitySpec>; onDemand: number; spot: number }>([
    { spec: {}, onDemand: 128 + 112, spot: 0 },
    { spec: { builders: 200 }, onDemand: 448 + 112, spot: 0 },
    { spec: { nodePools: { isolateCodeExecution: true } }, onDemand: 128 + 96 + 32, spot: 0 },
    { spec: { sandbox: { purchaseOption: "spot" } }, onDemand: 128 + 112, spot: 128 },
  ])("names the CPUs that the account's quotas must admit: $onDemand and $spot", ({ spec, onDemand, spot }) => {
    expect(planOf({ builders: 20, ...spec }).quotaCpus).toEqual({ onDemand, spot });
  });

  it.each<{ spec: Partial<CapacitySpec>; spot: boolean }>([
    { spec: {}, spot: false },
    { spec: { builders: 200, nodePools: { isolateCodeExecution: true } }, spot: false },
    { spec: { sandbox: { purchaseOption: "spot" } }, spot: true },
  ])("counts the CPUs of the planned peak by the quota that they need: $spec", ({ spec, spot }) => {
    const { retoolPool, codePool, sandboxPool, peakCpus, quotaCpus } = planOf({ builders: 20, ...spec });
    const cpus = (pool: typeof retoolPool | undefined): number =>
      pool === undefined ? 0 : pool.nodes * pool.shape.cpus;
    const others = cpus(retoolPool) + cpus(codePool);
    expect(peakCpus).toEqual(
      spot ? { onDemand: others, spot: cpus(sandboxPool) } : { onDemand: others + cpus(sandboxPool), spot: 0 },
    );
    expect(peakCpus.onDemand).toBeLessThan(quotaCpus.onDemand);
  });

  it("admits room for as many sandboxes as may exist", () => {
    const { plan, violations } = planCapacity({ builders: 20, sandbox: { warmHeadroom: 50 } }, context);
    expect(violations).toEqual([]);
    expect(plan.sandboxPool.limits.nodes * plan.maxDevices).toBeGreaterThanOrEqual(plan.maxTotalJobs + 50);
  });

  it.each([
    { lifetimeMinutes: 150, nodeMaxAgeHours: 12, generations: 2 },
    { lifetimeMinutes: 690, nodeMaxAgeHours: 12, generations: 2 },
    { lifetimeMinutes: 691, nodeMaxAgeHours: 12, generations: 3 },
    { lifetimeMinutes: 1440, nodeMaxAgeHours: 4, generations: 8 },
  ])(
    "admits $generations nodes in one place where $lifetimeMinutes minutes of life keep nodes of $nodeMaxAgeHours hours",
    (row) => {
      const { generations, ...sandbox } = row;
      const { limits } = planOf({ builders: 20, sandbox }).sandboxPool;
      expect(limits).toEqual({ nodes: 8 * generations, cpu: 64 * generations, memoryGiB: 256 * generations });
    },
  );

  it("accepts a cap below the chart's default that the builders do not need", () => {
    const { plan, violations } = planCapacity({ builders: 20, sandbox: { maxTotalJobs: 25 } }, context);
    expect(violations).toEqual([]);
    expect(plan.maxTotalJobs).toBe(25);
  });

  it.each([
    { builders: 50, threads: 1, refused: 380 },
    { builders: 200, threads: 1, refused: 1496 },
    { builders: 200, threads: 2, refused: 274 },
    { builders: 200, threads: 3, refused: 0 },
    { builders: 500, threads: 1, refused: 3615 },
  ])("says how many threads the benchmark refuses $builders builders with $threads each", (row) => {
    const { maxTotalJobs, warnings } = planOf({ builders: row.builders, sandbox: { threadsPerBuilder: row.threads } });
    const refused = refusedThreads(row.builders, maxTotalJobs);

    expect(Math.abs(refused - row.refused)).toBeLessThanOrEqual(row.refused / 10);
    expect(warnings.map((text) => /about (\d+) threads would be refused/.exec(text)?.[1])).toEqual(
      refused === 0 ? [] : [String(refused)],
    );
  });

  it("warns of spot nodes and of devices of the host", () => {
    expect(planOf({ builders: 20 }).warnings).toEqual([]);
    expect(planOf({ builders: 20, sandbox: { purchaseOption: "spot" } }).warnings).toEqual([
      expect.stringMatching(/^prod runs sandboxes on spot nodes: .*two minutes/),
    ]);
    expect(planOf({ builders: 20, sandbox: { devicePlugin: false } }).warnings).toEqual([
      expect.stringMatching(/^prod mounts \/dev\/net\/tun from the host/),
    ]);
  });
});

describe("what planCapacity refuses", () => {
  it.each<[string, CapacitySpec, string]>([
    ["fewer than no builders", { builders: -1 }, "builders: -1 is out of range; use 0 to 100000 people"],
    ["half a builder", { builders: 1.5 }, "builders: 1.5 is not a whole number; use 0 to 100000 people"],
    ["one zone", { builders: 20, zones: 1 }, "zones: 1 is out of range; use 2 to 4 zones"],
    [
      "a cap below the plan",
      { builders: 20, sandbox: { maxTotalJobs: 24 } },
      "sandbox.maxTotalJobs: 24 is below the 25 sandboxes of 20 builders and 5 kept ready; use 25 or more, or remove it",
    ],
    [
      "a cap below the plan with threads",
      { builders: 20, sandbox: { maxTotalJobs: 50, threadsPerBuilder: 3 } },
      "sandbox.maxTotalJobs: 50 is below the 65 sandboxes of 20 builders with 3 threads each and 5 kept ready; use 65 or more, or remove it",
    ],
    [
      "a cap that is not a number of pods",
      { builders: 20, sandbox: { maxTotalJobs: -1 } },
      "sandbox.maxTotalJobs: -1 is out of range; use 1 to 1000000 sandboxes",
    ],
    [
      "six threads",
      { builders: 20, sandbox: { threadsPerBuilder: 6 } },
      "sandbox.threadsPerBuilder: 6 threads is above the limit of 5 sandboxes per user; raise sandbox.perUserSandboxLimit to 6 or lower it (https://docs.retool.com/self-hosted/self-managed/quickstart)",
    ],
    [
      "more threads than one user may hold",
      { builders: 20, sandbox: { threadsPerBuilder: 4, perUserSandboxLimit: 3 } },
      "sandbox.threadsPerBuilder: 4 threads is above the limit of 3 sandboxes per user; raise sandbox.perUserSandboxLimit to 4 or lower it (https://docs.retool.com/self-hosted/self-managed/quickstart)",
    ],
    [
      "an idle timeout beyond the lifetime",
      { builders: 20, sandbox: { idleTimeoutMinutes: 31, assignedTtlMinutes: 30, lifetimeMinutes: 30 } },
      "sandbox.idleTimeoutMinutes: 31 minutes is longer than the lifetime of 30 minutes; use 30 or less, or raise sandbox.lifetimeMinutes (https://docs.retool.com/self-hosted/self-managed/quickstart)",
    ],
    [
      "an assigned time beyond the lifetime",
      { builders: 20, sandbox: { lifetimeMinutes: 30, assignedTtlMinutes: 60 } },
      "sandbox.assignedTtlMinutes: 60 minutes is longer than the lifetime of 30 minutes; use 30 or less, or raise sandbox.lifetimeMinutes (https://docs.retool.com/self-hosted/self-managed/quickstart)",
    ],
    [
      "an ARM family",
      { builders: 20, sandbox: { instanceFamilies: ["m7g"] } },
      'sandbox.instanceFamilies[0]: "m7g" is not a family of x86-64 nodes with 2, 4 or 8 GiB for each CPU; use "m7a"',
    ],
    [
      "no family",
      { builders: 20, sandbox: { instanceFamilies: [] } },
      "sandbox.instanceFamilies: is an empty list; remove it, or use m7i, m7a, m6i, m6a",
    ],
    [
      "families of two shapes",
      { builders: 20, sandbox: { instanceFamilies: ["m7i", "c7i"] } },
      "sandbox.instanceFamilies: m7i, c7i have different amounts of memory per CPU; use families of one class only: m or c",
    ],
    [
      "a node of six CPUs",
      { builders: 20, sandbox: { nodeCpus: 6 } },
      "sandbox.nodeCpus: no node has 6 CPUs; use 4, 8, 16, 32, or remove it",
    ],
    [
      "a sandbox larger than its node",
      { builders: 20, sandbox: { cpuMillicores: 8000, nodeCpus: 8 } },
      "sandbox: a sandbox requests 8000 millicores and 2048 MiB, but a node of 8 CPUs has room for 7660 and 29061; request less, or choose larger nodes",
    ],
    [
      "a sandbox larger than every node",
      { builders: 20, sandbox: { memoryMiB: 65_536, instanceFamilies: ["c7i"] } },
      "sandbox: a sandbox requests 1000 millicores and 65536 MiB, but a node of 32 CPUs has room for 31600 and 57435; request less, or choose larger nodes",
    ],
    [
      "a container larger than every node",
      { builders: 20, baseLoad: [{ name: "api", replicas: 1, cpuMillicores: 40_000, memoryMiB: 1024 }] },
      "baseLoad.api: api requests 40000 millicores and 1024 MiB, but a node of 32 CPUs has room for 31600 and 118056; request less, or choose larger nodes",
    ],
    [
      "a container without replicas",
      { builders: 20, baseLoad: [{ name: "api", replicas: 0, cpuMillicores: 1000, memoryMiB: 1024 }] },
      "baseLoad.api.replicas: 0 is not a whole number of 1 or more; use one",
    ],
    [
      "a companion without memory",
      { builders: 20, companions: [{ name: "proxy", replicas: 1, cpuMillicores: 1000, memoryMiB: 0 }] },
      "companions.proxy.memoryMiB: 0 is not a whole number of 1 or more; use one",
    ],
    [
      "DaemonSets below nothing",
      { builders: 20, nodePools: { daemonSets: { pods: 1, cpuMillicores: -1, memoryMiB: 0 } } },
      "nodePools.daemonSets.cpuMillicores: -1 is out of range; use 0 to 32000 millicores",
    ],
    [
      "hours that a day has not",
      { builders: 20, nodePools: { businessHours: { startHour: 24, hours: 8, days: "every-day" } } },
      "nodePools.businessHours.startHour: 24 is out of range; use 0 to 23 o'clock",
    ],
    [
      "business hours that never end",
      { builders: 20, nodePools: { businessHours: { startHour: 8, hours: 24, days: "every-day" } } },
      "nodePools.businessHours.hours: 24 is out of range; use 1 to 23 hours",
    ],
    [
      "a container larger than the nodes that were asked for",
      {
        builders: 20,
        nodePools: { nodeCpus: 4 },
        baseLoad: [{ name: "api", replicas: 1, cpuMillicores: 3671, memoryMiB: 4096 }],
      },
      "baseLoad.api: api requests 3671 millicores and 4096 MiB, but a node of 4 CPUs has room for 3670 and 13906; request less, or choose larger nodes",
    ],
    [
      "families of two shapes for the other containers",
      { builders: 20, nodePools: { instanceFamilies: ["r7i", "m7i"] } },
      "nodePools.instanceFamilies: r7i, m7i have different amounts of memory per CPU; use families of one class only: r or m",
    ],
    [
      "more nodes than a cluster has",
      { builders: 40_000, sandbox: { threadsPerBuilder: 4 } },
      "builders: 160005 sandboxes may need 10324 nodes with 32 CPUs while old ones are replaced, but a cluster can have only 5000; use several environments",
    ],
    [
      "more small nodes than a cluster has",
      { builders: 10_000, sandbox: { nodeCpus: 4 } },
      "builders: 10005 sandboxes may need 6670 nodes with 4 CPUs while old ones are replaced, but a cluster can have only 5000; use several environments, or larger nodes",
    ],
    [
      "room for more sandboxes than may exist",
      { builders: 20, sandbox: { warmHeadroom: 51 } },
      "sandbox.warmHeadroom: room for 51 more sandboxes is above the maximum of 50; use 50 or less, or raise sandbox.maxTotalJobs",
    ],
    [
      "a disk larger than there is",
      { builders: 1000, sandbox: { diskGiB: 500 } },
      "sandbox.diskGiB: a full node needs a disk of 17260 GiB; 16384 is the largest; use less disk per sandbox, or smaller nodes",
    ],
    [
      "a setting it does not know",
      { builders: 20, sandbox: { prewarm: 3 } as CapacitySpec["sandbox"] },
      "sandbox.prewarm: is not a known setting; remove it or correct its spelling",
    ],
  ])("refuses %s", (_what, spec, message) => {
    expect(messages(spec)).toEqual([message]);
  });

  it("reports every problem at once", () => {
    const sandbox = { threadsPerBuilder: 0, nodeCpus: 5, instanceFamilies: ["t3"] };
    expect(planCapacity({ builders: -3, zones: 9, sandbox }, context).violations.map(({ path }) => path)).toEqual([
      "builders",
      "zones",
      "sandbox.threadsPerBuilder",
      "sandbox.instanceFamilies[0]",
      "sandbox.nodeCpus",
    ]);
  });
});

const sandboxes = fc.record(
  {
    threadsPerBuilder: fc.integer({ min: 1, max: 5 }),
    prewarmPoolSize: fc.integer({ min: 0, max: 100 }),
    cpuMillicores: fc.integer({ min: 250, max: 4000 }),
    memoryMiB: fc.integer({ min: 512, max: 16_384 }),
    diskGiB: fc.integer({ min: 3, max: 60 }),
    lifetimeMinutes: fc.integer({ min: 60, max: 1440 }),
    instanceFamilies: fc.constantFrom(["m7i"], ["c7i", "c6i"], ["r6a"]),
    nodeCpus: fc.constantFrom(...NODE_CPUS.slice(1)),
  },
  { requiredKeys: [] },
);
const specs = fc.record({ builders: fc.integer({ min: 1, max: 12_000 }), sandbox: sandboxes });

/** The plan of a specification that is accepted; any other is not a counterexample. */
const acceptedPlan = (spec: CapacitySpec) => {
  const { plan, violations } = planCapacity(spec, context);
  fc.pre(violations.length === 0);
  return plan;
};

describe("every accepted plan", () => {
  it("admits all sandboxes that may exist, and once more while nodes are replaced", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const plan = acceptedPlan(spec);
        expect(spread(plan, plan.maxTotalJobs)).toBeLessThanOrEqual(plan.sandboxPool.limits.nodes / 2);
        expect(plan.sandboxPool.limits.cpu).toBe(plan.sandboxPool.limits.nodes * plan.sandboxPool.shape.cpus);
      }),
    );
  });

  it("hands out no more devices than fit, and has disk for each", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const { maxDevices, sandbox, sandboxPool } = acceptedPlan(spec);
        expect(maxDevices).toBeLessThanOrEqual(MAX_PODS);
        expect(maxDevices * sandbox.cpuMillicores).toBeLessThanOrEqual(sandboxPool.shape.allocatableCpuMillicores);
        expect(maxDevices * sandbox.memoryMiB).toBeLessThanOrEqual(sandboxPool.shape.allocatableMemoryMiB);
        expect(sandboxPool.rootDiskGiB * 9).toBeGreaterThanOrEqual(maxDevices * sandbox.diskGiB * 10);
      }),
    );
  });

  it("has an address for every pod, although one zone is lost", () => {
    fc.assert(
      fc.property(specs, fc.integer({ min: 2, max: 4 }), (spec, zones) => {
        const { addressesPerZone, maxTotalJobs, sandboxPool, retoolPool } = acceptedPlan({ ...spec, zones });
        for (const mode of ["interfaces", "prefixes"] as const) {
          const { sandboxes, others } = addressesPerZone;
          expect(sandboxes[mode] * (zones - 1)).toBeGreaterThanOrEqual(maxTotalJobs + sandboxPool.limits.nodes);
          expect(others[mode] * (zones - 1)).toBeGreaterThanOrEqual(retoolPool.limits.nodes);
        }
      }),
    );
  });

  it("grows with the builders", () => {
    fc.assert(
      fc.property(specs, fc.integer({ min: 1, max: 500 }), (spec, more) => {
        const before = acceptedPlan({ ...spec, sandbox: { nodeCpus: 16, ...spec.sandbox } });
        const after = acceptedPlan({ builders: spec.builders + more, sandbox: { nodeCpus: 16, ...spec.sandbox } });
        const sizes = (plan: typeof before) => [
          plan.podsAtPeak,
          plan.maxTotalJobs,
          plan.cpuMillicores,
          plan.memoryMiB,
          plan.sandboxPool.nodes,
          plan.sandboxPool.limits.cpu,
          plan.sandboxPool.limits.memoryGiB,
          plan.sandboxAddresses.interfaces,
          plan.sandboxAddresses.prefixes,
          plan.addressesPerZone.sandboxes.interfaces,
        ];
        sizes(after).forEach((size, index) => {
          expect(size).toBeGreaterThanOrEqual(sizes(before)[index]!);
        });
      }),
    );
  });

  it("is made of whole numbers, and lets sandboxes end before their node does", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const plan = acceptedPlan(spec);
        expect(numbersIn(plan).filter((number) => !Number.isInteger(number))).toEqual([]);
        expect(plan.terminationGraceMinutes * 60_000).toBeGreaterThan(plan.lifetimeMs);
      }),
    );
  });
});

describe("a refused plan", () => {
  it("is complete for any input", () => {
    const anything = fc.dictionary(
      fc.constantFrom("threadsPerBuilder", "prewarmPoolSize", "cpuMillicores", "memoryMiB", "maxTotalJobs", "nodeCpus"),
      fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null)),
    );
    fc.assert(
      fc.property(fc.double(), anything, (builders, sandbox) => {
        const { plan } = planCapacity({ builders, sandbox }, context);
        expect(numbersIn(plan).filter((number) => !Number.isInteger(number))).toEqual([]);
      }),
    );
  });
});

/** Nodes in use after sandboxes filled one after the other. */
function spread({ sandbox, sandboxPool: { shape } }: ReturnType<typeof planOf>, count: number): number {
  const perNode = Math.min(
    MAX_PODS - 7,
    Math.floor((shape.allocatableCpuMillicores - 192) / sandbox.cpuMillicores),
    Math.floor((shape.allocatableMemoryMiB - 144) / sandbox.memoryMiB),
  );
  return Math.ceil(count / perNode);
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
