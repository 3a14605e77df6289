import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

import { KubernetesApi } from "../../../cli/kubernetes-api";
import { newestLog } from "../../../cli/running/logs";
import { nodesOf } from "../../../cli/running/nodes";
import { workloadsOf } from "../../../cli/running/workloads";
import type { PodState } from "../../../domain/status/observed";
import { ApiServer, type Received } from "../../support/api-server";
import { deployment, pod } from "../../support/observed";

interface Answer {
  status?: number;
  json: unknown;
}

let answers: Readonly<Record<string, Answer>> = {};
let server: ApiServer;
const unknownPath: Answer = { status: 404, json: { message: "the server could not find the requested resource" } };

beforeAll(async () => {
  server = await ApiServer.start(({ url }: Received) => answers[url] ?? unknownPath);
});
afterAll(() => {
  server.stop();
});

const api = (): KubernetesApi => new KubernetesApi(server.access);
const list = (...items: object[]): Answer => ({ json: { items } });
const forbidden: Answer = { status: 403, json: { message: "nodes is forbidden" } };

// As kube-apiserver 1.34 answered, shortened.
const DEPLOYMENT = {
  metadata: { name: "retool", generation: 3 },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "retool" } },
    template: { spec: { containers: [{ image: "tryretool/backend:4.0.9-stable" }] } },
  },
  status: { observedGeneration: 3, replicas: 3, updatedReplicas: 1, readyReplicas: 2 },
};
const POD = {
  metadata: { name: "retool-1", labels: { app: "retool" }, creationTimestamp: "2026-11-29T11:00:00Z" },
  spec: { containers: [{ env: [{ name: "SECRET", value: "hidden" }] }] },
  status: {
    phase: "Running",
    conditions: [
      { type: "PodScheduled", status: "True" },
      { type: "Ready", status: "True" },
    ],
    containerStatuses: [{ restartCount: 0, state: { running: {} } }],
  },
};
const podWith = (status: object): object => ({ ...POD, status: { ...POD.status, ...status } });

async function podOf(item: object): Promise<unknown> {
  answers = {
    "/apis/apps/v1/namespaces/retool/deployments": list(DEPLOYMENT),
    "/api/v1/namespaces/retool/pods": list(item),
    "/apis/apps/v1/namespaces/kube-system/deployments": list(),
  };
  return (await workloadsOf(api(), "retool")).pods[0];
}

describe("workloads", () => {
  test("are read, and no variable of a pod with them", async () => {
    await expect(podOf(POD)).resolves.toEqual(pod({ name: "retool-1", labels: { app: "retool" } }));
    const found = await workloadsOf(api(), "retool");

    expect(found.deployments).toEqual([deployment("retool", { wanted: 2, existing: 3, updated: 1, ready: 2 })]);
    expect(JSON.stringify(found)).not.toContain("hidden");
  });

  test("know since when a pod is not ready", async () => {
    const lost = { type: "Ready", status: "False", lastTransitionTime: "2026-11-29T11:50:00Z" };

    await expect(podOf(podWith({ conditions: [lost] }))).resolves.toMatchObject({
      ready: false,
      notReadySince: "2026-11-29T11:50:00Z",
    });
  });

  test("know whether a pod was ready since its containers started", async () => {
    const unready = { type: "Ready", status: "False", lastTransitionTime: "2026-11-29T11:50:00Z" };
    const lost = async (...starts: readonly (string | undefined)[]): Promise<unknown> => {
      const containerStatuses = starts.map((startedAt) => ({
        state: startedAt === undefined ? { waiting: { reason: "CrashLoopBackOff" } } : { running: { startedAt } },
      }));
      return ((await podOf(podWith({ conditions: [unready], containerStatuses }))) as PodState).lostReadiness;
    };

    await expect(lost("2026-11-29T11:49:59Z")).resolves.toBe(true);
    await expect(lost("2026-11-29T11:50:00Z")).resolves.toBe(false);
    await expect(lost("2026-11-29T11:50:03Z")).resolves.toBe(false);
    await expect(lost("2026-11-25T11:50:00Z", "2026-11-29T11:55:00Z")).resolves.toBe(false);
    await expect(lost(undefined)).resolves.toBe(false);
    await expect(lost()).resolves.toBe(false);
  });

  test("count no new pod before the controller has seen the newest template", async () => {
    await podOf(POD);
    const unseen = { ...DEPLOYMENT, metadata: { ...DEPLOYMENT.metadata, generation: 4 } };
    answers = { ...answers, "/apis/apps/v1/namespaces/retool/deployments": list(unseen) };

    expect((await workloadsOf(api(), "retool")).deployments[0]?.updated).toBe(0);
  });

  test("say why a pod has no node", async () => {
    const message = "0/3 nodes are available: 3 Insufficient cpu.";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];

    await expect(podOf(podWith({ phase: "Pending", conditions }))).resolves.toMatchObject({
      ready: false,
      unschedulable: message,
    });
  });

  test("say why a container waits, but not that it only starts", async () => {
    const waiting = (reason: string) => podWith({ containerStatuses: [{ state: { waiting: { reason } } }] });

    await expect(podOf(waiting("ImagePullBackOff"))).resolves.toMatchObject({
      waiting: { reason: "ImagePullBackOff", message: "" },
    });
    await expect(podOf(waiting("ContainerCreating"))).resolves.toMatchObject({ waiting: undefined });
  });

  test("say how a container last ended, the newest end of all containers", async () => {
    const ended = (exitCode: number, reason: string, finishedAt: string) => ({
      restartCount: 2,
      lastState: { terminated: { exitCode, reason, finishedAt } },
    });
    const initContainerStatuses = [ended(1, "Error", "2026-11-29T11:10:00Z")];
    const containerStatuses = [
      ended(137, "OOMKilled", "2026-11-29T11:20:00Z"),
      ended(0, "Completed", "2026-11-29T11:30:00Z"),
    ];

    await expect(podOf(podWith({ initContainerStatuses, containerStatuses }))).resolves.toMatchObject({
      restarts: 6,
      stopped: { reason: "OOMKilled", message: "", at: "2026-11-29T11:20:00Z" },
    });
    await expect(podOf(podWith({ initContainerStatuses }))).resolves.toMatchObject({
      stopped: { reason: "exit code 1" },
    });
  });

  test("may not be read", async () => {
    await podOf(POD);
    answers = { ...answers, "/api/v1/namespaces/retool/pods": forbidden };

    await expect(workloadsOf(api(), "retool")).rejects.toThrow(
      "Kubernetes API: GET /api/v1/namespaces/retool/pods was refused (403: nodes is forbidden); check the permissions of these credentials",
    );
  });

  test("are given up where the server does not answer in time", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const access = { ...server.access, server: `https://127.0.0.1:${String(port)}` };

    await expect(workloadsOf(new KubernetesApi(access, 50), "retool")).rejects.toThrow(
      `Kubernetes API: https://127.0.0.1:${String(port)} cannot be reached (timed out after 0.05 s); check that it runs and admits this machine`,
    );
    silent.close();
  });
});

describe("nodes", () => {
  const NODE = {
    metadata: {
      name: "ip-10-0-0-3",
      labels: { "karpenter.sh/nodepool": "retool", "node.kubernetes.io/instance-type": "m7i.2xlarge" },
    },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };
  const POOL = {
    metadata: { name: "retool" },
    spec: { limits: { nodes: "14", cpu: "112" } },
    status: { resources: { cpu: "15890m" } },
  };
  const claim = (condition: object): object => ({
    metadata: { name: "c", labels: { "karpenter.sh/nodepool": "sandbox" } },
    status: { conditions: [{ type: "Launched", ...condition }] },
  });

  test("are read with their pools", async () => {
    answers = {
      "/api/v1/nodes": list(NODE, { metadata: { name: "s", labels: { "eks.amazonaws.com/nodegroup": "system" } } }),
      "/apis/karpenter.sh/v1/nodepools": list(POOL, { metadata: { name: "free" }, spec: {} }),
      "/apis/karpenter.sh/v1/nodeclaims": list(claim({ status: "True" }), claim({ status: "Unknown" })),
    };

    await expect(nodesOf(api())).resolves.toEqual({
      nodes: [
        { name: "ip-10-0-0-3", pool: "retool", isManaged: false, ready: true, type: "m7i.2xlarge" },
        { name: "s", pool: undefined, isManaged: true, ready: false, type: "" },
      ],
      pools: [
        { name: "retool", mostNodes: 14, cpus: 15.89, mostCpus: 112 },
        { name: "free", mostNodes: undefined, cpus: 0, mostCpus: undefined },
      ],
      failures: [],
    });
  });

  test("could not be launched", async () => {
    const message = "creating instance,\n VcpuLimitExceeded";
    answers = {
      ...answers,
      "/apis/karpenter.sh/v1/nodeclaims": list(
        claim({ status: "Unknown", reason: "LaunchFailed", message }),
        claim({ status: "False" }),
      ),
    };

    expect((await nodesOf(api())).failures).toEqual([
      { pool: "sandbox", message: "creating instance, VcpuLimitExceeded" },
      { pool: "sandbox", message: "no reason is given" },
    ]);
  });

  test("are read without Karpenter, and not without the right", async () => {
    answers = { "/api/v1/nodes": list(NODE) };
    await expect(nodesOf(api())).resolves.toMatchObject({ pools: [], failures: [] });

    answers = { "/api/v1/nodes": list(NODE), "/apis/karpenter.sh/v1/nodepools": forbidden };
    await expect(nodesOf(api())).rejects.toThrow("was refused (403: nodes is forbidden)");
  });
});

describe("a log", () => {
  const labels = { app: "retool-jobs-runner" };
  const workloads = (...pods: ReturnType<typeof pod>[]) => ({
    deployments: [deployment("retool-jobs-runner")],
    pods,
    controllers: [],
  });
  const read = (...pods: ReturnType<typeof pod>[]) =>
    newestLog(api(), "retool", "retool-jobs-runner", workloads(...pods));

  test("is that of the newest pod, and of the run before where that one has ended", async () => {
    answers = {
      "/api/v1/namespaces/retool/pods/new/log?tailLines=300": { json: "of the newest" },
      "/api/v1/namespaces/retool/pods/new/log?tailLines=300&previous=true": { json: "of the run before" },
    };
    const old = pod({ name: "old", labels });
    const fresh = pod({ name: "new", labels, created: "2026-11-29T11:30:00Z" });

    await expect(read(old, fresh)).resolves.toBe('"of the newest"');
    await expect(read(old, { ...fresh, ready: false, restarts: 2 })).resolves.toBe('"of the run before"');
  });

  test("is empty without a pod that has started, and refused where the server refuses", async () => {
    answers = {};
    await expect(read(pod({ labels, phase: "Pending" }))).resolves.toBe("");
    await expect(newestLog(api(), "retool", "retool-mcp", workloads())).resolves.toBe("");
    await expect(read(pod({ name: "gone", labels }))).rejects.toThrow(
      "Kubernetes API: GET /api/v1/namespaces/retool/pods/gone/log?tailLines=300 was refused (404: the server could not find the requested resource)",
    );
  });
});
