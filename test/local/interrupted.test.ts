import { takeObjects } from "../../local/interrupted";

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
