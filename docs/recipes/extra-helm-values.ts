// Further values of Retool's Helm chart.
// When: the chart can do what no setting here covers. Keys that the chart does not know, or that this package sets, are refused;
// objects are merged key by key, lists are appended.
// Costs about 1,790 USD a month at rest, 2,030 with working days.
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
  retool: {
    extraValues: {
      backend: { annotations: { "example.com/team": "internal-tools" } },
    },
    environment: { HIDE_PROD_AND_STAGING_TOGGLES: "true" },
  },
} satisfies EnvironmentSpec;
