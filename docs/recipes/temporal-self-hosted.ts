// Workflows on your own Temporal cluster.
// When: a Temporal server (1.24 or later) runs in the VPC or a network connected to it, with TLS.
// Costs about 1,790 USD a month at rest, 2,040 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  temporal: { kind: "self-hosted", host: "temporal.internal.example.com", namespace: "retool", tls: "encrypted" },
} satisfies EnvironmentSpec;
