import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";

import { RetoolRelease } from "../../constructs/chart/retool-release";
import { ClusterWorkloads } from "../../constructs/common/workloads";
import { deploymentPatches } from "../../domain/chart/post-render";
import { planRetool } from "../../domain/retool/retool";
import { context } from "../support/fakes";
import { hasApiServer, KubernetesBench } from "../support/kubernetes-bench";
import { releaseValues } from "../support/retool-release";

jest.setTimeout(600_000);

const chart = process.env["RETOOL_CHART"] ?? "";

const canDeploy = hasApiServer && existsSync(chart);
if (hasApiServer && !canDeploy) {
  process.stdout.write(
    "tests of Retool on an API server are skipped: set RETOOL_CHART to the unpacked chart's folder\n",
  );
}

interface Deployment {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

/** What is installed without optional features. */
const DEPLOYMENTS = [
  "retool",
  "retool-agent-sandbox-controller",
  "retool-agent-sandbox-proxy",
  "retool-code-executor",
  "retool-jobs-runner",
  "retool-js-executor",
  "retool-r2-agent-worker",
  "retool-workflow-backend",
  "retool-workflow-worker",
];

/** The Retool release as the stack makes it, but in its own namespace, from version to version. */
(canDeploy ? describe : describe.skip)("Retool on an API server", () => {
  let bench: KubernetesBench;
  beforeAll(async () => (bench = await KubernetesBench.open()));
  afterAll(async () => bench.close());

  const deploy = async (version: string): Promise<number | null> => {
    const scope = { ...context, namespace: bench.namespace };
    bench.define((stack) => {
      new RetoolRelease(stack, "Retool", {
        plan: planRetool(undefined, scope, version).plan,
        patches: deploymentPatches(planRetool(undefined, scope, version).plan),
        values: releaseValues({ version, context: scope }),
        namespace: bench.namespace,
        workloads: new ClusterWorkloads({ chartsDirectory: dirname(chart), hasNodes: false }),
        after: [],
      });
    });
    return (await bench.apply()).code;
  };
  const deployments = async (): Promise<Readonly<Record<string, Deployment["spec"]>>> => {
    const found = await bench.objects<Deployment>("/apis/apps/v1/namespaces/{namespace}/deployments");
    return Object.fromEntries(found.map(({ metadata, spec }) => [metadata.name, spec]));
  };
  /** The same Deployments, but for the tags of one version. */
  const without = (specs: Awaited<ReturnType<typeof deployments>>, version: string): unknown =>
    JSON.parse(JSON.stringify(specs).replaceAll(version, "VERSION"));

  test("is named as the chart's folder", () => {
    expect(basename(chart)).toBe("retool");
  });

  test("is installed, upgraded by a patch and by a line, and goes back, each time with an empty plan after it", async () => {
    const seen: Awaited<ReturnType<typeof deployments>>[] = [];
    for (const version of ["4.0.9-stable", "4.0.10-stable", "4.34.1-stable", "4.0.10-stable"]) {
      expect(await deploy(version)).toBe(0);
      expect(await bench.isSettled()).toBe(true);
      seen.push(await deployments());
    }
    const [installed, patched, upgraded, back] = seen as [(typeof seen)[0], ...typeof seen];

    expect(Object.keys(installed).sort()).toEqual(DEPLOYMENTS);
    expect(installed["retool-jobs-runner"]?.replicas).toBe(1);
    expect(without(patched!, "4.0.10-stable")).toEqual(without(installed, "4.0.9-stable"));
    expect(without(upgraded!, "4.34.1-stable")).toEqual(without(installed, "4.0.9-stable"));
    expect(back).toEqual(patched);
    expect(await bench.statuses()).toEqual(["superseded", "superseded", "superseded", "deployed"]);
  });
});
