import { App } from "cdktf";
import { type EnvironmentSpec, RetoolStack } from "cdktf-retool";

// Nothing of it has a public address; docs/guides/private-deployment.md says how people and CI reach it.
const prod = {
  name: "prod",
  account: "111122223333",
  region: "eu-central-1",
  domain: "retool.corp.example.com",
  retoolVersion: "4.34.1-stable",
  access: "internal",
  clusterAccess: "private",
  // Operators deploy and look into the cluster through it, by Session Manager.
  bastion: true,
  license: "retool/license-key",
  // The names resolve only in the VPC; the public zone proves that they are ours.
  dns: { kind: "private-zone", validationZoneId: "Z0123456789ABCDEFGHIJ" },
  // Users of the VPN, besides the VPC itself.
  frontDoor: { privateClients: ["10.8.0.0/16"] },
  // The way out is a transit gateway, whose routes are made outside; "per-zone" keeps NAT gateways.
  network: { nat: "none" },
} satisfies EnvironmentSpec;

const app = new App();
new RetoolStack(app, prod);
app.synth();
