import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Failure } from "./failure";
import type { KubernetesApi } from "./kubernetes-api";
import { synthCommand } from "./stacks";

/** A Helm release by its name and namespace. */
export interface ReleaseName {
  /** Name of the release. */
  readonly name: string;
  /** Namespace of the release. */
  readonly namespace: string;
}

/** The record of a Helm operation that was killed. */
export interface StuckRelease {
  /** Namespace and name of the release. */
  readonly release: string;
  /** What Helm was doing: `pending-install`, `pending-upgrade`, `pending-rollback` or `uninstalling`. */
  readonly status: string;
  /** Revision that it was making. */
  readonly revision: string;
  /** When it began, as `YYYY-MM-DDThh:mm:ssZ`. */
  readonly since: string;
  /** Path of the record in the Kubernetes API. */
  readonly path: string;
}

interface SecretList {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string;
      readonly namespace: string;
      readonly creationTimestamp?: string;
      readonly labels?: Readonly<Record<string, string>>;
    };
  }[];
}

type Stack = Readonly<{ resource?: { helm_release?: Readonly<Record<string, ReleaseName>> } }>;

const STUCK = "owner=helm,status in (pending-install,pending-upgrade,pending-rollback,uninstalling)";

const STUCK_QUERY = new URLSearchParams({ labelSelector: STUCK }).toString();

/**
 * The Helm releases of a synthesized stack.
 *
 * @param folder - Folder of the stack below `cdktf.out`.
 * @throws {@link Failure} where it is not synthesized.
 */
export function helmReleases(folder: string): ReleaseName[] {
  return [...releasesByAddress(folder).values()];
}

function releasesByAddress(folder: string): Map<string, ReleaseName> {
  const file = join(folder, "cdk.tf.json");
  if (!existsSync(file)) throw new Failure(`${file}: does not exist; run ${synthCommand()} first`);
  const { resource } = JSON.parse(readFileSync(file, "utf8")) as Stack;
  return new Map(
    Object.entries(resource?.helm_release ?? {}).map(([name, release]) => [`helm_release.${name}`, release]),
  );
}

/**
 * Finds our releases whose last Helm operation was killed; other releases are not touched.
 *
 * A killed install, upgrade or rollback leaves its release `pending-*`, and Helm then refuses every retry with "another
 * operation is in progress" (measured, also with `upgrade_install`), until the record, a Secret, is gone. A killed uninstall leaves
 * it `uninstalling`, and a new deployment ends with "has no deployed releases".
 */
export async function stuckReleases(api: KubernetesApi, ours: readonly ReleaseName[]): Promise<StuckRelease[]> {
  const { items } = await api.call<SecretList>("GET", `/api/v1/secrets?${STUCK_QUERY}`);
  return items
    .filter(({ metadata: { labels, namespace } }) =>
      ours.some((release) => labels?.["name"] === release.name && namespace === release.namespace),
    )
    .map(stuckRelease);
}

/** Operations of Helm that have begun and not ended in some namespaces: one at work looks like one that was killed. */
export async function unfinishedOperations(api: KubernetesApi, namespaces: readonly string[]): Promise<StuckRelease[]> {
  const lists = await Promise.all(
    namespaces.map((namespace) =>
      api.call<SecretList>("GET", `/api/v1/namespaces/${namespace}/secrets?${STUCK_QUERY}`),
    ),
  );
  return lists.flatMap(({ items }) => items.map(stuckRelease));
}

function stuckRelease({
  metadata: { name, namespace, labels, creationTimestamp },
}: SecretList["items"][number]): StuckRelease {
  return {
    release: `${namespace}/${labels?.["name"] ?? ""}`,
    status: labels?.["status"] ?? "pending",
    revision: labels?.["version"] ?? "unknown",
    since: creationTimestamp ?? "unknown",
    path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
  };
}

/**
 * Addresses among Helm releases in state that the cluster has any record of.
 *
 * @param folder - Folder of the synthesized stack, which says the name and namespace of each.
 */
export async function recordedReleases(
  api: KubernetesApi,
  folder: string,
  addresses: readonly string[],
): Promise<string[]> {
  const query = new URLSearchParams({ labelSelector: "owner=helm" }).toString();
  const { items } = await api.call<SecretList>("GET", `/api/v1/secrets?${query}`);
  const recorded = new Set(items.map(({ metadata }) => `${metadata.namespace}/${metadata.labels?.["name"] ?? ""}`));
  const releases = releasesByAddress(folder);
  return addresses.filter((address) => {
    const release = releases.get(withoutIndex(address));
    // A release that the stack no longer names cannot be looked up: it counts as there.
    return release === undefined || recorded.has(`${release.namespace}/${release.name}`);
  });
}

/** A Helm release that the cluster has and that the state does not know. */
export interface UnknownRelease extends ReleaseName {
  /** Address in Terraform. */
  readonly address: string;
  /** Id that `terraform import` takes. */
  readonly id: string;
  /** When its first record was made, as `YYYY-MM-DDThh:mm:ssZ`. */
  readonly made: string;
}

/**
 * Releases of a synthesized stack that a killed deployment made and could not note. A destroy has to take them into state first: what
 * a release made outside its own namespaces would outlive it. Helm uninstalls a release in every status (measured, also
 * `pending-install`).
 *
 * @param folder - Folder of the synthesized stack.
 * @param known - Addresses in state.
 * @param since - A release whose first record is older is somebody else's, and left out; without it all are found.
 */
export async function unknownReleases(
  api: Pick<KubernetesApi, "call">,
  folder: string,
  known: readonly string[],
  since?: Date,
): Promise<UnknownRelease[]> {
  const query = new URLSearchParams({ labelSelector: "owner=helm" }).toString();
  const { items } = await api.call<SecretList>("GET", `/api/v1/secrets?${query}`);
  const madeOf = ({ name, namespace }: ReleaseName): string | undefined =>
    items
      .filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.["name"] === name)
      .map(({ metadata }) => metadata.creationTimestamp ?? "unknown")
      .sort()[0];
  const inState = new Set(known.map(withoutIndex));
  return [...releasesByAddress(folder)]
    .filter(([address]) => !inState.has(address))
    .flatMap(([address, { name, namespace }]) => {
      const made = madeOf({ name, namespace });
      if (made === undefined || (since !== undefined && new Date(made) < since)) return [];
      return [{ address, name, namespace, id: `${namespace}/${name}`, made }];
    });
}

/** The key of a release in {@link releasesByAddress}. */
function withoutIndex(address: string): string {
  return address.replace(/\[.*$/, "");
}

/**
 * Takes records away, after which the next deployment begins that operation again; what it had made by then stays and is
 * taken up. No Helm operation of these releases may be running.
 */
export async function removeRecords(api: KubernetesApi, stuck: readonly StuckRelease[]): Promise<void> {
  for (const { path } of stuck) await api.call("DELETE", path);
}
