import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { HelmRelease } from "../../constructs/common/helm-release";
import { describeOnKubernetes, kubeconfig, KubernetesBench, TINY_DEPLOYMENT } from "../support/kubernetes-bench";
import { runProgram } from "../support/run";
import { workspace } from "../support/workspace";

jest.setTimeout(300_000);

const CHART = {
  "Chart.yaml": "apiVersion: v2\nname: tiny\nversion: 1.0.0\n",
  "templates/all.yaml": [...TINY_DEPLOYMENT, ""].join("\n"),
};

/** What `npm run local` keeps after its emulator and itself were killed, as after a restart of the machine. */
function leaveBehind(server: string, since: Date, resource: object): void {
  const write = (path: string, content: object): void => {
    const file = join(workspace(), path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  };
  write(".local/terraform.tfstate", { version: 4, serial: 1, lineage: "test", outputs: {}, resources: [] });
  write(".local/cluster.json", { server, since });
  write("cdktf.out/stacks/local/cdk.tf.json", { resource });
  write("cdktf.out/stacks/prod/cdk.tf.json", {});
}

describeOnKubernetes(
  "npm run local -- --destroy, after a run whose state was not written and whose emulator is gone",
  () => {
    const charts = mkdtempSync(join(tmpdir(), "charts-"));
    let bench: KubernetesBench;
    beforeAll(async () => {
      mkdirSync(join(charts, "tiny", "templates"), { recursive: true });
      for (const [file, text] of Object.entries(CHART)) writeFileSync(join(charts, "tiny", file), text);
      bench = await KubernetesBench.open();
    });
    afterAll(async () => {
      rmSync(charts, { recursive: true });
      await bench.close();
    });

    test("takes down a release that was being installed and a namespace that was just made", async () => {
      const since = await bench.api.now();
      bench.define((stack) => {
        new HelmRelease(stack, "Release", {
          name: "tiny",
          namespace: bench.namespace,
          chart: { kind: "repository", name: "tiny", repository: "https://charts.example.com", version: "1.0.0" },
          values: {},
          timeoutSeconds: 120,
          hasPods: true,
          after: [],
          settings: { chartsDirectory: charts, hasNodes: true },
        });
      });
      await bench.applyKilledAt("pending-install");
      expect(await bench.statuses()).toEqual(["pending-install"]);
      const other = { name: `${bench.namespace}-other` };
      await bench.api.call("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: other });
      leaveBehind(bench.api.server, since, {
        helm_release: { Release: { name: "tiny", namespace: bench.namespace } },
        kubernetes_namespace_v1: { Other: { metadata: other } },
      });

      const { code, stderr } = runProgram("local/main.ts", ["--destroy", "--kubeconfig", kubeconfig]);

      // This process stood still meanwhile: it notices only now that the server has closed its connections.
      await sleep(1000);

      expect(code === 0 ? "" : stderr).toBe("");
      expect(await bench.statuses()).toEqual([]);
      expect(await bench.objects("/apis/apps/v1/namespaces/{namespace}/deployments")).toEqual([]);
      expect(await bench.api.has(`/api/v1/namespaces/${other.name}`)).toBe(false);
    });
  },
);
