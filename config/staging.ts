import type { EnvironmentSpec } from "../domain/environment/spec";

/** Staging: production's shape at a quarter of its size. */
export const staging = {
  name: "staging",
  account: "444455556666",
  region: "us-east-1",
  domain: "retool.staging.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  builders: 5,
  network: { zones: 2, nat: "single" },
  database: { multiAz: false },
} satisfies EnvironmentSpec;
