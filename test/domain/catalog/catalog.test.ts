import { CATALOG } from "../../../domain/catalog/catalog";
import {
  RETOOL_COMPONENTS,
  installedComponents,
  podNamePatterns,
  servicesOfType,
  servicesThatNeed,
} from "../../../domain/catalog/lookup";

describe("the catalog", () => {
  test("has the documentation's containers where nothing is asked for", () => {
    expect(installedComponents([])).toEqual([
      ...["api", "jobs-runner", "workflow-worker", "workflow-backend", "code-executor", "js-executor"],
      ...["sandbox-controller", "sandbox-proxy", "sandbox", "r2-agent-worker"],
    ]);
  });

  test("gives every service its own Deployment, labels and setting", () => {
    const rows = Object.values(CATALOG);
    const settings = rows.flatMap(({ sizing }) => sizing?.setting ?? []);

    expect(new Set(rows.map(({ deployment }) => deployment)).size).toBe(rows.length);
    expect(new Set(rows.map(({ labels }) => JSON.stringify(labels))).size).toBe(rows.length);
    expect(new Set(settings).size).toBe(settings.length);
  });

  test("has no size below its own minimum, and no default above its own maximum", () => {
    for (const { sizing } of Object.values(CATALOG)) {
      for (const resources of sizing === undefined ? [] : [sizing.resources, sizing.evaluation ?? sizing.resources]) {
        expect(resources.memoryMiB).toBeGreaterThanOrEqual(sizing!.minimumMemory.request);
        expect(resources.memoryLimitMiB).toBeGreaterThanOrEqual(sizing!.minimumMemory.limit);
        expect(sizing!.replicas).toBeLessThanOrEqual(sizing!.maxReplicas);
      }
    }
  });

  test("lets no service that runs users' code reach the database, the bucket, Temporal or the Kubernetes API", () => {
    const kept = servicesThatNeed("bucket", "temporal", "kubernetes-api");
    const code = RETOOL_COMPONENTS.filter((name) => CATALOG[name].runsUserCode === true);

    expect(code).toEqual(["code-executor", "js-executor", "sandbox-proxy", "sandbox"]);
    expect(code.filter((name) => kept.includes(name))).toEqual([]);
    // The proxy keeps its sessions there; users' code only passes through it.
    expect(code.filter((name) => servicesThatNeed("platform-database").includes(name))).toEqual(["sandbox-proxy"]);
  });

  test("knows who opens SSH connections, and whose pods never get the bucket's role", () => {
    expect(servicesOfType("DB_SSH_CONNECTOR")).toEqual(["api", "workflow-backend", "dbconnector"]);
    expect(podNamePatterns(({ runsUserCode }) => runsUserCode === true)).toEqual([
      "*-code-executor-*",
      "*-js-executor-*",
    ]);
  });
});
