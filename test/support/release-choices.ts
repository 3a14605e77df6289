import type { ExistingBlobStorageSpec } from "../../domain/storage/other-providers";
import type { RetoolSpec } from "../../domain/retool/retool";
import type { TemporalSpec } from "../../domain/temporal/temporal";
import { CERTIFICATE } from "./retool-release";

const tls = { clientCertificate: CERTIFICATE, privateKeySecret: "retool/temporal-key" };
const cluster = { kind: "self-hosted", host: "temporal.example.com", namespace: "retool" } as const;
const database = {
  kind: "existing",
  host: "temporal-db.example.com",
  user: "temporal",
  secret: "retool/temporal-db",
  addresses: ["10.20.0.0/24"],
} as const;

/** Every way to Temporal. */
export const TEMPORAL: Readonly<Record<string, TemporalSpec>> = {
  "retool-managed": { kind: "retool-managed" },
  "temporal-cloud": { kind: "temporal-cloud", namespace: "retool-prod.a1b2c", region: "us-east-1", ...tls },
  "self-hosted in the clear": { ...cluster, tls: "off" },
  "self-hosted encrypted": cluster,
  "self-hosted with a certificate": { ...cluster, tls },
  local: { kind: "local", database },
  "local on Cassandra": {
    kind: "local",
    cassandra: { hosts: ["cassandra.example.com"], user: "temporal", passwordSecret: "retool/cassandra" },
  },
};

/** Every kind of object storage that exists already. */
export const EXISTING_STORAGE: readonly ExistingBlobStorageSpec[] = [
  { kind: "s3-keys", bucket: "retool", accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "retool/s3-key" },
  { kind: "gcs", bucket: "retool", credentials: "retool/gcs-key" },
  { kind: "azure", account: "retoolfiles", container: "retool", connectionString: "retool/azure" },
];

/** Everything that is off unless asked for. */
export const EVERYTHING: RetoolSpec = {
  features: { dbconnector: true, agents: true, multiplayer: true, mcp: true },
  telemetry: "metrics",
};
