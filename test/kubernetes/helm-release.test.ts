import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { HelmRelease } from "../../constructs/common/helm-release";
import { removeRecords, stuckReleases } from "../../cli/helm-records";
import type { JsonObject } from "../../domain/common/kubernetes";
import { describeOnKubernetes, KubernetesBench, TINY_DEPLOYMENT } from "../support/kubernetes-bench";

jest.setTimeout(300_000);

/** A chart with a ConfigMap, a Deployment that never gets ready on a server without nodes, and a mistake on demand. */
const CHART = {
  "Chart.yaml": "apiVersion: v2\nname: tiny\nversion: 1.0.0\n",
  "values.yaml": 'text: ""\nbroken: false\n',
  "templates/all.yaml": [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata: { name: tiny }",
    "data: { text: {{ .Values.text | quote }} }",
    "---",
    ...TINY_DEPLOYMENT,
    "{{ if .Values.broken }}",
    "---",
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata: { name: Not_A_Name }",
    "{{ end }}",
    "",
  ].join("\n"),
};

const charts = mkdtempSync(join(tmpdir(), "charts-"));
for (const [file, text] of Object.entries(CHART)) {
  mkdirSync(join(charts, "tiny", "templates"), { recursive: true });
  writeFileSync(join(charts, "tiny", file), text);
}
afterAll(() => {
  rmSync(charts, { recursive: true });
});

describeOnKubernetes("a Helm release on an API server", () => {
  let bench: KubernetesBench;
  beforeEach(async () => (bench = await KubernetesBench.open()));
  afterEach(async () => bench.close());

  const ours = (): { name: string; namespace: string }[] => [{ name: "tiny", namespace: bench.namespace }];

  /** Defines the release as every release of ours is defined; with `waits` it waits for its pod, which never comes. */
  const release = (values: JsonObject, waits = false): void => {
    bench.define((stack) => {
      new HelmRelease(stack, "Release", {
        name: "tiny",
        namespace: bench.namespace,
        chart: { kind: "repository", name: "tiny", repository: "https://charts.example.com", version: "1.0.0" },
        values,
        timeoutSeconds: 120,
        hasPods: true,
        after: [],
        settings: { chartsDirectory: charts, hasNodes: waits },
      });
    });
  };
  const mend = async (): Promise<string[]> => {
    const stuck = await stuckReleases(bench.api, ours());
    await removeRecords(bench.api, stuck);
    return stuck.map(({ status }) => status);
  };
  const text = async (): Promise<string | undefined> => {
    interface ConfigMap {
      readonly metadata: { readonly name: string };
      readonly data: { readonly text: string };
    }
    const found = await bench.objects<ConfigMap>("/api/v1/namespaces/{namespace}/configmaps");
    return found.find(({ metadata }) => metadata.name === "tiny")?.data.text;
  };

  test("whose first install failed is taken up by the next deployment", async () => {
    release({ text: "one", broken: true });
    const failed = await bench.apply();
    expect(failed.output).toContain("Not_A_Name");
    expect(failed.code).toBe(1);
    expect(await bench.statuses()).toEqual(["failed"]);

    release({ text: "two" });
    expect(await bench.apply()).toMatchObject({ code: 0 });
    expect(await text()).toBe("two");
    expect(await bench.isSettled()).toBe(true);
  });

  test("whose first install was killed is stuck until its record is mended", async () => {
    release({ text: "one" }, true);
    expect((await bench.applyKilledAt("pending-install")).code).toBeNull();

    release({ text: "two" });
    expect((await bench.apply()).output).toContain("another operation (install/upgrade/rollback) is in progress");
    expect(await mend()).toEqual(["pending-install"]);
    expect(await bench.apply()).toMatchObject({ code: 0 });
    expect(await text()).toBe("two");
    expect(await bench.isSettled()).toBe(true);
  });

  test("whose upgrade was killed is stuck until its record is mended", async () => {
    release({ text: "one" });
    expect(await bench.apply()).toMatchObject({ code: 0 });
    release({ text: "two" }, true);
    expect((await bench.applyKilledAt("pending-upgrade")).code).toBeNull();

    release({ text: "three" });
    expect((await bench.apply()).output).toContain("another operation (install/upgrade/rollback) is in progress");
    expect(await mend()).toEqual(["pending-upgrade"]);
    expect(await bench.apply()).toMatchObject({ code: 0 });
    expect(await text()).toBe("three");
    expect(await mend()).toEqual([]);
  });

  test("whose upgrade failed goes back, though the provider says that it did not", async () => {
    release({ text: "one" });
    expect(await bench.apply()).toMatchObject({ code: 0 });
    release({ text: "two", broken: true });
    expect((await bench.apply()).code).toBe(1);

    release({ text: "one" });
    const back = await bench.apply();
    expect(back.code === 0 || back.output.includes("Provider produced inconsistent result after apply")).toBe(true);
    expect(await text()).toBe("one");
    expect(await bench.apply()).toMatchObject({ code: 0 });
    expect(await bench.isSettled()).toBe(true);
  });
});
