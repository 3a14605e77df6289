import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { planWholeDestroy } from "../cli/destroy-guard";
import { Failure } from "../cli/failure";
import { recordedReleases, type UnknownRelease, unknownReleases } from "../cli/helm-records";
import type { KubernetesApi } from "../cli/kubernetes-api";
import { readStack } from "../cli/stacks";
import { type Progress, Terraform } from "../cli/terraform";
import { type PlannedObject, plannedObjects } from "../domain/lifecycle/cluster-leftovers";
import { versions } from "../domain/versions/pins";
import { inCluster, readState } from "./kept-state";
import { paths } from "./paths";

/** Where the leftovers are, and how they are taken down. */
export interface Leftovers {
  /** Kubeconfig of the cluster they are in. */
  readonly kubeconfig: string;
  /** Its API. */
  readonly api: KubernetesApi;
  /** When the first run began; what is older is somebody else's. */
  readonly since: Date | undefined;
  /** Environment of Terraform. */
  readonly env: NodeJS.ProcessEnv;
  /** Called with remarks. */
  readonly say: (text: string) => void;
  /** Called with the progress. */
  readonly onProgress: (progress: Progress) => void;
}

/** Milliseconds that a deleted object is waited for. */
const PATIENCE_MS = 120_000;

/**
 * Takes down what is in a cluster after the emulator, and with it every AWS resource, is gone.
 *
 * The stack itself cannot do it: its providers log in to an EKS cluster that no longer exists. So the state keeps what is in the
 * cluster only, and a stack with nothing but the providers, logged in by the kubeconfig, destroys that in the order of the
 * dependencies that the state remembers. What a killed run made and the state does not know goes as well.
 */
export async function takeDownLeftovers(leftovers: Leftovers): Promise<void> {
  const { kubeconfig, api, env, say, onProgress } = leftovers;
  keepClusterOnly(paths.state);
  const folder = mkdtempSync(join(tmpdir(), "retool-leftovers-"));
  try {
    const known = readState(paths.state)?.resources ?? [];
    const releases = await releasesLeft(leftovers, known);
    const configure = (resource: object): void => {
      writeFileSync(
        join(folder, "cdk.tf.json"),
        JSON.stringify({ ...providersOnly(resolve(kubeconfig)), ...resource }),
      );
    };
    configure({});
    const terraform = new Terraform(folder, env);
    await terraform.init();
    if (releases.length > 0) configure(importing(releases));
    for (const { address, id } of releases) await terraform.take(address, id);
    // A plan would look for the chart of a release that is configured.
    configure({});
    const planFile = join(folder, "destroy.tfplan");
    const existing = (releases: readonly string[]): Promise<string[]> => recordedReleases(api, paths.stack, releases);
    const deletes = await planWholeDestroy(terraform, planFile, { existing, say });
    await terraform.applyPlan(planFile, deletes.length, onProgress);
    await deleteObjects(leftovers, known);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function releasesLeft({ api, since }: Leftovers, known: readonly string[]): Promise<UnknownRelease[]> {
  return since === undefined || !existsSync(paths.stack) ? [] : unknownReleases(api, paths.stack, known, since);
}

/** Deletes the objects that the stack names and the state does not know. */
async function deleteObjects({ api, since }: Leftovers, known: readonly string[]): Promise<void> {
  if (since === undefined || !existsSync(paths.stack)) return;
  for (const { path } of objectsOfStack().filter(({ address }) => !known.includes(address))) {
    const made = await api.madeAt(path);
    if (made === undefined || made < since) continue;
    await api.call("DELETE", path);
    await untilGone(api, path);
  }
}

/**
 * Waits for a deleted object: a namespace ends only when it is empty, and finalized where no controller does it.
 *
 * @throws {@link Failure} where it is still there after that many milliseconds.
 */
export async function untilGone(
  api: Pick<KubernetesApi, "has">,
  path: string,
  milliseconds = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (await api.has(path)) {
    if (Date.now() >= deadline) {
      throw new Failure(
        `${path}: is still there after ${String(milliseconds / 1000)} s; see its finalizers and run the same command again`,
      );
    }
    await sleep(Math.min(1000, milliseconds));
  }
}

/** The Kubernetes objects that the stack names. */
export function objectsOfStack(): PlannedObject[] {
  const { resource = {} } = readStack({ folder: paths.stack });
  const all = Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, { metadata }]) => ({
      address: `${type}.${name}`,
      type,
      values: { metadata: [metadata] },
    })),
  );
  return plannedObjects(all);
}

/** What `terraform import` wants to know of releases. */
function importing(releases: readonly UnknownRelease[]): object {
  const blocks = releases.map(({ address, name, namespace }) => [
    address.replace(/^helm_release\./, ""),
    { name, namespace, chart: name },
  ]);
  return { resource: { helm_release: Object.fromEntries(blocks) as object } };
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
