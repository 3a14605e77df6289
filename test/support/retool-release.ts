import { type BlobSpec, planBlob } from "../../domain/storage/storage";
import type { EnvironmentContext } from "../../domain/common/context";
import { type HelmValues, type HelmValuesInput, type ReleaseReferences, helmValues } from "../../domain/chart/values";
import { type RetoolSpec, planRetool } from "../../domain/retool/retool";
import { secretFacts } from "../../domain/chart/pod-secrets";
import { planSecretDelivery, type SecretDeliverySpec } from "../../domain/secrets/delivery";
import { planSecrets, type SecretsSpec } from "../../domain/secrets/secrets";
import { type TemporalSpec, planTemporal } from "../../domain/temporal/temporal";
import { context as prod } from "./fakes";

/** What a release is made of in a test; everything else is as in a fresh environment. */
export interface ReleaseChoice {
  readonly retool?: RetoolSpec;
  readonly temporal?: TemporalSpec;
  readonly version?: string;
  readonly secrets?: SecretsSpec;
  readonly blobStorage?: BlobSpec;
  readonly secretDelivery?: SecretDeliverySpec;
  readonly context?: EnvironmentContext;
  readonly input?: Partial<HelmValuesInput>;
}

/** A self-signed certificate's text, as far as anybody here reads it. */
export const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUfake\n-----END CERTIFICATE-----\n";

/** Capacity of twenty builders. */
export const capacity: HelmValuesInput["capacity"] = {
  prewarmPoolSize: 5,
  maxTotalJobs: 50,
  maxConcurrentCreates: 3,
  maxDevices: 40,
  idleTimeoutMs: 600_000,
  assignedTtlSeconds: 3600,
  lifetimeMs: 9_000_000,
  sandbox: { cpuMillicores: 1000, memoryMiB: 2048, diskGiB: 22, perUserSandboxLimit: 5, devicePlugin: true },
};

/** What is known once a database and a bucket were made. */
export const references: ReleaseReferences = {
  databaseHost: "db.example",
  databasePort: 5432,
  databaseName: "retool",
  databaseUser: "retool_admin",
  bucketName: "retool-prod-111122223333-us-east-1",
  region: "us-east-1",
};

/** Everything that decides the values. */
export function releaseInput(choice: ReleaseChoice = {}): HelmValuesInput {
  const context = choice.context ?? prod;
  const retool = planRetool(choice.retool, context, choice.version ?? "4.0.9-stable").plan;
  const temporal = planTemporal(choice.temporal, context).plan;
  const blobStorage = planBlob(choice.blobStorage, context).plan;
  const secretDelivery = planSecretDelivery(choice.secretDelivery, context).plan;
  return {
    retool,
    temporal,
    blobStorage,
    capacity,
    hostnames: { appHost: "retool.example.com", sandboxProxyHost: "agent-proxy.retool.example.com" },
    secrets: {
      encryptionKey: { name: "retool-encryption-key", key: "encryption-key" },
      jwtSecret: { name: "retool-jwt", key: "jwt-secret" },
      databasePassword: { name: "retool-database", key: "password" },
      sandboxKeys: { name: "retool-agent-sandbox" },
      license: { name: "retool-license", key: "license-key" },
    },
    ...secretFacts({
      retool,
      temporal,
      blobStorage,
      secretDelivery,
      secrets: planSecrets(choice.secrets, "retool/license", context).plan,
    }),
    ...choice.input,
  };
}

/** The values of a release. */
export function releaseValues(choice: ReleaseChoice = {}): HelmValues {
  return helmValues(releaseInput(choice), references);
}
