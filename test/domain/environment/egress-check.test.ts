import { spawn } from "node:child_process";

import { attemptsOf, egressCheck } from "../../../domain/environment/egress-check";
import { type EnvironmentPlan, planEnvironment } from "../../../domain/environment/environment";
import type { EgressSpec } from "../../../domain/egress/egress";
import type { Manifest } from "../../../domain/common/kubernetes";
import { CODE_AFFINITY, CODE_TOLERATION } from "../../../domain/nodes/node-pools";
import { CATALOG } from "../../../domain/catalog/catalog";
import { prod } from "../../support/environments/prod";
import { podErrors, type PodSpec } from "../../support/pod-validation";
import { StrictValidation, describeWithApiServer } from "../../support/strict-validation";

const planOf = (egress: EgressSpec): EnvironmentPlan => planEnvironment({ ...prod, egress });
const DNS = planOf({ level: "dns" });
const podOf = (job: Manifest): PodSpec =>
  (job["spec"] as unknown as { readonly template: { readonly spec: PodSpec } }).template.spec;

describe("a check of what may leave", () => {
  test.each<[EgressSpec, string, string]>([
    [{ level: "dns" }, "licensing.tryretool.com open, example.com refused", "example.com refused"],
    [
      { level: "dns", pythonPackages: "pypi.org" },
      "licensing.tryretool.com open, example.com refused",
      "pypi.org open, example.com refused",
    ],
    [{ level: "dns", mode: "alert" }, "licensing.tryretool.com open, example.com open", "example.com refused"],
    [{ level: "open" }, "licensing.tryretool.com open, example.com open", "example.com open"],
    [
      { level: "firewall", resources: [{ to: "example.com" }] },
      "licensing.tryretool.com open, example.net refused",
      "example.net refused",
    ],
  ])("%j: from api %s, from code-executor %s", (egress, api, code) => {
    const tried = (component: "api" | "code-executor"): string =>
      attemptsOf(component, planOf(egress).egress)
        .map(({ host, expected }) => `${host} ${expected}`)
        .join(", ");

    expect([tried("api"), tried("code-executor")]).toEqual([api, code]);
  });

  test("runs as the containers are known to policies, and is never ready", () => {
    const jobs = egressCheck(DNS);

    expect(jobs.map(({ metadata }) => metadata.name)).toEqual(["egress-check-api", "egress-check-code-executor"]);
    for (const [index, component] of (["api", "code-executor"] as const).entries()) {
      const template = (jobs[index]?.["spec"] as unknown as { template: { metadata: { labels: object } } }).template;
      expect(template.metadata.labels).toMatchObject(CATALOG[component].labels);
    }
    for (const job of jobs) {
      expect(podErrors(podOf(job))).toEqual([]);
      expect(podOf(job)).toMatchObject({ automountServiceAccountToken: false });
      expect(podOf(job).containers[0]).toMatchObject({ readinessProbe: { exec: { command: ["false"] } } });
    }
  });

  test("runs as code-executor on the nodes for users' code where there are some, and as api off them", () => {
    const plan = planEnvironment({ ...prod, nodePools: { isolateCodeExecution: true } });
    const [api, code] = egressCheck(plan).map(podOf);

    expect(code).toMatchObject({ tolerations: [CODE_TOLERATION], affinity: CODE_AFFINITY });
    for (const key of ["tolerations", "affinity"]) expect(api).not.toHaveProperty(key);
  });

  test("says what came of each attempt, and fails where it is not what was planned", async () => {
    const [, , script = ""] = (podOf(egressCheck(DNS)[0]!).containers[0] as unknown as { command: string[] }).command;
    // Nothing listens there.
    const run = (expected: string): Promise<{ code: number | null; output: string }> =>
      new Promise((resolve) => {
        const attempts = JSON.stringify([{ host: "localhost", expected }]);
        const child = spawn(process.execPath, ["-e", script, "api", attempts]);
        let output = "";
        child.stdout.on("data", (data: Buffer) => (output += data.toString()));
        child.on("close", (code) => {
          resolve({ code, output });
        });
      });

    const { code, output } = await run("refused");
    expect(code).toBe(0);
    expect(output).toMatch(/^api -> localhost:443: refused \(ECONNREFUSED\), as planned\n$/);
  });

  describeWithApiServer("its Jobs are taken by a Kubernetes API server", () => {
    test("with no field that it does not know", async () => {
      expect(await new StrictValidation().complaints(egressCheck(DNS))).toEqual([]);
    });
  });
});
