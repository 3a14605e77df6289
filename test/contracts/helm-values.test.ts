import fc from "fast-check";

import { CATALOG } from "../../domain/catalog/catalog";
import { SERVICE_IDS, serviceName, sizingOf } from "../../domain/catalog/services";
import type { JsonObject } from "../../domain/common/kubernetes";
import { mergeValues } from "../../domain/retool/extra-values";
import { LEGACY_KEYS, OPEN_KEYS, OWNED_KEYS } from "../../domain/retool/chart-keys";
import type { TemporalSpec } from "../../domain/temporal/temporal";
import { checkEnvironment, planEnvironment } from "../../domain/environment/environment";
import { releaseValues as chartValues } from "../../domain/environment/release-values";
import { chartContract } from "../support/contracts";
import { deploymentPatches } from "../../domain/chart/post-render";
import { environmentSpecs } from "../support/environment-specs";
import {
  type Container,
  type Workload,
  deployments,
  describeWithChart,
  render,
  variable,
} from "../support/helm-template";
import { prod } from "../support/environments/prod";
import { EVERYTHING, TEMPORAL } from "../support/release-choices";
import { CERTIFICATE, references, releaseInput, releaseValues } from "../support/retool-release";

const CHART = "retool-6.11.21";

/** Keys that the chart honours although neither its defaults nor the contract's list has them. */
const ALSO_HONOURED = [
  // templates/_workers.tpl
  "workflows.config.environmentVariables",
  // templates/_helpers.tpl; the rendered matrix shows that the pods read them.
  "rr.blobStorage.gcs.credentialsSecretKey",
  "rr.blobStorage.azure.connectionStringSecretKey",
  // The subchart merges them into the configuration of its servers.
  ...["default", "visibility"].flatMap((store) =>
    ["sql.existingSecret", "sql.secretKey", "sql.tls", "cassandra.port"].map(
      (key) => `retool-temporal-services-helm.server.config.persistence.${store}.${key}`,
    ),
  ),
];

describe("the keys of the values", () => {
  const contract = chartContract(CHART);
  const honoured = [...expandAll(contract["honouredButAbsentFromDefaults"] as string[]), ...ALSO_HONOURED];
  const hardFail = contract["hardFailKeys"] as string[];

  test("exist in the chart, and are never those with which it fails, in every environment", () => {
    let sound = 0;
    fc.assert(
      fc.property(environmentSpecs, (spec) => {
        const { plan, violations } = checkEnvironment(spec);
        const values = chartValues(plan, references);
        if (violations.length === 0) sound += 1;

        expect(unknownKeys(values, contract, honoured)).toEqual([]);
        expect(hardFail.filter((key) => has(values, key))).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(sound).toBeGreaterThan(10);
  });

  test("are those that extra values may add, and nothing with which the chart fails gets through", () => {
    const names = [
      ...leaves(contract["defaults"] as JsonObject),
      ...hardFail,
      "livenesProbe.path",
      "rr.rrAgent.worker",
    ];
    fc.assert(
      fc.property(environmentSpecs, fc.array(fc.constantFrom(...names), { maxLength: 3 }), (spec, keys) => {
        const extraValues = keys.reduce<JsonObject>((values, key) => mergeValues(values, nested(key)), {});
        const { plan, violations } = checkEnvironment({ ...spec, retool: { ...spec.retool, extraValues } });
        const refused = violations.filter(({ path }) => path.startsWith("retool.extraValues"));
        const values = chartValues(plan, references);
        const bad = [...unknownKeys(values, contract, honoured), ...hardFail.filter((key) => has(values, key))];

        expect(bad.length > 0 && refused.length === 0).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("that fail are known here under the same names", () => {
    expect([...LEGACY_KEYS.keys()].sort()).toEqual([...hardFail].sort());
  });

  test("are each either open to extra values or set by this package", () => {
    const covered = [...OPEN_KEYS, ...OWNED_KEYS.keys()];
    const uncovered = leaves(contract["defaults"] as JsonObject).filter(
      (leaf) => !covered.some((key) => leaf === key || leaf.startsWith(`${key}.`)),
    );

    expect(uncovered).toEqual([]);
  });

  test("that are open or set by this package exist in the chart", () => {
    const known = [...leaves(contract["defaults"] as JsonObject), ...honoured, ...UNLISTED];
    const unknown = [...OPEN_KEYS, ...OWNED_KEYS.keys()].filter(
      (key) => !known.some((leaf) => leaf === key || leaf.startsWith(`${key}.`)),
    );

    expect(unknown).toEqual([]);
  });
});

/** Keys that the chart reads although its defaults and the contract's list lack them. */
const UNLISTED = ["fullnameOverride", "nameOverride", "workflows.config.nodeOptions", "workflows.config.otelCollector"];

/** `a.b` becomes `{ a: { b: {} } }`. */
function nested(path: string): JsonObject {
  return path.split(".").reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), {});
}

describeWithChart("the rendered chart", () => {
  test("sends logs and metrics where the team says, with keys that only the telemetry container gets", () => {
    const headers = { "api-key": { secret: "retool/otlp-key" } };
    const telemetryTarget = { kind: "otlp", endpoint: "https://otlp.example.com", headers } as const;
    const { objects, error } = render(releaseValues({ retool: { telemetryTarget } }));
    const found = deployments(objects);
    const [container] = found["retool-telemetry"]?.spec.template.spec.containers ?? [];
    const config = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "retool-telemetry");
    const withKey = Object.values(found).filter((one) => JSON.stringify(one).includes("retool-telemetry-target"));

    expect(error).toBe("");
    expect(withKey.map(({ metadata }) => metadata.name)).toEqual(["retool-telemetry"]);
    expect(container?.env).toEqual(
      expect.arrayContaining([
        { name: "RTEL_SEND_TO_RETOOL", value: "false" },
        { name: "RTEL_KUBE_LABEL_SELECTOR", value: "app.kubernetes.io/instance=retool" },
      ]),
    );
    expect(JSON.stringify(config)).toContain('\\"api-key\\" = env(\\"TELEMETRY_HEADER_1\\")');
  });

  test("with everything on has the optional containers too, in one version", () => {
    const found = deployments(render(releaseValues({ retool: EVERYTHING })).objects);

    expect(Object.keys(found).sort()).toEqual([...DOCUMENTED, ...OPTIONAL].sort());
    const images = containersOf(Object.values(found)).map(({ image }) => image);
    const tags = images.filter((image) => image.startsWith("tryretool/")).map((image) => image.split(":")[1]);
    expect([...new Set(tags)]).toEqual(["4.0.9-stable"]);
  });

  test("puts every pod on the nodes that are meant for it", () => {
    const patches = deploymentPatches(releaseInput({ retool: EVERYTHING }).retool);
    const { objects } = render(releaseValues({ retool: EVERYTHING }), "1.35.0", "retool", patches);
    const workloads = objects.filter(({ kind }) => ["Deployment", "DaemonSet"].includes(kind)) as Workload[];
    const pools = Object.fromEntries(
      workloads.map(({ metadata, spec }) => [metadata.name, spec.template.spec.nodeSelector?.["retool.com/pool"]]),
    );
    const sandbox = Object.keys(pools).filter((name) => name.includes("agent-sandbox"));

    expect(sandbox.length).toBeGreaterThanOrEqual(5);
    for (const [name, pool] of Object.entries(pools)) {
      // The telemetry pod takes no selector: any node may run it.
      expect([name, pool]).toEqual([name, name === "retool-telemetry" ? undefined : poolOf(name)]);
    }
  });

  test("lets the sandboxes' DaemonSets run on the tainted nodes", () => {
    const { objects } = render(releaseValues());
    const daemonSets = objects.filter(({ kind }) => kind === "DaemonSet") as Workload[];

    expect(daemonSets.map(({ metadata }) => metadata.name).sort()).toEqual([
      "retool-agent-sandbox-device-plugin",
      "retool-agent-sandbox-image-prepuller",
      "retool-agent-sandbox-node-installer",
    ]);
    for (const { spec } of daemonSets) {
      expect(JSON.stringify(spec.template.spec.tolerations)).toContain("retool.com/sandbox");
    }
  });

  test("says nothing of Temporal where Retool manages it", () => {
    const text = JSON.stringify(render(releaseValues({ retool: EVERYTHING })).objects);

    expect(text).not.toContain("WORKFLOW_TEMPORAL_CLUSTER");
    expect(text).not.toContain("WORKFLOW_TEMPORAL_TLS");
  });

  test("hands certificate and key of Temporal Cloud to every container that connects", () => {
    const found = deployments(render(releaseValues({ temporal: TEMPORAL["temporal-cloud"] })).objects);
    const clients = [
      "retool",
      "retool-jobs-runner",
      "retool-workflow-backend",
      "retool-workflow-worker",
      "retool-r2-agent-worker",
    ];

    for (const name of clients) {
      expect(variable(found[name], "WORKFLOW_TEMPORAL_CLUSTER_FRONTEND_HOST")).toBe("retool-prod.a1b2c.tmprl.cloud");
      expect(variable(found[name], "WORKFLOW_TEMPORAL_CLUSTER_NAMESPACE")).toBe("retool-prod.a1b2c");
      expect(variable(found[name], "WORKFLOW_TEMPORAL_TLS_CRT")).toBe(btoa(CERTIFICATE));
      expect(JSON.stringify(found[name])).toContain('{"name":"retool-temporal","key":"temporal-tls-key"}');
    }
  });

  test("runs a local Temporal on its own database and password", () => {
    const found = deployments(render(releaseValues({ temporal: TEMPORAL["local"] })).objects);
    const servers = Object.keys(found).filter((name) => name.startsWith("retool-retool-wf-temporal"));

    expect(servers).toHaveLength(4);
    for (const name of servers) {
      expect(variable(found[name], "POSTGRES_HOST")).toBe("temporal-db.example.com");
      expect(variable(found[name], "SQL_TLS_ENABLED")).toBe("true");
      expect(JSON.stringify(found[name])).toContain('{"name":"retool-temporal","key":"store-password"}');
      expect(found[name]?.spec.template.spec.nodeSelector?.["retool.com/pool"]).toBe("retool");
    }
    expect(variable(found["retool"], "WORKFLOW_TEMPORAL_CLUSTER_NAMESPACE")).toBe("workflows");
  });

  test("keeps the queues of the agents' workers when workflows have their own queue", () => {
    const temporal: TemporalSpec = { kind: "retool-managed", taskQueue: "workflows-b" };
    const found = deployments(render(releaseValues({ temporal, retool: EVERYTHING })).objects);
    const queue = (name: string): string | undefined => variable(found[name], "WORKER_TEMPORAL_TASKQUEUE");

    expect(queue("retool-workflow-worker")).toBe("workflows-b");
    expect(queue("retool-agent-worker")).toBe("agent");
    expect(queue("retool-agent-eval-worker")).toBe("agent-eval");
    expect(queue("retool-r2-agent-worker")).toBe("r2-agent");
    expect(variable(found["retool"], "TEMPORAL_TASKQUEUE_WORKFLOW")).toBe("workflows-b");
  });

  test("can be read with any number of secrets' revisions", () => {
    const podAnnotations = { "cdktf-retool/jwt-secret-revision": "1", "cdktf-retool/encryption-key-revision": "1" };
    const { objects, error } = render(releaseValues({ retool: EVERYTHING, input: { podAnnotations } }));
    const without = Object.values(deployments(objects)).filter(
      ({ spec }) => spec.template.metadata.annotations?.["cdktf-retool/secret-revisions"] === undefined,
    );

    expect(error).toBe("");
    // The telemetry pod reads none of the secrets whose revisions these are.
    expect(without.map(({ metadata }) => metadata.name)).toEqual(["retool-telemetry"]);
  });

  test("gives secret variables to the backend and to no pod that runs users' code", () => {
    const choice = { retool: { ...EVERYTHING, secretEnvironment: { OPENAI_SECRET: "retool/openai" } } };
    const found = deployments(render(releaseValues(choice)).objects);
    const readers = Object.keys(found).filter((name) => JSON.stringify(found[name]).includes("retool-environment"));

    expect(readers.sort()).toEqual(
      [
        ...["retool", "retool-agent-eval-worker", "retool-agent-worker", "retool-dbconnector", "retool-jobs-runner"],
        ...["retool-r2-agent-worker", "retool-telemetry", "retool-workflow-backend", "retool-workflow-worker"],
      ].sort(),
    );
    expect(variable(found["retool"], "LICENSE_KEY")).toBeUndefined();
    expect(JSON.stringify(found["retool"])).toContain('{"name":"retool-license","key":"license-key"}');
  });

  test("trusts a company's authorities and uses its proxy in every pod that reaches out", () => {
    const outbound = { certificateAuthorities: CERTIFICATE, outboundProxy: { url: "http://proxy.example.com:3128" } };
    const found = deployments(render(releaseValues({ retool: { ...EVERYTHING, ...outbound } })).objects);
    const proxied = Object.values(found).filter((deployment) => variable(deployment, "HTTPS_PROXY") !== undefined);

    // The others reach nothing outside, but for the sandbox proxy, which the chart tells of no proxy: the plan warns of it.
    const unaware = ["agent-sandbox-controller", "agent-sandbox-proxy", "mcp", "multiplayer-ws", "telemetry"];
    expect(proxied.map(({ metadata }) => metadata.name).sort()).toEqual(
      Object.keys(found)
        .filter((name) => !unaware.includes(name.replace("retool-", "")))
        .sort(),
    );
    for (const deployment of proxied) {
      const file = variable(deployment, "NODE_EXTRA_CA_CERTS") ?? "";
      const mounts = deployment.spec.template.spec.containers[0]?.volumeMounts ?? [];
      expect(mounts.some(({ mountPath }) => file.startsWith(`${mountPath}/`))).toBe(true);
    }
  });

  test("gives the role of the bucket, by its service account, to the pods that have the bucket's name and to no other", () => {
    const plan = planEnvironment({ ...prod, blobStorage: { identity: "irsa" } });
    const patches = deploymentPatches(plan.retool, { roleByServiceAccount: true });
    const values = chartValues(plan, { ...references, blobRoleArn: "arn:aws:iam::111122223333:role/blob" });
    const { objects, error } = render(values, "1.35.0", "retool", patches);
    const accounts = objects.filter(({ kind }) => kind === "ServiceAccount");
    const annotated = accounts.filter(({ metadata }) => "annotations" in metadata).map(({ metadata }) => metadata);
    const found = Object.entries(deployments(objects));
    const pods = found.map(([name, { spec }]) => [
      name,
      (spec.template.spec as { serviceAccountName?: string }).serviceAccountName,
    ]);

    expect(error).toBe("");
    expect(annotated).toMatchObject([
      { name: "retool", annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/blob" } },
    ]);
    expect(
      pods
        .filter(([, account]) => account === "retool")
        .map(([name]) => name)
        .sort(),
    ).toEqual(
      found.flatMap(([name, one]) => (variable(one, "RR_DEFAULT_S3_BUCKET") === undefined ? [] : [name])).sort(),
    );
  });

  test("checks the certificate of the database in every pod that opens connections to it", () => {
    const plan = planEnvironment(prod);
    const patches = deploymentPatches(plan.retool, { databaseAuthorities: plan.database.caBundle });
    const { objects, error } = render(chartValues(plan, references), "1.35.0", "retool", patches);
    const found = Object.entries(deployments(objects));
    const having = (name: string) =>
      found.flatMap(([deployment, one]) => (variable(one, name) === undefined ? [] : [deployment])).sort();
    const folder = "/etc/retool/database-certificate-authorities";

    expect(error).toBe("");
    expect(having("POSTGRES_CUSTOM_SSL_CA_FILE_NAME")).toEqual(expect.arrayContaining(having("POSTGRES_SSL_ENABLED")));
    for (const name of ["retool-agent-sandbox-controller", "retool-agent-sandbox-proxy"]) {
      const [container] = deployments(objects)[name]?.spec.template.spec.containers ?? [];
      const env = container?.env?.filter(({ name: key }) => ["AGENT_SANDBOX_POSTGRES_URL", "PGPASSWORD"].includes(key));
      expect(env).toEqual([
        {
          name: "AGENT_SANDBOX_POSTGRES_URL",
          value: `postgres://retool_admin@db.example:5432/retool?sslmode=verify-full&sslrootcert=${folder}/ca.pem`,
        },
        { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "retool-database", key: "password" } } },
      ]);
    }
    const mounting = found.filter(([, { spec }]) => JSON.stringify(spec.template.spec.containers).includes(folder));
    expect(mounting.map(([deployment]) => deployment)).toEqual(
      expect.arrayContaining([
        ...having("POSTGRES_CUSTOM_SSL_CA_FILE_NAME"),
        "retool-agent-sandbox-controller",
        "retool-agent-sandbox-proxy",
      ]),
    );
  });

  test("trusts a company's authorities where packages come from its registries", () => {
    const registries = {
      appPackages: "https://packages.example.com/npm",
      pythonPackages: "https://packages.example.com/simple",
    };
    const plan = planEnvironment({ ...prod, retool: { certificateAuthorities: CERTIFICATE }, egress: registries });
    const { objects, error } = render(
      chartValues(plan, references),
      "1.35.0",
      "retool",
      deploymentPatches(plan.retool),
    );
    const found = deployments(objects);
    const trust = "/etc/retool/certificate-authorities/ca.pem";
    const read = (name: string, ...names: readonly string[]) => names.map((one) => variable(found[name], one));

    expect(error).toBe("");
    expect(read("retool-code-executor", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "PIP_INDEX_URL")).toEqual([
      trust,
      trust,
      registries.pythonPackages,
    ]);
    expect(read("retool-agent-sandbox-proxy", "NODE_EXTRA_CA_CERTS", "NPM_PUBLIC_REGISTRY_URL")).toEqual([
      trust,
      registries.appPackages,
    ]);
    for (const name of ["retool-code-executor", "retool-agent-sandbox-proxy"])
      expect(found[name]?.spec.template.spec.containers[0]?.volumeMounts).toContainEqual(
        expect.objectContaining({ mountPath: "/etc/retool/certificate-authorities" }),
      );
  });

  test("limits no process to less memory than the heap that the chart gives it", () => {
    const found = deployments(render(releaseValues({ retool: EVERYTHING })).objects);
    const heaps = SERVICE_IDS.flatMap((id) => {
      const [, heap] =
        /max_old_space_size=(\d+)/.exec(String(variable(found[CATALOG[serviceName(id)].deployment], "NODE_OPTIONS"))) ??
        [];
      return heap === undefined ? [] : [{ id, heap: Number(heap) }];
    });

    expect(heaps.length).toBeGreaterThan(3);
    expect(heaps.filter(({ id, heap }) => sizingOf(id).minimumMemory.limit < heap + 256)).toEqual([]);
  });

  test("lets a pod of every service leave its node: no budget holds a single pod", () => {
    const { objects } = render(releaseValues({ retool: EVERYTHING }));
    const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget");

    expect(budgets.length).toBeGreaterThan(8);
    for (const { metadata, spec } of budgets as unknown as { metadata: { name: string }; spec: object }[]) {
      expect([metadata.name, spec]).toEqual([metadata.name, expect.objectContaining({ maxUnavailable: 1 })]);
      expect(spec).not.toHaveProperty("minAvailable");
    }
  });

  test("pulls every image from a mirror but the one that the chart hard-codes", () => {
    const images = {
      registries: { dockerHub: "mirror.example.com/hub", github: "mirror.example.com/hub/gh" },
      pullSecrets: ["mirror"],
    };
    const { objects } = render(releaseValues({ retool: { ...EVERYTHING, images } }));
    const pulled = JSON.stringify(objects).match(/"image":"[^"]+"/g) ?? [];
    const elsewhere = [...new Set(pulled.filter((image) => !image.includes("mirror.example.com/hub/")))];

    expect(elsewhere).toHaveLength(1);
    expect(elsewhere[0]).toMatch(/^"image":"busybox:1\.37\.0@sha256:[0-9a-f]{64}"$/);
    const without = Object.values(deployments(objects)).filter(({ spec }) => !spec.template.spec.imagePullSecrets);
    expect(without.map(({ metadata }) => metadata.name)).toEqual(["retool-telemetry"]);
  });

  test("pins an image by digest and leaves the version of the others unchanged", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const found = deployments(render(releaseValues({ retool: { images: { digests: { backend: digest } } } })).objects);
    const imageOf = (name: string): string | undefined => found[name]?.spec.template.spec.containers[0]?.image;

    expect(imageOf("retool")).toBe(`tryretool/backend:4.0.9-stable@${digest}`);
    expect(imageOf("retool-code-executor")).toBe("tryretool/code-executor-service:4.0.9-stable");
    expect(imageOf("retool-js-executor")).toBe("tryretool/js-executor-service:4.0.9-stable");
    expect(imageOf("retool-agent-sandbox-proxy")).toBe("tryretool/agent-sandbox-service:4.0.9-stable");
  });

  test("takes extra values to where they belong", () => {
    const extraValues = { podLabels: { team: "tools" }, livenessProbe: { failureThreshold: 9 } };
    const text = JSON.stringify(render(releaseValues({ retool: { extraValues } })).objects);

    expect(text).toContain('"team":"tools"');
    expect(text).toContain('"failureThreshold":9');
  });
});

const DOCUMENTED = [
  "retool",
  "retool-jobs-runner",
  "retool-workflow-worker",
  "retool-workflow-backend",
  "retool-code-executor",
  "retool-js-executor",
  "retool-agent-sandbox-controller",
  "retool-agent-sandbox-proxy",
  "retool-r2-agent-worker",
];

const OPTIONAL = [
  "retool-dbconnector",
  "retool-agent-worker",
  "retool-agent-eval-worker",
  "retool-multiplayer-ws",
  "retool-mcp",
  "retool-telemetry",
];

function containersOf(workloads: readonly Workload[]): Container[] {
  return workloads.flatMap(({ spec }) => [
    ...spec.template.spec.containers,
    ...(spec.template.spec.initContainers ?? []),
  ]);
}

function poolOf(name: string): string {
  const isCompanion = /-(controller|proxy)$/.test(name);
  return name.includes("agent-sandbox") && !isCompanion ? "sandbox" : "retool";
}

/** Writes out `a.{b,c}` as `a.b` and `a.c`, and `a.*` as `a`. */
function expandAll(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const match = /^(.*)\{(.*)\}$/.exec(pattern);
    if (match === null) return [pattern.replace(/\.\*$/, "")];
    return (match[2] ?? "").split(",").map((name) => `${match[1] ?? ""}${name}`);
  });
}

/** Keys that neither the defaults nor the honoured list knows; below an empty default anything goes. */
function unknownKeys(
  values: JsonObject,
  contract: Readonly<Record<string, unknown>>,
  honoured: readonly string[],
): string[] {
  const subcharts = contract["subcharts"] as Record<string, { defaults: JsonObject }>;
  const nested = Object.entries(subcharts).map(([name, { defaults }]) => [name, defaults]);
  const defaults = mergeValues(contract["defaults"] as JsonObject, Object.fromEntries(nested) as JsonObject);
  return walk(values, defaults, "", honoured);
}

function walk(given: unknown, known: unknown, path: string, honoured: readonly string[]): string[] {
  if (honoured.some((key) => path === key)) return [];
  if (!isObject(given)) return [];
  if (isObject(known) && Object.keys(known).length === 0 && !honoured.some((key) => key.startsWith(`${path}.`)))
    return [];
  if (FREE.some((pattern) => pattern.test(path))) return [];
  return Object.entries(given).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    const isKnown =
      (isObject(known) && key in known) || honoured.some((name) => name === here || name.startsWith(`${here}.`));
    return isKnown ? walk(value, isObject(known) ? known[key] : undefined, here, honoured) : [here];
  });
}

/** Objects whose keys are names of our own, or Kubernetes' own. */
const FREE = [/^nodeSelector$/, /affinity$/i, /annotations$/i];

function has(values: unknown, key: string): boolean {
  return (
    key.split(".").reduce<unknown>((part, name) => (isObject(part) ? part[name] : undefined), values) !== undefined
  );
}

function leaves(values: JsonObject, path = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    return isObject(value) && Object.keys(value).length > 0 ? leaves(value, here) : [here];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
