import { App } from "cdktf";
import { type EnvironmentSpec, RetoolStack } from "cdktf-retool";

// A whole Retool environment as one stack: `npx cdktf deploy prod`.
const prod = {
  name: "prod",
  account: "111122223333",
  region: "eu-central-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  builders: 40,
} satisfies EnvironmentSpec;

const app = new App();
new RetoolStack(app, prod);
app.synth();
