// Snowflake, databases and Redis as data sources.
// When: apps query a warehouse on the internet, databases in private networks and one at another provider. Every source is one entry. A server
// with a private address always needs `addresses`, since private ranges are closed; a public one only at level `firewall`, and only where
// it speaks neither TLS nor HTTP first.
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
  // Snowflake's drivers also fetch results from its stage, a bucket: the STAGE row of `SELECT SYSTEM$ALLOWLIST()` names it.
  network: { s3Buckets: ["sfc-prod-stage"] },
  egress: {
    resources: [
      { to: "xy12345.us-east-1.snowflakecomputing.com", reason: "warehouse" },
      { to: "ocsp.snowflakecomputing.com", port: 80, reason: "Snowflake's drivers check certificates" },
      {
        to: "orders.internal.example.com",
        port: 5432,
        addresses: ["10.0.40.0/22"],
        reason: "orders, PostgreSQL in the VPC",
      },
      { to: "cache.internal.example.com", port: 6379, addresses: ["10.20.0.0/24"], reason: "Redis in a peered VPC" },
      { to: "crm.db.example.net", port: 3306, reason: "CRM, MySQL at its provider" },
    ],
  },
} satisfies EnvironmentSpec;
