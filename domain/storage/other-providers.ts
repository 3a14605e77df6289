import { z } from "zod";

import { bucketNameProblem } from "../common/bucket-name";
import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import type { JsonObject } from "../common/kubernetes";
import {
  accessKeyProblem,
  containerProblem,
  endpointProblem,
  gcsBucketProblem,
  s3RegionViolations,
} from "./provider-names";
import { secretNameViolations } from "../common/secret-name";
import { checked, revision } from "../common/setting";
import type { Planned, Violation } from "../common/violation";

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
      /** Id of the access key, which is not a secret. */
      readonly accessKeyId: string;
      /** Secret that holds the secret access key. */
      readonly secretAccessKey: string;
      /**
       * Number to raise after another credential was stored.
       *
       * @default 1
       */
      readonly credentialRevision?: number;
    }
  | {
      /** A bucket of Google Cloud Storage. */
      readonly kind: "gcs";
      /** Name of the bucket. */
      readonly bucket: string;
      /** Secret that holds the service account's key as JSON. */
      readonly credentials: string;
      /**
       * Number to raise after another credential was stored.
       *
       * @default 1
       */
      readonly credentialRevision?: number;
    }
  | {
      /** A container of Azure Blob Storage. */
      readonly kind: "azure";
      /** Name of the storage account, which the connection string names as well. */
      readonly account: string;
      /** Name of the container. */
      readonly container: string;
      /** Secret that holds the connection string. */
      readonly connectionString: string;
      /**
       * Number to raise after another credential was stored.
       *
       * @default 1
       */
      readonly credentialRevision?: number;
    };

/** Blob storage that exists already, as the chart and the cluster are told of it. */
export interface ExistingBlobStoragePlan {
  /** Which service it is. */
  readonly kind: ExistingBlobStorageSpec["kind"];
  /** The chart's `rr.blobStorage`, with exactly one provider. */
  readonly values: JsonObject;
  /** Kubernetes Secret and key of the credential, and the secret in Secrets Manager that it is read from. */
  readonly credential: BlobCredential;
  /** Where pods reach it. */
  readonly endpoints: readonly BlobEndpoint[];
  /** Bucket in S3, where it is one. */
  readonly bucket: string | undefined;
}

/** An address of blob storage outside the environment. */
export interface BlobEndpoint {
  /** Host, or domain whose hosts are meant. */
  readonly host: string;
  /** Whether the hosts below `host` are meant. */
  readonly subdomains: boolean;
  /** TCP port, spoken to over TLS. */
  readonly port: number;
  /** Whether traffic takes the VPC's own endpoint of S3. */
  readonly throughVpc: boolean;
  /** Page that names the host; empty for the team's own service. */
  readonly document: string;
}

/** Where pods find the credential, and where it comes from. */
export interface BlobCredential {
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  /** Key in it. */
  readonly key: string;
  /** Name of the secret in Secrets Manager. */
  readonly secretName: string;
  /** Number that grows when it changes. */
  readonly revision: number;
}

const text = z.string().min(1, "is empty; give its name");
const credentialRevision = revision().default(1);

/** Shape of an {@link ExistingBlobStorageSpec}. */
export const existingBlobStorageSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("s3-keys"),
    bucket: checked(text, bucketNameProblem),
    region: text.optional(),
    endpoint: checked(z.string(), endpointProblem, { form: "the HTTPS address of a service" }).optional(),
    accessKeyId: checked(text, accessKeyProblem),
    secretAccessKey: z.string(),
    credentialRevision,
  }),
  z.strictObject({
    kind: z.literal("gcs"),
    bucket: checked(text, gcsBucketProblem),
    credentials: z.string(),
    credentialRevision,
  }),
  z.strictObject({
    kind: z.literal("azure"),
    account: z
      .string()
      .regex(/^[a-z0-9]{3,24}$/, "is not the name of a storage account; use 3 to 24 lower-case letters and digits"),
    container: checked(text, containerProblem),
    connectionString: z.string(),
    credentialRevision,
  }),
]);

/** An {@link ExistingBlobStorageSpec} with every default that does not depend on the environment. */
type ExistingBlobStorageSettings = z.output<typeof existingBlobStorageSchema>;

/** Kubernetes Secret of the credential. */
export const BLOB_SECRET = "retool-blob-storage";

/** Stands where the configuration has no usable form, so that every other check can still run. */
const NONE = { kind: "gcs", bucket: "unknown", credentials: "unknown" } as const;

/**
 * Renders blob storage that exists already to the chart's keys.
 *
 * @param given - What the configuration says.
 * @param context - The environment.
 */
export function planExistingBlobStorage(
  given: ExistingBlobStorageSpec,
  context: EnvironmentContext,
): Planned<ExistingBlobStoragePlan> {
  const { spec, shape } = checkedSpec(existingBlobStorageSchema, given, NONE, "blobStorage");
  const plan = render(spec, context);
  const regions = spec.kind === "s3-keys" ? s3RegionViolations(spec) : [];
  return { plan, violations: withShape(shape, [...regions, ...credentialViolations(spec, plan)]) };
}

type Settings<Kind> = Extract<ExistingBlobStorageSettings, { readonly kind: Kind }>;

function render(spec: ExistingBlobStorageSettings, { region }: EnvironmentContext): ExistingBlobStoragePlan {
  switch (spec.kind) {
    case "s3-keys":
      return renderS3(spec, region);
    case "gcs":
      return renderGcs(spec);
    case "azure":
      return renderAzure(spec);
  }
}

function renderS3(spec: Settings<"s3-keys">, ownRegion: string): ExistingBlobStoragePlan {
  const { kind, bucket, endpoint, accessKeyId, region = ownRegion } = spec;
  const credential = credentialOf(spec, "secret-access-key", spec.secretAccessKey);
  const keys = { secretAccessKeySecretName: credential.name, secretAccessKeySecretKey: credential.key };
  return {
    kind,
    values: { s3: { bucket, region, ...(endpoint === undefined ? {} : { endpoint }), accessKeyId, ...keys } },
    credential,
    endpoints: [endpoint === undefined ? s3Endpoint(region, region === ownRegion) : ownEndpoint(endpoint)],
    bucket: endpoint === undefined ? bucket : undefined,
  };
}

function s3Endpoint(region: string, throughVpc: boolean): BlobEndpoint {
  const document = "https://docs.aws.amazon.com/general/latest/gr/s3.html";
  return { host: `s3.${region}.amazonaws.com`, subdomains: true, port: 443, throughVpc, document };
}

function ownEndpoint(url: string): BlobEndpoint {
  const { hostname, port } = new URL(url);
  const number = port === "" ? 443 : Number(port);
  return { host: hostname, subdomains: false, port: number, throughVpc: false, document: "" };
}

/** Source: https://cloud.google.com/storage/docs/request-endpoints; a service account's key is exchanged for a token first. */
function renderGcs(spec: Settings<"gcs">): ExistingBlobStoragePlan {
  const credential = credentialOf(spec, "credentials.json", spec.credentials);
  const keys = { credentialsSecretName: credential.name, credentialsSecretKey: credential.key };
  const document = "https://cloud.google.com/storage/docs/request-endpoints";
  return {
    kind: spec.kind,
    values: { gcs: { bucket: spec.bucket, ...keys } },
    credential,
    endpoints: ["storage.googleapis.com", "oauth2.googleapis.com"].map((host) => ({
      host,
      subdomains: false,
      port: 443,
      throughVpc: false,
      document,
    })),
    bucket: undefined,
  };
}

function renderAzure(spec: Settings<"azure">): ExistingBlobStoragePlan {
  const credential = credentialOf(spec, "connection-string", spec.connectionString);
  const keys = { connectionStringSecretName: credential.name, connectionStringSecretKey: credential.key };
  const document = "https://learn.microsoft.com/en-us/azure/storage/common/storage-account-overview";
  const host = `${spec.account}.blob.core.windows.net`;
  return {
    kind: spec.kind,
    values: { azure: { container: spec.container, ...keys } },
    credential,
    endpoints: [{ host, subdomains: false, port: 443, throughVpc: false, document }],
    bucket: undefined,
  };
}

function credentialOf(
  { credentialRevision }: ExistingBlobStorageSettings,
  key: string,
  secretName: string,
): BlobCredential {
  return { name: BLOB_SECRET, key, secretName, revision: credentialRevision };
}

/** Setting that names the credential's secret, by kind. */
const CREDENTIAL_FIELD = { "s3-keys": "secretAccessKey", gcs: "credentials", azure: "connectionString" } as const;

/** A wrong name is not left out, as the whole form of storage would be with it. */
function credentialViolations(
  { kind }: ExistingBlobStorageSettings,
  { credential }: ExistingBlobStoragePlan,
): Violation[] {
  return secretNameViolations(credential.secretName, `blobStorage.${CREDENTIAL_FIELD[kind]}`);
}
