import type { KubernetesApi } from "./kubernetes-api";
import type { ReleaseName } from "./synthesized";

interface SecretList {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string;
      readonly namespace: string;
      readonly labels?: Readonly<Record<string, string>>;
    };
  }[];
}

const PENDING = "owner=helm,status in (pending-install,pending-upgrade,pending-rollback)";

/**
 * Removes the records of our Helm operations that were killed, and returns which; other people's releases are left alone.
 *
 * A killed install, upgrade or rollback leaves its release `pending-*`, and Helm then refuses every retry with "another
 * operation is in progress" (measured, also with `upgrade_install`). Nothing of ours runs Helm at this moment, so such a
 * record is stale.
 */
export async function removePendingReleases(api: KubernetesApi, ours: readonly ReleaseName[]): Promise<string[]> {
  const query = new URLSearchParams({ labelSelector: PENDING }).toString();
  const { items } = await api.call<SecretList>("GET", `/api/v1/secrets?${query}`);
  const stale = items.filter(({ metadata }) =>
    ours.some(({ name, namespace }) => metadata.labels?.["name"] === name && metadata.namespace === namespace),
  );
  for (const { metadata } of stale) {
    await api.call("DELETE", `/api/v1/namespaces/${metadata.namespace}/secrets/${metadata.name}`);
  }
  return stale.map(
    ({ metadata }) =>
      `${metadata.namespace}/${metadata.labels?.["name"] ?? ""} (${metadata.labels?.["status"] ?? "pending"})`,
  );
}
