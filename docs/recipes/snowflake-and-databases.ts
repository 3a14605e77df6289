// Snowflake and two databases as data sources.
// When: apps query a warehouse on the internet, a database in the VPC and one at another provider. Every source is one entry; at level
// `firewall` a source that speaks neither TLS nor HTTP needs its addresses.
// Costs about 2,550 USD a month at rest, 2,790 with working days.
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
  egress: {
    level: "firewall",
    resources: [
      // Snowflake's drivers also fetch results from its stage, a bucket of the account's region.
      { to: "xy12345.us-east-1.snowflakecomputing.com", reason: "warehouse" },
      { to: "ocsp.snowflakecomputing.com", port: 80, reason: "Snowflake's drivers check certificates" },
      {
        to: "orders.internal.example.com",
        port: 5432,
        addresses: ["10.0.40.0/22"],
        reason: "orders, PostgreSQL in the VPC",
      },
      { to: "crm.db.example.net", port: 3306, addresses: ["198.51.100.20/32"], reason: "CRM, MySQL at its provider" },
    ],
  },
} satisfies EnvironmentSpec;
