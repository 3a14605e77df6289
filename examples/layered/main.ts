import { App } from "cdktf";
import { type EnvironmentSpec, RetoolLayers } from "cdktf-retool";

// One environment as three stacks with separate states: `npx cdktf deploy 'prod-*'`.
const prod = {
  name: "prod",
  account: "111122223333",
  region: "eu-central-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.9-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  layers: true,
} satisfies EnvironmentSpec;

const app = new App();
new RetoolLayers(app, prod);
app.synth();
