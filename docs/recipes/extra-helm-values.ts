// Further values of Retool's Helm chart.
// When: the chart can do what no setting here covers. Keys that are not open (domain/retool/chart-keys.ts), those that this package sets
// among them, are refused; below an open key such as `backend` names are not checked, and Helm ignores a misspelled one. Objects are merged
// key by key, lists are appended. Variables belong in `environment`, where one with `secret` gets its value from Secrets Manager.
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
  retool: {
    extraValues: {
      backend: { annotations: { "example.com/team": "internal-tools" } },
      podLabels: { team: "internal-tools" },
    },
    environment: { HIDE_PROD_AND_STAGING_TOGGLES: "true", RETOOL_EXPOSED_TOKEN: { secret: "retool/token" } },
  },
} satisfies EnvironmentSpec;
