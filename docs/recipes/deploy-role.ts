// A deploy role.
// When: CI or operators sign in elsewhere and assume one role in the account. Terraform, the providers and `aws eks get-token` all use it, and
// secrets are readable by it and by nobody else.
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
  deployRoleArn: "arn:aws:iam::111122223333:role/retool-deploy",
} satisfies EnvironmentSpec;
