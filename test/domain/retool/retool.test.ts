import fc from "fast-check";

import { type RetoolPlan, type RetoolSpec, installedServices, planRetool } from "../../../domain/retool/retool";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";
import { CERTIFICATE } from "../../support/retool-release";

const plan = (spec?: RetoolSpec, version = "4.0.9-stable"): RetoolPlan => planRetool(spec, context, version).plan;
const check = (spec: unknown, version = "4.0.9-stable"): string[] =>
  planRetool(spec as RetoolSpec, context, version).violations.map(formatViolation);

describe("a release about which nothing is said", () => {
  test("runs the nine Deployments of the documentation's seven containers and no optional part", () => {
    expect(installedServices(plan()).map(({ id }) => id)).toEqual([
      "api",
      "jobsRunner",
      "workflowsWorker",
      "workflowsBackend",
      "codeExecutor",
      "jsExecutor",
      "sandboxController",
      "sandboxProxy",
      "r2Worker",
    ]);
    expect(check(undefined)).toEqual([]);
  });

  test("has the tested chart, sandboxed code, no telemetry and audit events on the output", () => {
    expect(plan()).toMatchObject({
      chartVersion: "6.11.21",
      codeExecutor: { sandboxing: "seccomp" },
      features: { dbconnector: false, agents: false, multiplayer: false, mcp: false },
      telemetry: "off",
      auditEvents: "stdout",
      warnings: [],
      snapshots: [],
    });
  });

  test("waits for half an hour of migrations and a quarter for pods", () => {
    expect(plan().jobsRunner.migrationTimeoutMinutes).toBe(30);
    expect(plan().timeoutSeconds).toBe(2700);
    expect(plan({ jobsRunner: { migrationTimeoutMinutes: 120 } }).timeoutSeconds).toBe(8100);
  });

  test("says where it differs from the documents on purpose", () => {
    expect(plan().deviations.map(({ subject, documented, here }) => [subject, documented, here])).toEqual([
      ["CPU limit of the sandbox controller", "a quarter of a core; 500m in the chart", "1 core"],
      ["Pods of the sandbox proxy", "one", "two"],
      ["Pods of code-executor", "one", "two"],
      ["Pods of the workers", "one", "two"],
    ]);
    expect(plan({ profile: "evaluation" }).deviations).toHaveLength(1);
  });
});

describe("features", () => {
  test.each([
    [{ dbconnector: true }, ["dbconnector"]],
    [{ agents: true }, ["agentWorker", "agentEvalWorker"]],
    [{ multiplayer: true }, ["multiplayer"]],
    [{ mcp: true }, ["mcp"]],
  ])("%j brings %j", (features, services) => {
    expect(installedServices(plan({ features })).map(({ id }) => id)).toEqual(expect.arrayContaining(services));
    expect(installedServices(plan({ features }))).toHaveLength(9 + services.length);
  });

  test("that are off are not sized", () => {
    expect(check({ mcp: { resources: { memoryMiB: 512 } } })).toEqual([
      "retool.mcp: has a size, but retool.features.mcp is off; set retool.features.mcp to true, or remove it",
    ]);
    expect(check({ mcp: { resources: { memoryMiB: 512 } }, features: { mcp: true } })).toEqual([]);
  });
});

describe("what orchestrates the app builder", () => {
  test.each([
    ["4.46.0-edge", "temporal"],
    ["4.47.0-edge", "postgres"],
    ["5.0.0-stable", "postgres"],
  ])("is by default, in %s, %s", (version, backend) => {
    expect(plan({ edgeReason: "x" }, version).appOrchestration).toBe(backend);
  });

  test("cannot be PostgreSQL before 4.47", () => {
    expect(check({ appOrchestration: "postgres" })).toEqual([
      'retool.appOrchestration: "postgres" needs Retool 4.47 or later, and this is 4.0.9-stable; use "temporal", or a newer version (https://docs.retool.com/4.86/self-hosted/self-managed/guides/pg-boss-orchestration-backend)',
    ]);
    expect(check({ appOrchestration: "postgres" }, "4.86.0-stable")).toEqual([]);
    expect(check({ appOrchestration: "temporal" })).toEqual([]);
  });
});

describe("the chart", () => {
  test.each([
    ["latest", 'retool.chartVersion: "latest" is not an exact version; use one such as "6.11.21"'],
    ["v6.11.21", 'retool.chartVersion: "v6.11.21" is not an exact version; use one such as "6.11.21"'],
    [
      "6.11.20",
      "retool.chartVersion: 6.11.20 is older than 6.11.21, and its sandboxes lose sessions or do not start; use 6.11.21 or later, or remove it to use 6.11.21",
    ],
  ])("of version %s is refused", (chartVersion, message) => {
    expect(check({ chartVersion })).toEqual([message]);
  });

  test("of a newer version is used, with a warning", () => {
    expect(check({ chartVersion: "6.13.2" })).toEqual([]);
    expect(plan({ chartVersion: "6.13.2" }).chartVersion).toBe("6.13.2");
    expect(plan({ chartVersion: "6.13.2" }).warnings).toEqual([
      "Chart 6.13.2 is not the one this package was tested with (6.11.21); its values may mean something else.",
    ]);
    expect(plan({ chartVersion: "6.11.21" }).warnings).toEqual([]);
  });
});

describe("code execution", () => {
  test("runs without the usual sandbox on request, with a warning", () => {
    expect(plan({ codeExecutor: { sandboxing: "privileged" } }).warnings[0]).toContain("can leave its network");
    expect(plan({ codeExecutor: { sandboxing: "unsandboxed" } }).warnings[0]).toContain("Without a sandbox");
    expect(check({ codeExecutor: { sandboxing: "privileged" } })).toEqual([]);
  });

  test("cannot be left out", () => {
    expect(check({ codeExecutor: { enabled: false } })).toEqual([
      "retool.codeExecutor.enabled: is not a known setting; remove it or correct its spelling",
    ]);
  });
});

describe("jobs-runner", () => {
  test("is never two", () => {
    expect(check({ jobsRunner: { replicas: 2 } })).toEqual([
      "retool.jobsRunner.replicas: 2 is out of range: it runs database migrations, and two at once would conflict; remove it: there is always exactly one (https://docs.retool.com/self-hosted/concepts/scaling)",
    ]);
  });

  test.each([0, 601])("cannot migrate for %s minutes", (migrationTimeoutMinutes) => {
    expect(check({ jobsRunner: { migrationTimeoutMinutes } })).toEqual([
      `retool.jobsRunner.migrationTimeoutMinutes: ${migrationTimeoutMinutes} is out of range; use 1 to 600 minutes`,
    ]);
  });
});

describe("every problem", () => {
  test("is found at once", () => {
    const spec = {
      api: { replicas: 0 },
      appOrchestration: "postgres",
      chartVersion: "1",
      extraValues: { agentSandbox: {} },
      images: { registries: { dockerHub: "https://x" } },
      outboundProxy: { url: "x" },
      environment: { LICENSE_KEY: "x" },
      upgrades: [{ from: "x", to: "y" }],
    };

    expect(check(spec, "3.0.0-stable").map((line) => line.slice(0, line.indexOf(":")))).toEqual([
      "retool.api.replicas",
      "retoolVersion",
      "retool.chartVersion",
      "retool.appOrchestration",
      "retool.environment.LICENSE_KEY",
      "retool.outboundProxy.url",
      "retool.images.registries.dockerHub",
      "retool.upgrades[0].from",
      "retool.upgrades[0].to",
      "retool.extraValues.agentSandbox",
    ]);
  });

  test("returns a plan for any input", () => {
    const keys = fc.constantFrom(
      "api",
      "features",
      "images",
      "extraValues",
      "environment",
      "sso",
      "upgrades",
      "telemetry",
    );
    fc.assert(
      fc.property(fc.dictionary(keys, fc.anything()), fc.string(), (spec, version) => {
        const planned = planRetool(spec, context, version);

        expect(planned.plan.jobsRunner.replicas).toBe(1);
      }),
    );
  });

  test("of shape names the setting", () => {
    expect(check({ telemetry: "on", apis: {} })).toEqual([
      'retool.telemetry: "on" is not one of the allowed values; use "off" or "metrics"',
      "retool.apis: is not a known setting; use api",
    ]);
  });
});

describe("further settings", () => {
  test("reach the plan", () => {
    const spec: RetoolSpec = {
      priorityClassName: "tools",
      outboundProxy: { url: "http://proxy.example.com:3128" },
      certificateAuthorities: CERTIFICATE,
      auditEvents: "database",
      telemetry: "metrics",
      extraValues: { podLabels: { team: "tools" } },
    };

    expect(check(spec)).toEqual([]);
    expect(plan(spec)).toMatchObject({
      priorityClassName: "tools",
      outboundProxy: { url: "http://proxy.example.com:3128" },
      certificateAuthorities: { pem: CERTIFICATE },
      auditEvents: "database",
      telemetry: "metrics",
      extraValues: { podLabels: { team: "tools" } },
    });
  });

  test("warn where the chart falls short", () => {
    const { warnings } = plan({
      images: { registries: { dockerHub: "mirror.example.com" }, pullSecrets: ["mirror"] },
      outboundProxy: { url: "http://proxy.example.com:3128" },
    });

    expect(warnings.map((text) => text.split(" ").slice(0, 4).join(" "))).toEqual([
      "The chart pulls busybox",
      "The chart gives pull",
      "Retool's documents do not",
    ]);
  });

  test("of two annotations break the chart's dbconnector", () => {
    const extraValues = { backend: { annotations: { a: "1", b: "2" } } };

    expect(check({ extraValues })).toEqual([]);
    expect(check({ extraValues, features: { dbconnector: true } })).toEqual([
      "retool.extraValues.backend.annotations: the 2 annotations break the chart's dbconnector, which supports only one; keep one, or set features.dbconnector to false",
    ]);
  });
});
