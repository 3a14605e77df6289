// A deploy role.
// When: CI or operators sign in elsewhere and assume one role in the account. Terraform's providers and every login to Kubernetes use it; the
// key of the environment's secrets decrypts for it, the account's root user and the External Secrets Operator's role, and for nobody else.
// The role is yours: its trust policy allows those who deploy `sts:AssumeRole`, and the policies to attach are printed by
// `npx cdktf-retool permissions prod` (docs/guides/permissions.md).
// Not in the role, but with the credentials that you sign in with: the state in its bucket (Terraform's S3 backend), `bootstrap`, and what
// `doctor` and `status` ask of AWS. Let them read and write the bucket of the state, or sign in to the role itself; then its trust
// policy must allow the role's own ARN, too, since the providers assume it again.
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
  deployRoleArn: "arn:aws:iam::111122223333:role/retool-deploy",
} satisfies EnvironmentSpec;
