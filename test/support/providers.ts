import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { versions } from "../../domain/versions/pins";

/** Providers besides AWS that a stack with a cluster needs. */
const CLUSTER_PROVIDERS = ["helm", "kubernetes", "tls"] as const;

/** Whether Terraform can install the providers of a cluster here, from a mirror or the registry. */
export const clusterProvidersAvailable = canInstall();

if (!clusterProvidersAvailable) {
  process.stdout.write(
    `tests that need the providers ${CLUSTER_PROVIDERS.join(", ")} are skipped: terraform init cannot install them here\n`,
  );
}

/** `describe` where those providers can be installed, `describe.skip` elsewhere. */
export const describeWithClusterProviders: jest.Describe = clusterProvidersAvailable ? describe : describe.skip;

function canInstall(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "providers-"));
  try {
    const required = Object.fromEntries(CLUSTER_PROVIDERS.map((name) => [name, versions.providers[name]]));
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    return spawnSync("terraform", ["init", "-input=false"], { cwd: folder, env, timeout: 120_000 }).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
