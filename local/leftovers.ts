import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { planWholeDestroy } from "../cli/destroy-guard";
import { recordedReleases } from "../cli/helm-records";
import type { KubernetesApi } from "../cli/kubernetes-api";
import { type Progress, Terraform } from "../cli/terraform";
import { versions } from "../domain/versions/pins";
import { inCluster } from "./kept-state";
import { paths } from "./paths";

/** Where the leftovers are, and how they are taken down. */
export interface Leftovers {
  /** Kubeconfig of the cluster they are in. */
  readonly kubeconfig: string;
  /** Its API. */
  readonly api: KubernetesApi;
  /** Environment of Terraform. */
  readonly env: NodeJS.ProcessEnv;
  /** Called with remarks. */
  readonly say: (text: string) => void;
  /** Called with the progress. */
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Takes down what is in a cluster after the emulator, and with it every AWS resource, is gone.
 *
 * The stack itself cannot do it: its providers log in to an EKS cluster that no longer exists. So the state keeps what is in the
 * cluster only, and a stack with nothing but the providers, logged in by the kubeconfig, destroys that in the order of the
 * dependencies that the state remembers.
 */
export async function takeDownLeftovers({ kubeconfig, api, env, say, onProgress }: Leftovers): Promise<void> {
  keepClusterOnly(paths.state);
  const folder = mkdtempSync(join(tmpdir(), "retool-leftovers-"));
  try {
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(providersOnly(resolve(kubeconfig))));
    const terraform = new Terraform(folder, env);
    await terraform.init();
    const planFile = join(folder, "destroy.tfplan");
    const existing = (releases: readonly string[]): Promise<string[]> => recordedReleases(api, paths.stack, releases);
    const deletes = await planWholeDestroy(terraform, planFile, { existing, say });
    await terraform.applyPlan(planFile, deletes.length, onProgress);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function providersOnly(kubeconfig: string): object {
  const { helm, kubernetes } = versions.providers;
  return {
    terraform: { required_providers: { helm, kubernetes }, backend: { local: { path: paths.state } } },
    provider: { helm: { kubernetes: { config_path: kubeconfig } }, kubernetes: { config_path: kubeconfig } },
  };
}

/** Takes out of a state, after a copy, everything that was in the emulator. */
function keepClusterOnly(state: string): void {
  const content = JSON.parse(readFileSync(state, "utf8")) as {
    serial: number;
    resources: readonly { readonly mode: string; readonly type: string }[];
  };
  const resources = content.resources.filter(({ mode, type }) => mode === "managed" && inCluster([type]).length > 0);
  copyFileSync(state, `${state}.backup`);
  writeFileSync(`${state}.part`, JSON.stringify({ ...content, serial: content.serial + 1, outputs: {}, resources }));
  renameSync(`${state}.part`, state);
}
