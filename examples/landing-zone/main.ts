import { App } from "cdktf";
import { type EnvironmentSpec, RetoolStack } from "cdktf-retool";

// Names, roles, tags, keys and logs as an organization demands them. docs/recipes/landing-zone.ts says what each policy must allow.
const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  namePrefix: "acme",
  iam: {
    permissionsBoundary: "arn:aws:iam::111122223333:policy/acme-boundary",
    path: "/apps/retool/",
    rolePrefix: "app-",
  },
  tags: { CostCenter: "4711", Owner: "internal-tools@example.com" },
  encryptionKeys: { data: "arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
  logBucket: { name: "acme-central-logs", keyPrefix: "retool" },
} satisfies EnvironmentSpec;

const app = new App();
new RetoolStack(app, prod);
app.synth();
