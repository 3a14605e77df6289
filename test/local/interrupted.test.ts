import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { takeObjects, takeReleases } from "../../local/interrupted";
import { endingNamespaces, untilEnded } from "../../local/ending-namespaces";
import { untilGone } from "../../local/leftovers";

const SINCE = new Date("2026-01-01T10:00:00Z");
const named = (name: string, namespace?: string): Record<string, unknown> => ({ metadata: [{ name, namespace }] });

/** A cluster with objects by their path, and what was done to them. */
function cluster(made: Readonly<Record<string, string>>) {
  const done: string[] = [];
  return {
    done,
    api: {
      madeAt: (path: string) => Promise.resolve(path in made ? new Date(made[path] ?? "") : undefined),
      call: <Answer>(method: string, path: string) => {
        done.push(`${method} ${path}`);
        return Promise.resolve({} as Answer);
      },
    },
    terraform: {
      take: (address: string, id: string) => {
        done.push(`import ${address} ${id}`);
        return Promise.resolve();
      },
    },
  };
}

describe("takeObjects", () => {
  const creates = [
    { address: "kubernetes_namespace_v1.retool", type: "kubernetes_namespace_v1", values: named("retool") },
    { address: "kubernetes_namespace_v1.old", type: "kubernetes_namespace_v1", values: named("old") },
    { address: "kubernetes_secret_v1.key", type: "kubernetes_secret_v1", values: named("key", "retool") },
    { address: "kubernetes_secret_v1.absent", type: "kubernetes_secret_v1", values: named("absent", "retool") },
    { address: "helm_release.retool", type: "helm_release", values: { name: "retool" } },
  ];

  test("imports what the run made, deletes its Secrets, and leaves what is older than the run", async () => {
    const { api, terraform, done } = cluster({
      "/api/v1/namespaces/retool": "2026-01-01T10:00:00Z",
      "/api/v1/namespaces/old": "2026-01-01T09:59:59Z",
      "/api/v1/namespaces/retool/secrets/key": "2026-01-01T10:05:00Z",
    });

    expect(await takeObjects(creates, terraform, api, SINCE)).toEqual([
      "kubernetes_namespace_v1.retool",
      "kubernetes_secret_v1.key",
    ]);
    expect(done).toEqual([
      "import kubernetes_namespace_v1.retool retool",
      "DELETE /api/v1/namespaces/retool/secrets/key",
    ]);
  });
});

describe("takeReleases", () => {
  const folder = mkdtempSync(join(tmpdir(), "releases-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("imports, in any status, the releases that the run made and the state does not know", async () => {
    const names = ["known", "made", "pending", "old", "absent"];
    const helm_release = Object.fromEntries(names.map((name) => [name, { name, namespace: "kube-system" }]));
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ resource: { helm_release } }));
    const record = (name: string, creationTimestamp: string, namespace = "kube-system") => ({
      metadata: { name: `sh.helm.release.v1.${name}.v1`, namespace, creationTimestamp, labels: { name } },
    });
    const items = [
      record("known", "2026-01-01T10:00:01Z"),
      record("made", "2026-01-01T10:00:00Z"),
      record("pending", "2026-01-01T10:00:02Z"),
      // Somebody else's, which a run of ours upgraded.
      record("old", "2026-01-01T09:59:59Z"),
      record("old", "2026-01-01T10:00:03Z"),
      record("absent", "2026-01-01T10:00:04Z", "elsewhere"),
    ];
    const api = { call: <Answer>() => Promise.resolve({ items } as Answer) };
    const { terraform, done } = cluster({});
    const stateful = { ...terraform, stateList: () => Promise.resolve(["helm_release.known"]) };

    expect(await takeReleases(stateful, api, SINCE, folder)).toEqual(["helm_release.made", "helm_release.pending"]);
    expect(done).toEqual([
      "import helm_release.made kube-system/made",
      "import helm_release.pending kube-system/pending",
    ]);
  });
});

describe("untilGone", () => {
  const path = "/api/v1/namespaces/retool";

  test("waits until a deleted object is gone", async () => {
    const answers = [true, false];

    await untilGone({ has: () => Promise.resolve(answers.shift() ?? true) }, path, 50);
    expect(answers).toEqual([]);
  });

  test("refuses where it stays", async () => {
    await expect(untilGone({ has: () => Promise.resolve(true) }, path, 20)).rejects.toThrow(
      `${path}: is still there after 0.02 s; see its finalizers and run the same command again`,
    );
  });
});

describe("namespaces that are being deleted", () => {
  const namespace = (name: string, phase: string): object => ({ metadata: { name }, status: { phase } });
  const items = [namespace("retool", "Terminating"), namespace("other", "Terminating"), namespace("logs", "Active")];
  const api = { call: <Answer>() => Promise.resolve({ items } as Answer) };

  test("are those of the stack only", async () => {
    const ours = ["retool", "logs", "absent"].map((name) => `/api/v1/namespaces/${name}`);

    await expect(endingNamespaces(api, ours)).resolves.toEqual(["/api/v1/namespaces/retool"]);
  });

  test("are waited for one after the other", async () => {
    const asked: string[] = [];
    await untilEnded({ has: (path) => Promise.resolve(asked.push(path) === 0) }, ["a", "b"]);

    expect(asked).toEqual(["a", "b"]);
  });
});
