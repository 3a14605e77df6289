import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";

import { parse, stringify } from "yaml";

import { CATALOG } from "../../../domain/catalog/catalog";
import { serviceName } from "../../../domain/catalog/services";
import { type DeploymentPatch, deploymentPatches, releasePatches } from "../../../domain/chart/post-render";
import type { JsonObject } from "../../../domain/common/kubernetes";
import { resourceValues } from "../../../domain/chart/placement";
import { sharedClusterNames } from "../../../domain/cluster/pool-names";
import { retoolNodeSelector } from "../../../domain/nodes/node-pools";
import { installedServices } from "../../../domain/retool/retool";
import type { PodSpec, SpreadConstraint } from "../../support/pod-validation";
import { podErrors } from "../../support/pod-validation";
import { CERTIFICATE, type ReleaseChoice, releaseInput } from "../../support/retool-release";
import { type Node, type ScheduledPod, Scheduler } from "../../support/scheduler";

const patchesOf = (choice: ReleaseChoice = {}): DeploymentPatch[] => deploymentPatches(releaseInput(choice).retool);
const patchOf = (deployment: string, choice?: ReleaseChoice): DeploymentPatch | undefined =>
  patchesOf(choice).find((patch) => patch.deployment === deployment);

/** Every pod that the chart would put on the nodes of Retool by itself, as values and patches make it. */
function pods(choice: ReleaseChoice = {}): ScheduledPod[] {
  return installedPods(choice).filter(({ deployment }) => chartNodes.get(deployment) === "retool");
}

/** The nodes that the chart chooses for each Deployment; patches put the others on those of Retool too. */
const chartNodes = new Map(Object.values(CATALOG).map(({ deployment, sizing }) => [deployment, sizing?.chartNodes]));

/** Every pod of every Deployment of Retool. */
function installedPods(choice: ReleaseChoice = {}): ScheduledPod[] {
  const { retool } = releaseInput(choice);
  const patches = deploymentPatches(retool);
  return installedServices(retool).flatMap(({ id, replicas, resources }) => {
    const { deployment, labels } = CATALOG[serviceName(id)];
    const constraints = patches.find((patch) => patch.deployment === deployment)?.topologySpreadConstraints;
    const pod: ScheduledPod = {
      deployment,
      labels: { ...labels, "pod-template-hash": deployment },
      spec: {
        containers: [{ name: "a", image: "a", resources: resourceValues(resources) }],
        topologySpreadConstraints: constraints as unknown as readonly SpreadConstraint[],
      },
    };
    return Array.from({ length: replicas }, () => pod);
  });
}

const isApi = ({ deployment }: ScheduledPod): boolean => deployment === "retool";
const node = (name: string, zone: string, cpus = 64): Node => ({ name, zone, cpus });
const placed = ({ placements }: Scheduler, deployment: string): Node[] =>
  placements.filter(({ pod }) => pod.deployment === deployment).map((placement) => placement.node);

describe("the loss of a node or of a zone", () => {
  const features = { agents: true, dbconnector: true, multiplayer: true, mcp: true };
  const nodes = [node("a1", "a"), node("a2", "a"), node("b1", "b"), node("c1", "c")];
  const scheduler = new Scheduler(installedPods({ retool: { features } }));
  for (const one of nodes) scheduler.join(one);
  /** Services that have no pod left in the moment after, before any other starts. */
  const gone = (isLost: (node: Node) => boolean): string[] => {
    const left = new Set(scheduler.placements.filter((one) => !isLost(one.node)).map(({ pod }) => pod.deployment));
    return [...new Set(scheduler.placements.map(({ pod }) => pod.deployment))].filter((name) => !left.has(name));
  };
  /** Services with one pod: Retool allows no second one, or nobody waits for them longer than a pod takes to start. */
  const SINGLE = [
    ...["jobs-runner", "workflow-backend", "js-executor", "agent-sandbox-controller"],
    ...["dbconnector", "multiplayer-ws", "mcp"],
  ].map((name) => `retool-${name}`);

  test.each([
    ...nodes.map(({ name }) => [`node ${name}`, (one: Node) => one.name === name] as const),
    ...["a", "b", "c"].map((zone) => [`zone ${zone}`, (one: Node) => one.zone === zone] as const),
  ])("of %s leaves a pod of every service of production that may have two", (_lost, isLost) => {
    expect(scheduler.pending).toEqual([]);
    expect(gone(isLost).filter((name) => !SINGLE.includes(name))).toEqual([]);
  });

  test("concerns api, every worker, code-executor and the proxies, and takes only the known services with one pod", () => {
    const names = scheduler.placements.map(({ pod }) => pod.deployment);
    const [twice, once] = [2, 1].map((count) =>
      [...new Set(names)].filter((name) => names.filter((other) => other === name).length === count),
    );

    expect(twice).toEqual(
      [
        ...["", "-workflow-worker", "-code-executor", "-agent-sandbox-proxy"],
        ...["-r2-agent-worker", "-agent-worker", "-agent-eval-worker"],
      ].map((name) => `retool${name}`),
    );
    expect(once).toEqual(SINGLE);
  });
});

describe("pods of a fresh install, placed by kube-scheduler's filters at their worst", () => {
  test("leave no second pod on the first node that is ready, and none in its zone", () => {
    const scheduler = new Scheduler(pods());
    scheduler.join(node("a1", "a"));
    scheduler.join(node("a2", "a"));

    expect(placed(scheduler, "retool").map(({ name }) => name)).toEqual(["a1"]);
    scheduler.join(node("b1", "b"));
    expect(placed(scheduler, "retool").map(({ name }) => name)).toEqual(["a1", "b1"]);
    expect(scheduler.pending).toEqual([]);
  });

  test("need two nodes and no third", () => {
    const scheduler = new Scheduler(pods());
    scheduler.join(node("a1", "a", 16));
    scheduler.join(node("b1", "b", 16));

    expect(scheduler.pending).toEqual([]);
  });

  test("share nodes where they are many: twenty of api need no twenty nodes, and no node has more than five", () => {
    const replicas = { replicas: 10 };
    const many = { api: { replicas: 20 }, codeExecutor: replicas, jsExecutor: replicas, r2Worker: replicas };
    const scheduler = new Scheduler(pods({ retool: many }));
    for (const index of [0, 1, 2, 3, 4, 5, 6]) scheduler.join(node(`n${index}`, "abc"[index % 3]!, 16));
    const most = (deployment: string): number => {
      const names = placed(scheduler, deployment).map(({ name }) => name);
      return Math.max(...names.map((name) => names.filter((other) => other === name).length));
    };

    expect(scheduler.pending).toEqual([]);
    expect(most("retool")).toBeLessThanOrEqual(5);
    expect(most("retool-code-executor")).toBeLessThanOrEqual(3);
    expect(most("retool-workflow-worker")).toBe(1);
  });

  test("do not crowd on large nodes because a small one has room for one: no node has more than a quarter", () => {
    const scheduler = new Scheduler(pods({ retool: { api: { replicas: 20 } } }).filter(isApi));
    for (const [index, zone] of ["a", "b", "c", "a"].entries())
      scheduler.join(node(`n${index}`, zone, index === 3 ? 3 : 64));
    const onEach = scheduler.placements.reduce<Record<string, number>>(
      (counts, { node: { name } }) => ({ ...counts, [name]: (counts[name] ?? 0) + 1 }),
      {},
    );

    expect(onEach).toEqual({ n0: 5, n1: 5, n2: 5, n3: 1 });
    expect(scheduler.pending).toHaveLength(4);
  });

  test("are not held back by a zone with little room: half of a service may be in one zone, and no more", () => {
    const replicas = { replicas: 10 };
    const many = { api: { replicas: 20 }, codeExecutor: replicas, jsExecutor: replicas, r2Worker: replicas };
    const scheduler = new Scheduler(pods({ retool: many }));
    for (const [index, zone] of ["a", "b", "c", "a", "b"].entries())
      scheduler.join(node(`n${index}`, zone, zone === "c" ? 4 : 64));
    const inZone = (zone: string): number => placed(scheduler, "retool").filter((one) => one.zone === zone).length;

    expect(scheduler.pending).toEqual([]);
    expect(Math.max(...["a", "b", "c"].map(inZone))).toBeLessThanOrEqual(10);
  });

  test.each([
    [2, 1],
    [3, 2],
    [5, 3],
  ])("of %i, at most %i may be in one zone", (replicas, maxSkew) => {
    const [zones] = patchOf("retool", { retool: { api: { replicas } } })!.topologySpreadConstraints!;

    expect(zones).toMatchObject({ maxSkew, minDomains: 100, topologyKey: "topology.kubernetes.io/zone" });
  });

  test("of an autoscaled service are spread evenly, since half of its most may be all of its fewest", () => {
    const [zones] = patchOf("retool", {
      retool: { api: { replicas: 2, autoscaling: { maxReplicas: 20 } } },
    })!.topologySpreadConstraints!;

    expect(zones).toMatchObject({ maxSkew: 1, minDomains: 2, topologyKey: "topology.kubernetes.io/zone" });
  });

  test("survive a zone: what runs twice keeps one pod, and gets no second one in the zone that is left", () => {
    const scheduler = new Scheduler(pods());
    for (const one of [node("a1", "a"), node("b1", "b"), node("b2", "b")]) scheduler.join(one);
    scheduler.lose(({ zone }) => zone === "a");
    const left = new Set(scheduler.placements.map(({ pod }) => pod.deployment));

    expect([...new Set(pods().map(({ deployment }) => deployment))].filter((name) => !left.has(name))).toEqual([]);
    expect(placed(scheduler, "retool").map(({ zone }) => zone)).toEqual(["b"]);
    scheduler.join(node("c1", "c"));
    expect(placed(scheduler, "retool").map(({ zone }) => zone)).toEqual(["b", "c"]);
  });

  test("would share a node and a zone, if both were only preferred", () => {
    const loose = pods().map((pod) => ({ ...pod, spec: { containers: pod.spec.containers } }));
    const scheduler = new Scheduler(loose);
    scheduler.join(node("a1", "a"));
    scheduler.join(node("b1", "b"));

    expect(placed(scheduler, "retool").map(({ name }) => name)).toEqual(["a1", "a1"]);
  });
});

describe("zones that Karpenter tries for a new node", () => {
  const zoned = (choice: ReleaseChoice, deployment: string): readonly JsonObject[] | undefined =>
    deploymentPatches(releaseInput(choice).retool, { region: "eu-west-1" }).find(
      (patch) => patch.deployment === deployment,
    )?.nodeRequirements;
  const key = "topology.kubernetes.io/zone";

  test("are any, so that the scheduler is free, then each by itself", () => {
    expect(zoned({}, "retool")?.[0]).toEqual({ key, operator: "Exists" });
    expect(zoned({}, "retool")?.slice(1, 4)).toEqual(
      ["a", "b", "c"].map((letter) => ({ key, operator: "In", values: [`eu-west-1${letter}`] })),
    );
  });

  test("are all but one for an autoscaled service, whose zones are compared with each other", () => {
    const autoscaled = { retool: { api: { replicas: 2, autoscaling: { maxReplicas: 20 } } } };

    expect(zoned(autoscaled, "retool")?.[1]).toEqual({ key, operator: "NotIn", values: ["eu-west-1a"] });
  });

  test("are not named where a service has one pod or the region is not known", () => {
    expect(zoned({}, "retool-jobs-runner")).toBeUndefined();
    expect(patchOf("retool")?.nodeRequirements).toBeUndefined();
  });
});

describe("what the chart has no key for", () => {
  test("is spread across zones for services with two pods or more, and for no other", () => {
    const spread = patchesOf({ retool: { jsExecutor: { replicas: 3 } } }).filter(
      (patch) => "topologySpreadConstraints" in patch,
    );

    expect(spread.map(({ deployment }) => deployment)).toContain("retool");
    expect(spread.map(({ deployment }) => deployment)).toContain("retool-js-executor");
    expect(spread.map(({ deployment }) => deployment)).not.toContain("retool-jobs-runner");
    expect(pods().flatMap(({ spec }) => podErrors(spec))).toEqual([]);
  });

  test.each([
    [30, 192],
    [600, 3612],
  ])("is a startup probe that outlasts migrations of %i minutes", (migrationTimeoutMinutes, failureThreshold) => {
    const choice = { retool: { jobsRunner: { migrationTimeoutMinutes } } };

    for (const deployment of ["retool", "retool-jobs-runner", "retool-workflow-worker", "retool-workflow-backend"]) {
      expect(patchOf(deployment, choice)?.startupProbe).toEqual({
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold,
      });
    }
    expect(patchOf("retool-code-executor", choice)?.startupProbe).toBeUndefined();
  });

  test("is the nodes of Retool for the sandboxes' controller and proxies, which need the database and would pin a node", () => {
    for (const deployment of ["retool-agent-sandbox-controller", "retool-agent-sandbox-proxy"])
      expect(patchOf(deployment)?.nodeSelector).toEqual(retoolNodeSelector());
    expect(patchOf("retool")?.nodeSelector).toBeUndefined();
    const shared = deploymentPatches(releaseInput().retool, { pools: sharedClusterNames("retool-dev") });
    expect(shared.flatMap(({ nodeSelector }) => nodeSelector?.["retool.com/pool"] ?? [])).toEqual([
      "retool-dev",
      "retool-dev",
    ]);
  });

  test("is trust in a company's authorities, for the sandbox proxy", () => {
    const proxy = patchOf("retool-agent-sandbox-proxy", { retool: { certificateAuthorities: CERTIFICATE } });

    expect(proxy?.env).toEqual([{ name: "NODE_EXTRA_CA_CERTS", value: "/etc/retool/certificate-authorities/ca.pem" }]);
    expect(proxy?.volumeMounts).toEqual([
      { name: "certificate-authorities", mountPath: "/etc/retool/certificate-authorities", readOnly: true },
    ]);
    expect(patchOf("retool-agent-sandbox-proxy")?.env).toBeUndefined();
  });

  test("is another service account for pods without use for the bucket, where the chart's has its role", () => {
    const { retool } = releaseInput({ retool: { features: { agents: true, mcp: true } } });
    const accounts = deploymentPatches(retool, { roleByServiceAccount: true }).flatMap(
      ({ deployment, serviceAccountName }) =>
        serviceAccountName === undefined ? [] : [[deployment, serviceAccountName]],
    );

    expect(accounts.sort()).toEqual(
      ["code-executor", "js-executor", "mcp", "workflow-backend"].map((name) => [`retool-${name}`, "default"]),
    );
    expect(patchesOf().filter(({ serviceAccountName }) => serviceAccountName !== undefined)).toEqual([]);
  });

  test("is the password and the authorities with which the sandboxes' controller and proxy check the database", () => {
    const { retool } = releaseInput({ retool: { certificateAuthorities: CERTIFICATE } });
    const patches = deploymentPatches(retool, {
      databaseAuthorities: { configMap: "retool-database-ca-1", pem: CERTIFICATE },
    });
    const [controller, proxy] = ["controller", "proxy"].map((name) =>
      patches.find(({ deployment }) => deployment === `retool-agent-sandbox-${name}`),
    );

    expect(controller).toMatchObject({
      env: [{ name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "retool-database", key: "password" } } }],
      volumes: [{ name: "database-authorities", configMap: { name: "retool-database-ca-1" } }],
      volumeMounts: [{ mountPath: "/etc/retool/database-certificate-authorities", readOnly: true }],
    });
    expect(proxy?.env?.map(({ name }) => name)).toEqual(["NODE_EXTRA_CA_CERTS", "PGPASSWORD"]);
    expect(proxy?.volumes).toHaveLength(2);
    expect(patches.filter(({ env }) => env !== undefined)).toHaveLength(2);
  });
});

const nodeTerms = (...terms: readonly (readonly object[])[]): object => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: terms.map((matchExpressions) => ({ matchExpressions })),
    },
  },
});

describe("the post-renderer", () => {
  const run = (manifests: string, patches: readonly object[]) =>
    spawnSync(
      process.execPath,
      [
        join(__dirname, "../../../constructs/assets/post-render/post-render.cjs"),
        dirname(require.resolve("yaml/package.json")),
        JSON.stringify(patches),
      ],
      { input: manifests, encoding: "utf8" },
    );
  const deployment = [
    "---",
    "# Source: retool/templates/deployment_backend.yaml",
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata:",
    "  name: retool",
    "spec:",
    "  template:",
    "    spec:",
    "      containers:",
    "      - name: retool",
    '        env: [{ name: A, value: "yes" }]',
    "        livenessProbe: { httpGet: { path: /health, port: 3000 }, failureThreshold: 3 }",
    "      volumes: [{ name: a, configMap: { name: a, defaultMode: 0755 } }]",
    "",
  ].join("\n");
  const other = '---\nkind: ConfigMap\nmetadata:\n  name: retool\ndata:\n  a: |\n    x: "${y}"\n';

  test("adds what a patch says, and changes nothing else", () => {
    const startupProbe = { periodSeconds: 10, failureThreshold: 192 };
    const { stdout, status } = run(other + deployment, [
      { deployment: "retool", startupProbe, env: [{ name: "B", value: "1" }], volumes: [{ name: "b" }] },
    ]);
    const manifest = JSON.parse(stdout.slice(stdout.indexOf("{", other.length))) as Record<string, unknown>;

    expect(status).toBe(0);
    expect(stdout.startsWith(other)).toBe(true);
    expect(manifest).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: "retool",
                env: [
                  { name: "A", value: "yes" },
                  { name: "B", value: "1" },
                ],
                livenessProbe: { failureThreshold: 3 },
                startupProbe: { ...startupProbe, httpGet: { path: "/health", port: 3000 } },
              },
            ],
            volumes: [{ name: "a", configMap: { defaultMode: 493 } }, { name: "b" }],
          },
        },
      },
    });
  });

  test("adds taints that pods accept to those of the chart", () => {
    const [chart, code] = [{ key: "chart" }, { key: "code" }];
    const pod = { containers: [{ name: "a" }], tolerations: [chart] };
    const manifest = { kind: "Deployment", metadata: { name: "a" }, spec: { template: { spec: pod } } };
    const { stdout } = run(`---\n${stringify(manifest)}`, [{ deployment: "a", tolerations: [code] }]);

    expect(parse(stdout.replace("---", ""))).toMatchObject({
      spec: { template: { spec: { tolerations: [chart, code] } } },
    });
  });

  test("adds each requirement to each of the chart's own terms for nodes, and leaves its other affinities", () => {
    const [podAntiAffinity, code] = [{ preferred: [] }, { key: "code", operator: "In", values: ["true"] }];
    const pod = { containers: [{ name: "a" }], affinity: { podAntiAffinity, ...nodeTerms([code]) } };
    const manifest = { kind: "Deployment", metadata: { name: "a" }, spec: { template: { spec: pod } } };
    const nodeRequirements = [
      { key: "zone", operator: "Exists" },
      { key: "zone", operator: "In", values: ["z"] },
    ];
    const affinityOf = (given: object): unknown => {
      const { stdout } = run(`---\n${stringify(given)}`, [{ deployment: "a", nodeRequirements }]);
      return (parse(stdout.replace("---", "")) as typeof manifest).spec.template.spec.affinity;
    };

    expect(affinityOf(manifest)).toEqual({
      podAntiAffinity,
      ...nodeTerms([code, nodeRequirements[0]!], [code, nodeRequirements[1]!]),
    });
    expect(affinityOf({ ...manifest, spec: { template: { spec: { containers: pod.containers } } } })).toEqual(
      nodeTerms([nodeRequirements[0]!], [nodeRequirements[1]!]),
    );
  });

  test("gives the template of the sandboxes' Jobs a place, as JSON that the controller reads", () => {
    const job = { kind: "Job", spec: { template: { spec: { restartPolicy: "Never", image: "a:__IMAGE_TAG__" } } } };
    const template = {
      kind: "ConfigMap",
      metadata: { name: "retool-agent-sandbox-job-template" },
      data: { "job-template.json": JSON.stringify(job) },
    };
    const patches = releasePatches(releaseInput().retool).filter((patch) => "jobTemplate" in patch);
    const { stdout, status } = run(`---\n${stringify(template)}`, patches);
    const { data } = parse(stdout.replace("---", "")) as typeof template;
    const made = JSON.parse(data["job-template.json"]) as typeof job & { spec: { template: { spec: PodSpec } } };

    expect(status).toBe(0);
    expect(made).toMatchObject(job);
    expect(podErrors({ ...made.spec.template.spec, containers: [{ name: "a", image: "a" }] })).toEqual([]);
    expect(made.spec.template.spec.affinity?.podAffinity).toMatchObject({
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            topologyKey: "kubernetes.io/hostname",
            labelSelector: { matchLabels: CATALOG.sandbox.labels },
          },
        },
      ],
    });
  });

  test("returns unpatched manifests byte by byte, and fails where a Deployment is missing", () => {
    expect(run(other + deployment, []).stdout).toBe(other + deployment);
    const { status, stderr, stdout } = run(other, [{ deployment: "retool" }]);

    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "post-render: the chart has no Deployment retool; use the chart version that this package was tested with\n",
    );
  });
});
