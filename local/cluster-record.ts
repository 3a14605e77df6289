import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

import { Failure } from "../cli/failure";
import type { KubernetesApi } from "../cli/kubernetes-api";
import { inCluster, readState } from "./kept-state";
import { KEPT, paths } from "./paths";

/** What an earlier run put into a cluster of the user's. */
export interface ClusterRecord {
  /** URL of its API server; undefined where only the state tells of it. */
  readonly server?: string;
  /** When the first run began, by the API server's clock: what is older is not ours. */
  readonly since?: Date;
  /** Addresses in Terraform. */
  readonly objects: readonly string[];
}

/** What an earlier run may have left in a cluster; undefined where it used none, or took everything down. */
export function recordedCluster(): ClusterRecord | undefined {
  const objects = inCluster(readState(paths.state)?.resources ?? []);
  if (existsSync(paths.cluster)) {
    const { server, since } = JSON.parse(readFileSync(paths.cluster, "utf8")) as { server: string; since?: string };
    return { server, objects, ...(since !== undefined && { since: new Date(since) }) };
  }
  return objects.length === 0 ? undefined : { objects };
}

/** Notes, before anything is made in it, which cluster the deployment goes to. */
export async function recordCluster(api: Pick<KubernetesApi, "server" | "now">): Promise<void> {
  if (existsSync(paths.cluster)) return;
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(paths.cluster, JSON.stringify({ server: api.server, since: await api.now() }));
}

/** Forgets the cluster, once nothing of ours is in it. */
export function forgetCluster(): void {
  rmSync(paths.cluster, { force: true });
}

/**
 * Refuses to go on without the cluster that an earlier run deployed into, or with another one.
 *
 * @param server - API server of the kubeconfig that was given.
 * @throws {@link Failure} with the command that takes down what is there.
 */
export function assertSameCluster(record: ClusterRecord | undefined, server: string | undefined): void {
  if (record === undefined) return;
  const where = `${String(record.objects.length)} objects and releases of an earlier run are in the cluster ${record.server ?? "of its kubeconfig"}`;
  if (server === undefined) {
    throw new Failure(
      `--kubeconfig: is missing, and ${where}; run \`npm run local -- --destroy --kubeconfig FILE\` with the kubeconfig of that cluster`,
    );
  }
  if (record.server === undefined || record.server === server) return;
  throw new Failure(
    `--kubeconfig: leads to ${server}, but ${where}; take them down first: \`npm run local -- --destroy --kubeconfig FILE\` with the kubeconfig of that cluster`,
  );
}
