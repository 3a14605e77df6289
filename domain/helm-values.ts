import type { ConfigValues, HelmValues, RrValues } from "./helm-values-keys";
import { RETOOL_NODES, SPREAD, protectedFor, resourceValues, scaledValues } from "./helm-values-placement";
import { type ReleaseHostnames, type SandboxCapacity, agentSandboxValues } from "./helm-values-sandbox";
import { temporalValues } from "./helm-values-temporal";
import type { RetoolPlan } from "./retool";
import type { TemporalPlan } from "./temporal";

export type * from "./helm-values-keys";
export type { ReleaseHostnames, SandboxCapacity } from "./helm-values-sandbox";

/** A value in a Kubernetes Secret. */
export interface SecretKey {
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  /** Key in it. */
  readonly key: string;
}

/** The Kubernetes Secrets that Retool's pods read. */
export interface ReleaseSecrets {
  /** The key that encrypts stored credentials. */
  readonly encryptionKey: SecretKey;
  /** The secret that signs sessions. */
  readonly jwtSecret: SecretKey;
  /** The password of the platform database. */
  readonly databasePassword: SecretKey;
  /** The agent sandbox's keys, under the names that the chart fixes. */
  readonly sandboxKeys: { readonly name: string };
  /**
   * The license key.
   *
   * @default - Retool starts without a license
   */
  readonly license?: SecretKey;
}

/** Everything that decides the values and is known before anything is made. */
export interface HelmValuesInput {
  /** The release. */
  readonly retool: RetoolPlan;
  /** Temporal. */
  readonly temporal: TemporalPlan;
  /** The sandboxes. */
  readonly capacity: SandboxCapacity;
  /** Where browsers reach Retool. */
  readonly hostnames: ReleaseHostnames;
  /** The Kubernetes Secrets. */
  readonly secrets: ReleaseSecrets;
  /** Annotations that move the pods to new secrets. */
  readonly podAnnotations: Readonly<Record<string, string>>;
}

/** What is known only once it was made; any text will do. */
export interface ReleaseReferences {
  /** Host of the platform database. */
  readonly databaseHost: string;
  /** Port of the platform database. */
  readonly databasePort: number;
  /** Name of the platform database. */
  readonly databaseName: string;
  /** User of the platform database. */
  readonly databaseUser: string;
  /** Name of the bucket. */
  readonly bucketName: string;
  /** AWS region of the bucket. */
  readonly region: string;
}

/** Service account of the pods; the bucket's role is bound to it. */
export const RETOOL_SERVICE_ACCOUNT = "retool";

/** Minutes for which the migrations' runner keeps its node beyond the migrations' own limit. */
const JOBS_RUNNER_MARGIN_MINUTES = 15;

/** Builds the values of the Retool chart. */
export function helmValues(input: HelmValuesInput, references: ReleaseReferences): HelmValues {
  const { retool, temporal, hostnames, secrets } = input;
  return {
    image: { tag: retool.version.tag },
    config: configValues(secrets, references),
    env: environment(retool, temporal, hostnames),
    ...backendValues(retool),
    ...workflowValues(retool, temporal),
    ...optionalValues(retool),
    rr: rrValues(input, references),
    ...temporalValues(temporal),
    ...clusterValues(input),
  };
}

function configValues(secrets: ReleaseSecrets, references: ReleaseReferences): ConfigValues {
  const { encryptionKey, jwtSecret, databasePassword, license } = secrets;
  return {
    ...(license === undefined ? {} : { licenseKeySecretName: license.name, licenseKeySecretKey: license.key }),
    encryptionKeySecretName: encryptionKey.name,
    encryptionKeySecretKey: encryptionKey.key,
    jwtSecretSecretName: jwtSecret.name,
    jwtSecretSecretKey: jwtSecret.key,
    auth: { google: { enabled: false } },
    useInsecureCookies: false,
    postgresql: {
      host: references.databaseHost,
      port: references.databasePort,
      db: references.databaseName,
      user: references.databaseUser,
      ssl_enabled: true,
      passwordSecretName: databasePassword.name,
      passwordSecretKey: databasePassword.key,
    },
  };
}

/** Variables that reach code-executor as well: nothing here may be a secret. */
function environment(
  retool: RetoolPlan,
  temporal: TemporalPlan,
  { appHost }: ReleaseHostnames,
): Record<string, string> {
  return {
    BASE_DOMAIN: `https://${appHost}`,
    DATABASE_MIGRATIONS_TIMEOUT_SECONDS: String(retool.migrationTimeoutSeconds),
    ...orchestration(retool),
    ...(retool.auditEventsToStdout ? { LOG_AUDIT_EVENTS: "true" } : {}),
    ...(temporal.taskQueue === undefined ? {} : { TEMPORAL_TASKQUEUE_WORKFLOW: temporal.taskQueue }),
    ...(retool.codeExecution === "unsandboxed" ? { CONTAINER_UNPRIVILEGED_MODE: "true" } : {}),
  };
}

/** Source: https://docs.retool.com/self-hosted/self-managed/guides/pg-boss-orchestration-backend, rules 1 and 2. */
function orchestration({ appOrchestration }: RetoolPlan): Record<string, string> {
  return appOrchestration === "postgres"
    ? { RR_POSTGRES_ORCHESTRATION_BACKEND: "true" }
    : { R2_ORCHESTRATION_BACKEND: "temporal" };
}

function backendValues({
  services,
  migrationTimeoutSeconds,
}: RetoolPlan): Pick<HelmValues, "replicaCount" | "resources" | "jobRunner"> {
  const minutes = Math.ceil(migrationTimeoutSeconds / 60) + JOBS_RUNNER_MARGIN_MINUTES;
  return {
    replicaCount: services.api.replicas,
    resources: resourceValues(services.api.resources),
    jobRunner: {
      enabled: true,
      resources: resourceValues(services.jobsRunner.resources),
      annotations: protectedFor(minutes),
    },
  };
}

function workflowValues(
  { services, codeExecution }: RetoolPlan,
  { taskQueue }: TemporalPlan,
): Pick<HelmValues, "workflows" | "codeExecutor"> {
  const worker = scaledValues(services.workflowsWorker);
  // The chart hands this list to the worker alone, so the queues of the agents' workers stay as they are.
  const queue = { environmentVariables: [{ name: "WORKER_TEMPORAL_TASKQUEUE", value: taskQueue }] };
  return {
    workflows: {
      enabled: true,
      resources: worker.resources,
      backend: scaledValues(services.workflowsBackend),
      worker,
      ...(taskQueue === undefined ? {} : { config: queue }),
    },
    codeExecutor: {
      ...scaledValues(services.codeExecutor),
      affinity: SPREAD,
      useSeccompProfile: codeExecution === "seccomp",
      ...(codeExecution === "unsandboxed" ? { securityContext: UNPRIVILEGED } : {}),
    },
  };
}

/** Without a security context of its own the chart makes code-executor privileged. */
const UNPRIVILEGED = { privileged: false, allowPrivilegeEscalation: false };

function optionalValues({
  features,
  services,
  telemetry,
}: RetoolPlan): Pick<HelmValues, "dbconnector" | "agents" | "multiplayer" | "mcp" | "telemetry"> {
  const { dbconnector, agentWorker, agentEvalWorker, multiplayer, mcp } = services;
  return {
    dbconnector: features.dbconnector
      ? { enabled: true, replicas: dbconnector.replicas, resources: resourceValues(dbconnector.resources) }
      : { enabled: false },
    agents: features.agents
      ? { enabled: true, worker: scaledValues(agentWorker), evalWorker: scaledValues(agentEvalWorker) }
      : { enabled: false },
    multiplayer: features.multiplayer ? { enabled: true, ...scaledValues(multiplayer) } : { enabled: false },
    mcp: features.mcp ? { enabled: true, ...scaledValues(mcp) } : { enabled: false },
    telemetry:
      telemetry === "metrics"
        ? { enabled: true, sendToRetool: { enabled: true, inputs: ["metrics"] } }
        : { enabled: false, sendToRetool: { enabled: false } },
  };
}

function rrValues({ retool, capacity, hostnames, secrets }: HelmValuesInput, references: ReleaseReferences): RrValues {
  return {
    enabled: true,
    // No keys: the pods' own identity reads and writes the bucket.
    blobStorage: { s3: { bucket: references.bucketName, region: references.region } },
    jsExecutor: { ...scaledValues(retool.services.jsExecutor), affinity: SPREAD },
    agent: { worker: scaledValues(retool.services.r2Worker) },
    agentSandbox: agentSandboxValues(retool, capacity, hostnames, secrets.sandboxKeys.name),
  };
}

function clusterValues({
  podAnnotations,
}: HelmValuesInput): Pick<
  HelmValues,
  | "postgresql"
  | "ingress"
  | "serviceAccount"
  | "podDisruptionBudget"
  | "networkPolicy"
  | "nodeSelector"
  | "affinity"
  | "podAnnotations"
> {
  return {
    postgresql: { enabled: false },
    ingress: { enabled: false },
    serviceAccount: { create: true, name: RETOOL_SERVICE_ACCOUNT },
    podDisruptionBudget: { maxUnavailable: 1 },
    networkPolicy: { blockCloudMetadataEgress: false },
    nodeSelector: RETOOL_NODES,
    affinity: SPREAD,
    podAnnotations,
  };
}
