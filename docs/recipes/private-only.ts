// No public way in.
// When: users come by VPN or Direct Connect. NAT gateways keep public addresses for the way out; `network: { nat: "none" }` removes
// them. Names resolve in the VPC only; the public zone just proves that they are yours.
// docs/guides/private-deployment.md says how operators and CI reach the cluster.
// Costs about 1,780 USD a month at rest, 2,020 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.corp.example.com",
  retoolVersion: "4.34.1-stable",
  access: "internal",
  clusterAccess: "private",
  license: "retool/license-key",
  dns: { kind: "private-zone", validationZoneId: "Z0123456789ABCDEFGHIJ" },
  // Users of the VPN, besides the VPC itself.
  frontDoor: { privateClients: ["10.200.0.0/16"] },
} satisfies EnvironmentSpec;
