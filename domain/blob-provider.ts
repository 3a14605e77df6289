import { z } from "zod";

import { checkedSpec } from "./checked-spec";
import type { EnvironmentContext } from "./environment-context";
import type { JsonObject } from "./kubernetes";
import { secretNameViolations } from "./secret-name";
import type { Planned, Violation } from "./violation";

/** Blob storage that exists already: exactly one kind. A credential is the name of a secret in Secrets Manager. */
export type ExistingBlobStorageSpec =
  | {
      /** An S3 bucket that is reached with an IAM user's key, or any service that speaks S3's protocol. */
      readonly kind: "s3-keys";
      /** Name of the bucket. */
      readonly bucket: string;
      /**
       * Region of the bucket.
       *
       * @default - the environment's region
       */
      readonly region?: string;
      /**
       * URL of the service.
       *
       * @default - S3 itself
       */
      readonly endpoint?: string;
      /** Id of the access key; it is no secret. */
      readonly accessKeyId: string;
      /** Secret that holds the secret access key. */
      readonly secretAccessKey: string;
    }
  | {
      /** A bucket of Google Cloud Storage. */
      readonly kind: "gcs";
      /** Name of the bucket. */
      readonly bucket: string;
      /** Secret that holds the service account's key as JSON. */
      readonly credentials: string;
    }
  | {
      /** A container of Azure Blob Storage. */
      readonly kind: "azure";
      /** Name of the container. */
      readonly container: string;
      /** Secret that holds the connection string. */
      readonly connectionString: string;
    };

/** Blob storage that exists already, as the chart and the cluster are told of it. */
export interface ExistingBlobStoragePlan {
  /** Which service it is. */
  readonly kind: ExistingBlobStorageSpec["kind"];
  /** The chart's `rr.blobStorage`, with exactly one provider. */
  readonly values: JsonObject;
  /** Kubernetes Secret and key of the credential, and the secret in Secrets Manager that it is read from. */
  readonly credential: BlobCredential;
}

/** Where pods find the credential, and where it comes from. */
export interface BlobCredential {
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  /** Key in it. */
  readonly key: string;
  /** Name of the secret in Secrets Manager. */
  readonly secretName: string;
}

const text = z.string().min(1, "is empty; give its name");

/** Shape of an {@link ExistingBlobStorageSpec}. */
export const existingBlobStorageSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("s3-keys"),
    bucket: text,
    region: text.optional(),
    endpoint: z
      .string()
      .regex(/^https:\/\/[^\s]+$/, "is not a URL over TLS; start it with https://")
      .optional(),
    accessKeyId: text,
    secretAccessKey: z.string(),
  }),
  z.strictObject({ kind: z.literal("gcs"), bucket: text, credentials: z.string() }),
  z.strictObject({ kind: z.literal("azure"), container: text, connectionString: z.string() }),
]) satisfies z.ZodType<ExistingBlobStorageSpec>;

const SECRET = "retool-blob-storage";

/** Stands where the configuration has no usable form, so that every other check can still run. */
const NONE: ExistingBlobStorageSpec = { kind: "gcs", bucket: "unknown", credentials: "unknown" };

/**
 * Renders blob storage that exists already to the chart's keys.
 *
 * @param given - What the configuration says.
 * @param context - The environment.
 * @param root - Prefix of every reported path.
 */
export function planExistingBlobStorage(
  given: ExistingBlobStorageSpec,
  context: EnvironmentContext,
  root = "blobStorage",
): Planned<ExistingBlobStoragePlan> {
  const { spec, shape } = checkedSpec(existingBlobStorageSchema, given, NONE, root);
  const plan = render(spec, context);
  return { plan, violations: [...shape, ...credentialViolations(spec, plan, root)] };
}

function render(spec: ExistingBlobStorageSpec, { region }: EnvironmentContext): ExistingBlobStoragePlan {
  switch (spec.kind) {
    case "s3-keys": {
      const credential = { name: SECRET, key: "secret-access-key", secretName: spec.secretAccessKey };
      const { bucket, endpoint, accessKeyId } = spec;
      const keys = { secretAccessKeySecretName: credential.name, secretAccessKeySecretKey: credential.key };
      const s3 = { bucket, region: spec.region ?? region, endpoint, accessKeyId, ...keys };
      return { kind: spec.kind, values: { s3 }, credential };
    }
    case "gcs": {
      const credential = { name: SECRET, key: "credentials.json", secretName: spec.credentials };
      const keys = { credentialsSecretName: credential.name, credentialsSecretKey: credential.key };
      return { kind: spec.kind, values: { gcs: { bucket: spec.bucket, ...keys } }, credential };
    }
    case "azure": {
      const credential = { name: SECRET, key: "connection-string", secretName: spec.connectionString };
      const keys = { connectionStringSecretName: credential.name, connectionStringSecretKey: credential.key };
      return { kind: spec.kind, values: { azure: { container: spec.container, ...keys } }, credential };
    }
  }
}

/** Setting that names the credential's secret, by kind. */
const CREDENTIAL_FIELD = { "s3-keys": "secretAccessKey", gcs: "credentials", azure: "connectionString" } as const;

function credentialViolations(spec: ExistingBlobStorageSpec, plan: ExistingBlobStoragePlan, root: string): Violation[] {
  return secretNameViolations(plan.credential.secretName, `${root}.${CREDENTIAL_FIELD[spec.kind]}`);
}
