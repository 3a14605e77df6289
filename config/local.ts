import type { Difference, EnvironmentSpec } from "../domain/environment/spec";

/** The stack that `npm run local` deploys onto the AWS emulator: prod, but for the listed differences. */
export const local = {
  name: "local",
  account: "123456789012",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  secrets: { sandboxKeys: { kind: "existing", name: "retool/local/sandbox-keys" } },
  dataProtection: "disposable",
  state: { kind: "local", path: "../../../.local/terraform.tfstate" },
  workloads: "render",
  maxRetries: 3,
} satisfies EnvironmentSpec;

/** Every setting in which `local` differs from `prod`, and why; a test proves that there is no other. */
export const differences = [
  { path: "name", why: "names the stack and prefixes everything it makes" },
  { path: "account", why: "the account of the emulator" },
  {
    path: "secrets.sandboxKeys",
    why: "the driver brings the key pair, since the tls provider, which would make it, may not be installable",
  },
  { path: "dataProtection", why: "everything can be taken down again" },
  { path: "state", why: "a git-ignored folder instead of a bucket in a real account" },
  { path: "workloads", why: "without a cluster, Helm values and manifests are written as files" },
  { path: "maxRetries", why: "the emulator answers what it lacks with errors that AWS would want retried" },
] as const satisfies readonly Difference[];
