import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import { readKubeconfig } from "../../cli/kubeconfig";
import { KubernetesApi } from "../../cli/kubernetes-api";
import { chartsWithoutNodes, finalizeNamespaces, hasNodes } from "../../local/nodeless";
import { ApiServer } from "../support/api-server";

const folder = mkdtempSync(join(tmpdir(), "kubernetes-"));
const servers: ApiServer[] = [];
afterAll(() => {
  rmSync(folder, { recursive: true });
  for (const server of servers) server.stop();
});

async function serve(...args: Parameters<typeof ApiServer.start>): Promise<ApiServer> {
  const server = await ApiServer.start(...args);
  servers.push(server);
  return server;
}

function kubeconfig(cluster: object, user: object, context = "c"): string {
  const file = join(folder, `kubeconfig-${String(Math.random()).slice(2)}`);
  const entry = { "current-context": "c", contexts: [{ name: context, context: { cluster: "k", user: "u" } }] };
  writeFileSync(file, stringify({ ...entry, clusters: [{ name: "k", cluster }], users: [{ name: "u", user }] }));
  return file;
}

describe("readKubeconfig", () => {
  const server = "https://127.0.0.1:6443";

  test("reads a token and an authority in base64", () => {
    const authority = Buffer.from("PEM").toString("base64");

    expect(readKubeconfig(kubeconfig({ server, "certificate-authority-data": authority }, { token: "t" }))).toEqual({
      server,
      ca: "PEM",
      verify: true,
      token: "t",
      cert: undefined,
      key: undefined,
    });
  });

  test("reads a client certificate from files next to it", () => {
    writeFileSync(join(folder, "cert.pem"), "CERT");
    writeFileSync(join(folder, "key.pem"), "KEY");
    const file = kubeconfig(
      { server, "insecure-skip-tls-verify": true },
      { "client-certificate": "cert.pem", "client-key": "key.pem" },
    );

    expect(readKubeconfig(file)).toMatchObject({ verify: false, cert: "CERT", key: "KEY" });
  });

  test.each([
    [
      "no current context",
      kubeconfig({ server }, { token: "t" }, "other"),
      /has no usable current context; set one with kubectl config use-context$/,
    ],
    [
      "a plugin",
      kubeconfig({ server }, { exec: {} }),
      /has neither a token nor a client certificate; use a kubeconfig that has one$/,
    ],
    ["no file", join(folder, "absent"), /cannot be read \(.*ENOENT.*\); use a kubeconfig in YAML$/],
  ])("refuses %s", (_, file, message) => {
    expect(() => readKubeconfig(file)).toThrow(message);
  });
});

test("an API server that goes away in the middle of its answer cannot be reached", async () => {
  const { access } = await serve(() => ({ json: {}, isCut: true }));

  await expect(new KubernetesApi(access).call("GET", "/api/v1/nodes")).rejects.toThrow(
    /^Kubernetes API: https:\S+ cannot be reached \(aborted\); check/,
  );
});

test("finalizing namespaces survives an API server that goes away", async () => {
  const server = await serve(() => ({ json: { items: [] } }));
  const { access } = server;
  server.stop();
  const watch = new AbortController();
  const watching = finalizeNamespaces(new KubernetesApi(access), watch.signal, () => undefined);
  watch.abort();

  await expect(watching).resolves.toBeUndefined();
});

test("the API server says when an object was made, and what time it is, without the object's content", async () => {
  const creationTimestamp = "2026-01-01T10:00:00Z";
  const server = await serve(({ url }) =>
    url.endsWith("/absent") ? { status: 404, json: {} } : { json: { metadata: { creationTimestamp } } },
  );
  const api = new KubernetesApi(server.access);

  expect(await api.madeAt("/api/v1/namespaces/retool/secrets/key")).toEqual(new Date(creationTimestamp));
  expect(await api.madeAt("/api/v1/namespaces/absent")).toBeUndefined();
  expect(await api.now()).toEqual(new Date(creationTimestamp));
  expect(server.received.map(({ method, url }) => `${method} ${url}`)[2]).toBe(
    "POST /apis/authentication.k8s.io/v1/selfsubjectreviews",
  );
});

/** As Kubernetes lists them: its own APIs, and an aggregated one whose server has no node to run on. */
const API_SERVICES = [
  { spec: { group: "apps", version: "v1" }, status: { conditions: [{ type: "Available", status: "True" }] } },
  {
    spec: {
      group: "metrics.k8s.io",
      version: "v1beta1",
      service: { name: "metrics-server", namespace: "kube-system" },
    },
    status: { conditions: [{ type: "Available", status: "False", reason: "MissingEndpoints" }] },
  },
];

describe("an API server without nodes", () => {
  test.each([
    [[], false],
    [[{}], true],
  ])("is told by its node list %j", async (items, expected) => {
    const server = await serve(() => ({ json: { items } }));

    await expect(hasNodes(new KubernetesApi(server.access))).resolves.toBe(expected);
  });

  test("cannot be reached: one line with the remedy", async () => {
    const access = { server: "https://127.0.0.1:1", verify: false, token: "t" };

    await expect(hasNodes(new KubernetesApi(access))).rejects.toThrow(
      /Kubernetes API: https:\/\/127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED.*\); check that it runs and admits this machine/,
    );
  });

  test("has its ending namespaces emptied and finalized, and no other", async () => {
    const terminating = { metadata: { name: "retool" }, status: { phase: "Terminating" } };
    const active = { metadata: { name: "default" }, status: { phase: "Active" } };
    const watch = new AbortController();
    const verbs = ["get", "deletecollection"];
    const resources = [
      { name: "secrets", namespaced: true, verbs },
      { name: "nodes", namespaced: false, verbs },
      { name: "bindings", namespaced: true, verbs: ["create"] },
    ];
    const groups = ["apps/v1", "metrics.k8s.io/v1beta1"].map((groupVersion) => ({
      preferredVersion: { groupVersion },
    }));
    const server = await serve(({ method, url }) => {
      if (method === "PUT") watch.abort();
      if (url === "/api/v1/namespaces") return { json: { items: [active, terminating] } };
      if (url.endsWith("/apiservices")) return { json: { items: API_SERVICES } };
      if (url === "/apis/metrics.k8s.io/v1beta1") return { status: 503, json: {} };
      return {
        json: { groups, resources: url === "/apis/apps/v1" ? [{ ...resources[0], name: "deployments" }] : resources },
      };
    });
    await finalizeNamespaces(new KubernetesApi(server.access), watch.signal, () => undefined);
    const changes = server.received.filter(({ method }) => method !== "GET");

    expect(changes.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "DELETE /api/v1/namespaces/retool/secrets",
      "DELETE /apis/apps/v1/namespaces/retool/deployments",
      "PUT /api/v1/namespaces/retool/finalize",
    ]);
    expect(JSON.parse(changes[2]?.body ?? "")).toMatchObject({ kind: "Namespace", spec: { finalizers: [] } });
  });

  test("has each namespace finalized by itself, and a failure said once", async () => {
    const items = ["broken", "retool"].map((name) => ({ metadata: { name }, status: { phase: "Terminating" } }));
    const watch = new AbortController();
    const server = await serve(({ method, url }) => {
      if (url === "/api/v1/namespaces") return { json: { items } };
      if (url.endsWith("/apiservices")) return { json: { items: [] } };
      if (method === "PUT" && url.includes("broken")) return { status: 500, json: { message: "no" } };
      return { json: { groups: [], resources: [] } };
    });
    const said: string[] = [];
    await finalizeNamespaces(new KubernetesApi(server.access), watch.signal, (text) => {
      said.push(text);
      watch.abort();
    });

    expect(said).toEqual([
      "namespaces are not finalized yet: Kubernetes API: PUT /api/v1/namespaces/broken/finalize was refused (500: no)",
    ]);
    expect(server.received.map(({ method, url }) => `${method} ${url}`)).toContain(
      "PUT /api/v1/namespaces/retool/finalize",
    );
  });

  test("gets the load balancer controller's CRDs as a chart of the same version", () => {
    const chart = join(folder, "charts", "aws-load-balancer-controller");
    mkdirSync(join(chart, "crds"), { recursive: true });
    writeFileSync(join(chart, "Chart.yaml"), "name: aws-load-balancer-controller\nversion: 3.5.0\n");
    writeFileSync(
      join(chart, "crds", "crds.yaml"),
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n",
    );
    writeFileSync(join(chart, "crds", "kustomization.yaml"), "kind: Kustomization\n");
    const made = join(chartsWithoutNodes(join(folder, "charts")), "aws-load-balancer-controller-crds");

    expect(readdirSync(join(made, "templates"))).toEqual(["crds.yaml"]);
    expect(readFileSync(join(made, "Chart.yaml"), "utf8")).toContain("version: 3.5.0");
  });

  test("refuses charts without those CRDs", () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);

    expect(() => chartsWithoutNodes(empty)).toThrow(
      `--charts: ${empty} holds no aws-load-balancer-controller/crds; put the unpacked chart there`,
    );
  });
});
