import { environments } from "../../support/environments";
import { prod } from "../../support/environments/prod";
import { checkEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import type { HelmValues } from "../../../domain/chart/values";
import { releaseValues } from "../../../domain/environment/release-values";
import { changedPaths } from "../../support/changes";
import { differing, expectGolden, goldenJson } from "../../support/golden";
import { CERTIFICATE, references } from "../../support/retool-release";

function valuesOf(spec: EnvironmentSpec): HelmValues {
  const { plan, violations } = checkEnvironment(spec);
  expect(violations).toEqual([]);
  return releaseValues(plan, references);
}

describe("the values of an environment are the reviewed ones", () => {
  const of = (name: string, profile: "production" | "evaluation"): HelmValues =>
    valuesOf({ ...environments[name]!, retool: { profile } });

  test("of production, whole", () => {
    expectGolden("helm-values.prod.production.json", goldenJson(of("prod", "production")));
  });

  test("of every other environment and profile, by what differs from production", () => {
    const base = of("prod", "production");
    const differences = Object.keys(environments).flatMap((name) =>
      (["production", "evaluation"] as const).map((profile) => [
        `${name}, ${profile}`,
        differing(base, of(name, profile)) ?? {},
      ]),
    );

    expectGolden("helm-values.differences.json", goldenJson(Object.fromEntries(differences)));
  });
});

const below = (prefix: string, ...keys: readonly string[]): string[] => keys.map((key) => `${prefix}.${key}`);
const SIZE = ["limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const sizeOf = (prefix: string): string[] => below(`${prefix}.resources`, ...SIZE);
/** What a service without its own CPU limit gets where it is installed. */
const unlimited = (prefix: string): string[] =>
  below(
    prefix,
    "enabled",
    "replicaCount",
    "resources.limits.memory",
    "resources.requests.cpu",
    "resources.requests.memory",
  );
const NEW_SIZE = { cpuMillicores: 1500, memoryMiB: 3000, cpuLimitMillicores: 3000, memoryLimitMiB: 9000 };
const DIGEST = `sha256:${"a".repeat(64)}`;
const PROXY = { url: "http://proxy.example.com:3128" };
const PROXIED = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"];
const SCALING = "rr.agentSandbox.controller.scaling";
const SANDBOX = "rr.agentSandbox.sandbox";
const REVISIONS = "podAnnotations.cdktf-retool/secret-revisions";
const QUEUE = ["env.TEMPORAL_TASKQUEUE_WORKFLOW", ...below("workflows.config.environmentVariables.0", "name", "value")];
const FRONTEND = below("temporal", "enabled", "host", "namespace", "port", "sslEnabled");
const CERTIFICATE_KEYS = below("temporal", "sslCert", "sslKey", "sslKeySecretKey", "sslKeySecretName");
const SECRET_VARIABLES = [...below("externalSecrets", "enabled", "includeConfigSecrets", "name"), REVISIONS];

type Change = Omit<Partial<EnvironmentSpec>, "retool"> & { readonly retool?: EnvironmentSpec["retool"] };

/** One field of a fresh environment, changed, and every key of the values that changes with it. */
const CHANGES: readonly (readonly [Change, readonly string[]])[] = [
  [
    { domain: "retool.example.org" },
    ["env.BASE_DOMAIN", ...below("rr.agentSandbox", "frontendWsProxyDomain", "proxy.backendDomainSuffixes")],
  ],
  [{ frontDoor: { sandboxProxy: "same-origin" } }, ["rr.agentSandbox.frontendWsProxyDomain"]],
  [{ retoolVersion: "4.0.10-stable" }, ["image.tag"]],
  [
    { retoolVersion: "4.86.2-stable" },
    [...below("env", "R2_ORCHESTRATION_BACKEND", "RR_POSTGRES_ORCHESTRATION_BACKEND"), "image.tag"],
  ],
  [{ license: "none" }, below("config", "licenseKeySecretKey", "licenseKeySecretName")],
  // More builders, and larger nodes with more sandboxes each.
  [
    { builders: 200 },
    [
      "replicaCount",
      `${SCALING}.maxTotalJobs`,
      "rr.agentSandbox.devicePlugin.maxDevices",
      "rr.jsExecutor.replicaCount",
    ],
  ],
  [{ users: 2000 }, ["codeExecutor.replicaCount", "replicaCount", "rr.jsExecutor.replicaCount"]],
  [
    { nodePools: { isolateCodeExecution: true } },
    [
      "codeExecutor.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0",
      "rr.jsExecutor.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0",
    ].flatMap((path) => below(path, "key", "operator", "values.0")),
  ],

  [{ sandbox: { prewarmPoolSize: 0 } }, [`${SCALING}.prewarmPoolSize`]],
  [{ sandbox: { cpuMillicores: 2000 } }, below(`${SANDBOX}.resources`, "limits.cpu", "requests.cpu")],
  [{ sandbox: { memoryMiB: 4096 } }, below(`${SANDBOX}.resources`, "limits.memory", "requests.memory")],
  [{ sandbox: { diskGiB: 30 } }, [`${SANDBOX}.tmpDirSizeLimit`]],
  [{ sandbox: { idleTimeoutMinutes: 20 } }, [`${SANDBOX}.sandboxIdleTimeoutMs`]],
  [{ sandbox: { assignedTtlMinutes: 30 } }, [`${SCALING}.assignedSandboxTtlSeconds`]],
  [
    { sandbox: { lifetimeMinutes: 90 } },
    below(SANDBOX, "annotations.karpenter.sh/do-not-disrupt", "sandboxGlobalLifetimeMs"),
  ],
  [{ sandbox: { maxTotalJobs: 90 } }, [`${SCALING}.maxTotalJobs`, "rr.agentSandbox.devicePlugin.maxDevices"]],
  [{ sandbox: { perUserSandboxLimit: 3 } }, [`${SCALING}.perUserSandboxLimit`]],
  [{ sandbox: { nodeCpus: 16 } }, ["rr.agentSandbox.devicePlugin.maxDevices"]],
  [{ sandbox: { devicePlugin: false } }, below("rr.agentSandbox.sandboxNetwork", "deployDaemonSet", "devicePlugin")],

  [{ secrets: { jwtSecret: { kind: "generate", revision: 2 } } }, [REVISIONS]],
  [{ secrets: { databasePassword: { kind: "generate", revision: 2 } } }, [REVISIONS]],
  [{ secrets: { sandboxKeys: { kind: "generate", revision: 2 } } }, [REVISIONS]],

  [{ temporal: { kind: "retool-managed", taskQueue: "workflows-b" } }, QUEUE],
  [{ temporal: { kind: "self-hosted", host: "temporal.example.com", namespace: "retool" } }, FRONTEND],
  [
    {
      temporal: {
        kind: "temporal-cloud",
        namespace: "retool-prod.a1b2c",
        region: "us-east-1",
        clientCertificate: CERTIFICATE,
        privateKeySecret: "retool/temporal-key",
      },
    },
    [...FRONTEND, ...CERTIFICATE_KEYS, REVISIONS],
  ],

  [{ retool: { api: { replicas: 3 } } }, ["replicaCount"]],
  [{ retool: { api: { resources: NEW_SIZE } } }, below("resources", ...SIZE)],
  [{ retool: { jobsRunner: { resources: NEW_SIZE } } }, sizeOf("jobRunner")],
  [
    { retool: { jobsRunner: { migrationTimeoutMinutes: 60 } } },
    ["env.DATABASE_MIGRATIONS_TIMEOUT_SECONDS", "jobRunner.annotations.karpenter.sh/do-not-disrupt"],
  ],
  [{ retool: { workflowsBackend: { replicas: 3 } } }, ["workflows.backend.replicaCount"]],
  [{ retool: { workflowsBackend: { resources: NEW_SIZE } } }, sizeOf("workflows.backend")],
  [{ retool: { workflowsWorker: { replicas: 3 } } }, ["workflows.worker.replicaCount"]],
  [{ retool: { workflowsWorker: { resources: NEW_SIZE } } }, [...sizeOf("workflows"), ...sizeOf("workflows.worker")]],
  [{ retool: { codeExecutor: { replicas: 3 } } }, ["codeExecutor.replicaCount"]],
  [{ retool: { codeExecutor: { resources: NEW_SIZE } } }, sizeOf("codeExecutor")],
  [{ retool: { codeExecutor: { sandboxing: "privileged" } } }, ["codeExecutor.useSeccompProfile"]],
  [
    { retool: { codeExecutor: { sandboxing: "unsandboxed" } } },
    [
      ...below(
        "codeExecutor",
        "securityContext.allowPrivilegeEscalation",
        "securityContext.privileged",
        "useSeccompProfile",
      ),
      "env.CONTAINER_UNPRIVILEGED_MODE",
    ],
  ],
  [{ retool: { jsExecutor: { replicas: 3 } } }, ["rr.jsExecutor.replicaCount"]],
  [{ retool: { jsExecutor: { resources: NEW_SIZE } } }, sizeOf("rr.jsExecutor")],
  [{ retool: { r2Worker: { replicas: 3 } } }, ["rr.agent.worker.replicaCount"]],
  [{ retool: { r2Worker: { resources: NEW_SIZE } } }, sizeOf("rr.agent.worker")],
  [{ retool: { sandboxController: { replicas: 2 } } }, ["rr.agentSandbox.controller.replicaCount"]],
  [{ retool: { sandboxController: { resources: NEW_SIZE } } }, sizeOf("rr.agentSandbox.controller")],
  [{ retool: { sandboxProxy: { replicas: 3 } } }, ["rr.agentSandbox.proxy.replicaCount"]],
  [{ retool: { sandboxProxy: { resources: NEW_SIZE } } }, sizeOf("rr.agentSandbox.proxy")],

  [
    { retool: { features: { dbconnector: true } } },
    [...below("dbconnector", "enabled", "replicas"), ...sizeOf("dbconnector")],
  ],
  [
    { retool: { features: { agents: true } } },
    [
      "agents.enabled",
      "agents.evalWorker.replicaCount",
      ...sizeOf("agents.evalWorker"),
      "agents.worker.replicaCount",
      ...sizeOf("agents.worker"),
    ],
  ],
  [{ retool: { features: { multiplayer: true } } }, unlimited("multiplayer")],
  [{ retool: { features: { mcp: true } } }, unlimited("mcp")],
  [
    { retool: { telemetry: "metrics" } },
    below("telemetry", "enabled", "sendToRetool.enabled", "sendToRetool.inputs.0"),
  ],
  [{ retool: { auditEvents: "database" } }, ["env.LOG_AUDIT_EVENTS"]],
  [{ retool: { environment: { LOG_LEVEL: "debug" } } }, ["env.LOG_LEVEL"]],
  [{ retool: { secretEnvironment: { OPENAI_SECRET_KEY: "retool/openai" } } }, SECRET_VARIABLES],
  [
    { retool: { sso: { kind: "google", clientId: "id", clientSecret: "retool/google" } } },
    ["env.CLIENT_ID", ...SECRET_VARIABLES],
  ],
  [
    { retool: { certificateAuthorities: CERTIFICATE } },
    [
      "env.NODE_EXTRA_CA_CERTS",
      ...below("extraManifests.1", "apiVersion", "data.ca.pem", "kind", "metadata.name"),
      ...below("extraVolumeMounts.1", "mountPath", "name", "readOnly"),
      ...below("extraVolumes.1", "configMap.name", "name"),
      "rr.jsExecutor.env.NODE_EXTRA_CA_CERTS",
    ],
  ],
  [{ retool: { outboundProxy: PROXY } }, [...below("env", ...PROXIED), ...below("rr.jsExecutor.env", ...PROXIED)]],
  [{ retool: { priorityClassName: "important" } }, ["priorityClassName"]],
  [
    { retool: { images: { registries: { dockerHub: "mirror.example.com", github: "mirror.example.com" } } } },
    [
      "image.repository",
      "codeExecutor.image.repository",
      ...below("rr", "agentSandbox.devicePlugin.image.repository", "agentSandbox.image.repository"),
      ...below("rr", "agentSandbox.initImage.repository", "jsExecutor.image.repository"),
    ],
  ],
  [{ retool: { images: { pullSecrets: ["mirror"] } } }, ["image.pullSecrets.0.name"]],
  // The other images take the backend's tag where they have none, and its digest is not theirs.
  [
    { retool: { images: { digests: { backend: DIGEST } } } },
    ["codeExecutor.image.tag", "image.tag", ...below("rr", "agentSandbox.image.tag", "jsExecutor.image.tag")],
  ],
  [{ retool: { images: { digests: { init: DIGEST } } } }, ["rr.agentSandbox.initImage.digest"]],
  [
    { retool: { profile: "evaluation" } },
    [
      "rr.agent.worker.replicaCount",
      "workflows.worker.replicaCount",
      "codeExecutor.replicaCount",
      "replicaCount",
      ...below("resources.limits", "cpu", "memory"),
      "rr.agentSandbox.proxy.replicaCount",
    ],
  ],
  [{ retool: { extraValues: { podLabels: { team: "tools" } } } }, ["podLabels.team"]],

  // What is about the world around the release, and does not reach it.
  [{ account: "999988887777" }, []],
  [{ namespace: "apps" }, []],
  [{ access: "internal" }, []],
  [{ clusterAccess: "private" }, []],
  [{ network: { cidr: "10.64.0.0/16" } }, []],
  [{ cluster: { kubernetesVersion: "1.34" } }, []],
  [{ database: { multiAz: false } }, []],
  [{ sandbox: { purchaseOption: "spot" } }, []],
  [{ sandbox: { warmHeadroom: 9 } }, []],
  [{ egress: { pythonPackages: "python.example.com" } }, []],
  [{ egress: { pythonPackages: "https://python.example.com/simple" } }, ["env.PIP_INDEX_URL"]],
  [
    { egress: { appPackages: "https://npm.example.com/repo" } },
    below("rr.agentSandbox.proxy.npmRegistry", "authMode", "url"),
  ],
  [{ dataProtection: "retain" }, []],
  [{ tags: { team: "tools" } }, []],
  [{ retool: { api: { autoscaling: { maxReplicas: 5 } } } }, []],
  [{ temporal: { kind: "retool-managed", organizationId: "abc" } }, []],
];

describe("a change of one field", () => {
  const before = valuesOf(prod);
  const cases = CHANGES.map(([change, paths]) => [JSON.stringify(change), change, paths] as const);

  test.each(cases)("%s changes what it should and nothing else", (_, change, paths) => {
    expect(changedPaths(before, valuesOf({ ...prod, ...change }))).toEqual([...paths].sort());
  });

  test("is tried for forty fields at least", () => {
    expect(new Set(cases.map(([name]) => name)).size).toBeGreaterThanOrEqual(40);
  });
});
