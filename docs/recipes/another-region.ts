// Another region, with copies in a second one.
// When: users and data are in Europe. Everything follows from `region`; backups go to a second region of the same jurisdiction.
// Costs about 1,810 USD a month at rest, 2,050 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "eu-central-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  backup: { copyTo: { region: "eu-west-1" } },
} satisfies EnvironmentSpec;
