import { existsSync, readFileSync, rmSync } from "node:fs";

import { Failure } from "../cli/failure";
import type { KubernetesApi } from "../cli/kubernetes-api";
import { commandFor, type RepeatedFlags } from "./command-line";
import { inCluster, readState } from "./kept-state";
import { paths } from "./paths";
import { writeWhole } from "./whole-file";

/** What is noted of a cluster. */
interface Note {
  readonly server: string;
  readonly since?: string;
  readonly flags?: ClusterFlags;
}

/** How the run was called that deployed into a cluster first. */
type ClusterFlags = Pick<RepeatedFlags, "kubeconfig" | "charts" | "providers">;

/** What an earlier run put into a cluster of the user's. */
export interface ClusterRecord {
  /** URL of its API server; undefined where only the state tells of it. */
  readonly server?: string;
  /** When the first run began, by the API server's clock: what is older is not ours. */
  readonly since?: Date;
  /** How that run was called; undefined where only the state tells of it. */
  readonly flags?: ClusterFlags;
  /** Addresses in Terraform. */
  readonly objects: readonly string[];
}

/** What an earlier run may have left in a cluster; undefined where it used none, or took everything down. */
export function recordedCluster(): ClusterRecord | undefined {
  const objects = inCluster(readState(paths.state)?.resources ?? []);
  if (existsSync(paths.cluster)) {
    const { server, since, flags } = JSON.parse(readFileSync(paths.cluster, "utf8")) as Note;
    return { server, flags, objects, ...(since !== undefined && { since: new Date(since) }) };
  }
  return objects.length === 0 ? undefined : { objects };
}

/** Notes, before anything is made in it, which cluster the deployment goes to, and how it was called. */
export async function recordCluster(
  api: Pick<KubernetesApi, "server" | "now">,
  { kubeconfig, charts, providers }: ClusterFlags,
): Promise<void> {
  if (existsSync(paths.cluster)) return;
  const flags = { kubeconfig, charts, providers };
  writeWhole(paths.cluster, JSON.stringify({ server: api.server, since: await api.now(), flags }));
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
  const destroy = commandFor(record.flags ?? { kubeconfig: "KUBECONFIG" }, "--destroy");
  if (server === undefined) throw new Failure(`--kubeconfig: is missing, and ${where}; ${destroy} takes them down`);
  if (record.server === undefined || record.server === server) return;
  throw new Failure(`--kubeconfig: leads to ${server}, but ${where}; ${destroy} takes them down first`);
}
