import type { ExistingBlobStoragePlan } from "../storage/other-providers";
import type { DatabasePlan } from "../database/platform";
import { type DatabaseReference, authorityVariables, checkedDatabaseUrl, retoolDatabaseVariables } from "./databases";
import { codeExecutorPrivileges } from "./code-executor";
import { type EnvironmentFacts, environmentValues, outbound } from "./variables";
import { type ImageKeys, imageKeys } from "./images";
import type { ConfigValues, FeatureValues, HelmValues, RrValues } from "./chart-values";
import type { EnvironmentValue, JsonObject } from "../common/kubernetes";
import { codeAffinity, NO_PREFERENCE, protectedFor, resourceValues, scaledValues } from "./placement";
import { type ReleaseHostnames, type SandboxCapacity, agentSandboxValues } from "./sandbox";
import { type Feature, FEATURES } from "../catalog/row";
import { type ServiceId, type ServicePlan, servicesOf, sizingOf } from "../catalog/services";
import { temporalValues } from "./temporal";
import { retoolNodeSelector } from "../nodes/node-pools";
import { type RetoolPlan, runsTelemetry } from "../retool/retool";
import { telemetryTargetValues } from "./telemetry-target";
import { mergeValues } from "../retool/extra-values";
import type { TemporalPlan } from "../temporal/temporal";

export type * from "./chart-values";
export type { DatabaseReference } from "./databases";
export type { ReleaseHostnames, SandboxCapacity } from "./sandbox";

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
  /** Blob storage: made here, or the chart's keys for what exists. */
  readonly blobStorage: { readonly kind: "s3" } | Pick<ExistingBlobStoragePlan, "kind" | "values">;
  /** Where browsers reach Retool. */
  readonly hostnames: ReleaseHostnames;
  /** The Kubernetes Secrets. */
  readonly secrets: ReleaseSecrets;
  /** Revisions of the secrets by name; a new one moves all pods to the new value. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  /**
   * Address ranges of the VPC and of the cluster's services, which no proxy serves.
   *
   * @default []
   */
  readonly privateRanges?: readonly string[];
  /**
   * Variables of all pods that follow from other parts of the environment; never a secret.
   *
   * @default {}
   */
  readonly variables?: Readonly<Record<string, EnvironmentValue>>;
  /**
   * Whether there is a Secret of secret variables.
   *
   * @default false
   */
  readonly hasSecretVariables?: boolean;
  /**
   * The platform database.
   *
   * @default - Retool's address of it is used, and its certificate is not checked
   */
  readonly database?: DatabasePlan;
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
  /**
   * Server of Retool Database, and the user who makes it.
   *
   * @default - there is no Retool Database
   */
  readonly retoolDatabase?: DatabaseReference;
  /**
   * Instance that is made for a local Temporal cluster, and its administrator.
   *
   * @default - none is made
   */
  readonly temporalDatabase?: DatabaseReference;
  /** Name of the bucket that was made; empty where none was. */
  readonly bucketName: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /**
   * ARN of the role that pods get by the token of their service account.
   *
   * @default - pods get their role otherwise
   */
  readonly blobRoleArn?: string;
}

/** Service account of the pods; the bucket's role is bound to it. */
export const RETOOL_SERVICE_ACCOUNT = "retool";

/** Minutes for which the migrations' runner keeps its node beyond the migrations' own limit. */
const JOBS_RUNNER_MARGIN_MINUTES = 15;

/** Builds the values of the Retool chart. */
export function helmValues(input: HelmValuesInput, references: ReleaseReferences): HelmValues {
  const { retool, temporal, secrets } = input;
  const images = imageKeys(retool.images);
  const facts = factsOf(input, references);
  const values: HelmValues = {
    image: images.backend,
    config: configValues(secrets, references),
    ...environmentValues(retool, temporal, facts),
    ...backendValues(retool),
    ...workflowValues(input, images),
    ...featureValues(retool),
    telemetry: telemetryValues(retool, images),
    rr: rrValues(input, references, images, facts),
    ...temporalValues(temporal, {
      instance: references.temporalDatabase,
      podAnnotations: input.podAnnotations,
      pools: input.capacity.pools,
    }),
    ...clusterValues(input, references),
  };
  return mergeValues(values, retool.extraValues);
}

function factsOf(input: HelmValuesInput, references: ReleaseReferences): EnvironmentFacts {
  const { hostnames, privateRanges = [], variables = {}, hasSecretVariables = false, database } = input;
  return {
    appHost: hostnames.appHost,
    region: references.region,
    privateRanges,
    variables: {
      ...variables,
      ...retoolDatabaseVariables(references.retoolDatabase),
      ...(database === undefined ? {} : authorityVariables(database)),
    },
    hasSecretVariables,
    databaseAuthorities: database?.caBundle,
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

function backendValues({ api, jobsRunner }: RetoolPlan): Pick<HelmValues, "replicaCount" | "resources" | "jobRunner"> {
  const minutes = jobsRunner.migrationTimeoutMinutes + JOBS_RUNNER_MARGIN_MINUTES;
  return {
    replicaCount: api.replicas,
    resources: resourceValues(api.resources),
    jobRunner: {
      enabled: true,
      resources: resourceValues(jobsRunner.resources),
      annotations: protectedFor(minutes),
    },
  };
}

function workflowValues(
  { retool, temporal: { taskQueue }, capacity }: HelmValuesInput,
  images: ImageKeys,
): Pick<HelmValues, "workflows" | "codeExecutor"> {
  const { workflowsWorker, workflowsBackend, codeExecutor } = retool;
  const worker = scaledValues(workflowsWorker);
  // The chart hands this list only to the worker, so the queues of the agents' workers stay as they are.
  const queue = { environmentVariables: [{ name: "WORKER_TEMPORAL_TASKQUEUE", value: taskQueue }] };
  return {
    workflows: {
      enabled: true,
      resources: worker.resources,
      backend: scaledValues(workflowsBackend),
      worker,
      ...(taskQueue === undefined ? {} : { config: queue }),
    },
    codeExecutor: {
      ...scaledValues(codeExecutor),
      ...images.codeExecutor,
      affinity: codeAffinity(capacity.codePool !== undefined),
      ...codeExecutorPrivileges(codeExecutor.sandboxing).values,
    },
  };
}

function featureValues(retool: RetoolPlan): Record<Feature, FeatureValues> {
  const on = (feature: Feature): FeatureValues => ({
    enabled: true,
    ...Object.fromEntries(servicesOf(feature).flatMap((id) => Object.entries(serviceValues(id, retool[id])))),
  });
  const values = FEATURES.map((feature) => [feature, retool.features[feature] ? on(feature) : OFF]);
  return Object.fromEntries(values) as Record<Feature, FeatureValues>;
}

/** Pods of a service and their size, under the keys that they have below those of its feature. */
function serviceValues(id: ServiceId, { replicas, resources }: ServicePlan): JsonObject {
  const { values: key, replicas: count = "replicaCount" } = sizingOf(id).chartKeys ?? {};
  const values = { [count]: replicas, resources: resourceValues(resources) };
  return key === undefined ? values : { [key]: values };
}

const OFF = { enabled: false };

function telemetryValues(
  retool: Pick<RetoolPlan, "telemetry" | "telemetryTarget">,
  images: ImageKeys,
): HelmValues["telemetry"] {
  if (!runsTelemetry(retool)) return { ...OFF, sendToRetool: OFF };
  return {
    enabled: true,
    sendToRetool: retool.telemetry === "off" ? OFF : { enabled: true, inputs: ["metrics"] },
    ...telemetryTargetValues(retool.telemetryTarget),
    ...images.telemetry,
  };
}

function rrValues(
  { retool, capacity, hostnames, secrets, blobStorage, database }: HelmValuesInput,
  references: ReleaseReferences,
  images: ImageKeys,
  facts: EnvironmentFacts,
): RrValues {
  const { bucketName, region } = references;
  const variables = outbound(retool, facts);
  const { databaseHost: host, databasePort: port, databaseUser: user, databaseName } = references;
  const databaseUrl =
    database?.caBundle === undefined ? undefined : checkedDatabaseUrl({ host, port, user }, databaseName);
  return {
    enabled: true,
    // Without keys the pods' own identity reads and writes the bucket.
    blobStorage: blobStorage.kind === "s3" ? { s3: { bucket: bucketName, region } } : blobStorage.values,
    jsExecutor: {
      ...scaledValues(retool.jsExecutor),
      ...images.jsExecutor,
      affinity: codeAffinity(capacity.codePool !== undefined),
      ...(Object.keys(variables).length === 0 ? {} : { env: variables }),
    },
    agent: { worker: scaledValues(retool.r2Worker) },
    agentSandbox: agentSandboxValues(retool, capacity, hostnames, secrets.sandboxKeys.name, images, databaseUrl),
  };
}

function clusterValues(
  { retool, capacity, podAnnotations }: HelmValuesInput,
  { blobRoleArn }: ReleaseReferences,
): Pick<
  HelmValues,
  | "postgresql"
  | "ingress"
  | "serviceAccount"
  | "podDisruptionBudget"
  | "networkPolicy"
  | "nodeSelector"
  | "affinity"
  | "podAnnotations"
  | "priorityClassName"
> {
  const { priorityClassName } = retool;
  return {
    postgresql: { enabled: false },
    ingress: { enabled: false },
    serviceAccount: {
      create: true,
      name: RETOOL_SERVICE_ACCOUNT,
      ...(blobRoleArn === undefined ? {} : { annotations: { "eks.amazonaws.com/role-arn": blobRoleArn } }),
    },
    podDisruptionBudget: { maxUnavailable: 1 },
    networkPolicy: { blockCloudMetadataEgress: false },
    nodeSelector: retoolNodeSelector(capacity.pools),
    affinity: NO_PREFERENCE,
    podAnnotations: revisionAnnotation(podAnnotations),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
  };
}

/**
 * Gathers all revisions in one annotation.
 *
 * The chart writes a second one at another depth into dbconnector, whose Deployment is then no YAML (measured with 6.11.21).
 */
function revisionAnnotation(revisions: Readonly<Record<string, string>>): Record<string, string> {
  const texts = Object.entries(revisions).map(([name, revision]) => `${name.replace(/^.*\//, "")}=${revision}`);
  return texts.length === 0 ? {} : { "cdktf-retool/secret-revisions": texts.sort().join(",") };
}
