// 200 people who edit apps at the same time.
// When: an engineering organization builds on one instance. Capacity, database class and pool limits follow from `builders`; check
// the quota "Running On-Demand Standard instances" of the region against the pool limits that `npm run plan` prints.
// Costs about 2,570 USD a month at rest, 5,370 with working days.
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
  builders: 200,
  // Sandboxes take their addresses from 100.64.0.0/10, so the VPC's own range stays small.
  network: { sandboxCidr: "100.64.0.0/14" },
} satisfies EnvironmentSpec;
