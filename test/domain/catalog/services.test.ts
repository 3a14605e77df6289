import fc from "fast-check";

import {
  type Profile,
  SERVICE_IDS,
  type ServiceId,
  planService,
  sizingOf,
  serviceViolations,
} from "../../../domain/catalog/services";
import { formatViolation } from "../../../domain/common/violation";

const check = (id: ServiceId, spec: Parameters<typeof planService>[1], profile: Profile = "production"): string[] =>
  serviceViolations(id, spec, profile, `retool.${id}`).map(formatViolation);

const size = (id: ServiceId, profile: Profile = "production"): (number | undefined)[] => {
  const { replicas, resources } = planService(id, {}, profile);
  const { cpuMillicores, memoryMiB, cpuLimitMillicores, memoryLimitMiB } = resources;
  return [replicas, cpuMillicores, memoryMiB, cpuLimitMillicores, memoryLimitMiB];
};

describe("the figures of the documentation", () => {
  test.each<[ServiceId, (number | undefined)[]]>([
    ["api", [2, 2048, 4096, 4096, 8192]],
    ["jobsRunner", [1, 1000, 2048, 2000, 4096]],
    ["workflowsBackend", [1, 2048, 4096, 4096, 8192]],
    ["workflowsWorker", [2, 1000, 2048, 2000, 8192]],
    ["codeExecutor", [2, 1000, 1024, 2000, 2048]],
    ["jsExecutor", [1, 2000, 6144, 2000, 6144]],
    ["r2Worker", [2, 1000, 2048, 2000, 4096]],
    ["sandboxController", [1, 250, 256, 1000, 512]],
    ["sandboxProxy", [2, 250, 256, 1000, 512]],
    ["dbconnector", [1, 2048, 4096, 4096, 8192]],
    ["agentWorker", [2, 1000, 2048, 2000, 4096]],
    ["agentEvalWorker", [2, 1000, 2048, 2000, 4096]],
    ["multiplayer", [1, 200, 256, undefined, 2048]],
    ["mcp", [1, 200, 256, undefined, 4096]],
  ])("of %s are %j", (id, figures) => {
    expect(size(id)).toEqual(figures);
  });

  test("an evaluation has one pod of each; the only api pod may use twice as much", () => {
    expect(SERVICE_IDS.map((id) => size(id, "evaluation")[0])).toEqual(SERVICE_IDS.map(() => 1));
    expect(size("api", "evaluation")).toEqual([1, 2048, 4096, 8192, 16_384]);
  });
});

describe("figures of one's own", () => {
  test("raise the limit with them where they are larger", () => {
    const { resources } = planService(
      "codeExecutor",
      { resources: { cpuMillicores: 3000, memoryMiB: 512 } },
      "production",
    );

    expect(resources).toEqual({
      cpuMillicores: 3000,
      memoryMiB: 512,
      cpuLimitMillicores: 3000,
      memoryLimitMiB: 2048,
    });
  });

  test("leave unlimited what nothing limits", () => {
    const { resources } = planService("mcp", { resources: { cpuMillicores: 5000 } }, "production");

    expect(resources.cpuLimitMillicores).toBeUndefined();
  });

  test("hold 70 percent of the CPU where an autoscaler decides", () => {
    expect(planService("api", { autoscaling: { maxReplicas: 6 } }, "production").autoscaling).toEqual({
      maxReplicas: 6,
      cpuPercent: 70,
    });
    expect(planService("api", {}, "production").autoscaling).toBeUndefined();
  });

  test("never have a limit below what is asked for", () => {
    const resources = fc.record(
      { cpuMillicores: fc.integer({ min: 10, max: 64_000 }), memoryMiB: fc.integer({ min: 32, max: 500_000 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom(...SERVICE_IDS), resources, (id, given) => {
        const plan = planService(id, { resources: given }, "production").resources;
        const { request } = sizingOf(id).minimumMemory;

        expect(plan.cpuLimitMillicores ?? Infinity).toBeGreaterThanOrEqual(plan.cpuMillicores);
        expect(plan.memoryLimitMiB).toBeGreaterThanOrEqual(plan.memoryMiB);
        expect(check(id, { resources: given }).length).toBe(plan.memoryMiB < request ? 1 : 0);
      }),
    );
  });
});

describe("memory below what a process needs to start", () => {
  test.each(SERVICE_IDS)("is refused for %s, as request and as limit, and one MiB more is not", (id) => {
    const { request, limit } = sizingOf(id).minimumMemory;
    const asked = (memoryMiB: number, memoryLimitMiB: number): string[] =>
      check(id, { resources: { memoryMiB, memoryLimitMiB } });
    const refusal = (field: string, given: number, least: number): string =>
      `retool.${id}.resources.${field}: ${given} MiB is too little for this service to start; use ${least} or more`;

    expect(asked(request, limit)).toEqual([]);
    expect(asked(request - 1, limit)).toEqual([refusal("memoryMiB", request - 1, request)]);
    expect(asked(request, limit - 1)).toEqual([refusal("memoryLimitMiB", limit - 1, limit)]);
  });

  test("is known for every container that has a size", () => {
    for (const id of SERVICE_IDS) expect(sizingOf(id).minimumMemory.request).toBeGreaterThanOrEqual(128);
  });
});

describe("figures that cannot be", () => {
  test.each<[ServiceId, Parameters<typeof planService>[1], string]>([
    ["api", { replicas: 0 }, "retool.api.replicas: 0 is out of range; use 1 to 100 pods"],
    ["api", { replicas: 1.5 }, "retool.api.replicas: 1.5 is not a whole number; use 1 to 100 pods"],
    ["api", { replicas: 101 }, "retool.api.replicas: 101 is out of range; use 1 to 100 pods"],
    [
      "jobsRunner",
      { replicas: 2 },
      "retool.jobsRunner.replicas: 2 is out of range: it runs database migrations, and two at once would conflict; remove it: there is always exactly one (https://docs.retool.com/self-hosted/concepts/scaling)",
    ],
    [
      "mcp",
      { replicas: 2 },
      "retool.mcp.replicas: 2 is out of range: it keeps its sessions in memory; remove it: there is always exactly one (https://docs.retool.com/self-hosted/concepts/scaling)",
    ],
    [
      "sandboxController",
      { replicas: 3 },
      "retool.sandboxController.replicas: 3 is out of range: one is active and one on standby; use 1 or 2 (https://docs.retool.com/self-hosted/concepts/scaling)",
    ],
    [
      "api",
      { resources: { memoryMiB: 5000, memoryLimitMiB: 4000 } },
      "retool.api.resources.memoryLimitMiB: the limit of 4000 is below the request of 5000; use 5000 or more",
    ],
    [
      "api",
      { resources: { cpuLimitMillicores: 1000 } },
      "retool.api.resources.cpuLimitMillicores: the limit of 1000 is below the request of 2048; use 2048 or more",
    ],
    [
      "api",
      { resources: { memoryMiB: 82 } },
      "retool.api.resources.memoryMiB: 82 MiB is too little for this service to start; use 1024 or more",
    ],
    [
      "workflowsWorker",
      { resources: { memoryMiB: 512, memoryLimitMiB: 1024 } },
      "retool.workflowsWorker.resources.memoryLimitMiB: 1024 MiB is too little for this service to start; use 1536 or more",
    ],
    [
      "api",
      { autoscaling: { maxReplicas: 2 } },
      "retool.api.autoscaling.maxReplicas: 2 is out of range; use 3 to 100 pods",
    ],
    [
      "api",
      { autoscaling: { maxReplicas: 5, cpuPercent: 100 } },
      "retool.api.autoscaling.cpuPercent: 100 is out of range; use 10 to 95 percent",
    ],
    [
      "sandboxProxy",
      { autoscaling: { maxReplicas: 5 } },
      "retool.sandboxProxy.autoscaling: does not suit this service: its CPU does not reflect its load; remove it",
    ],
    [
      "sandboxController",
      { autoscaling: { maxReplicas: 2 } },
      "retool.sandboxController.autoscaling: does not suit this service: one is active and one on standby; remove it",
    ],
  ])("%s %j is refused", (id, spec, message) => {
    expect(check(id, spec)).toEqual([message]);
  });

  test("the bounds themselves are allowed", () => {
    expect(check("api", { replicas: 1 })).toEqual([]);
    expect(check("api", { replicas: 100 })).toEqual([]);
    expect(check("sandboxController", { replicas: 2 })).toEqual([]);
    expect(check("api", { autoscaling: { maxReplicas: 3, cpuPercent: 95 } })).toEqual([]);
  });
});
