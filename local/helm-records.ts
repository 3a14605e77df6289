import type { KubernetesApi } from "./kubernetes-api";

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
 * Removes the records of Helm operations that were killed, and returns which.
 *
 * A killed install, upgrade or rollback leaves its release `pending-*`, and Helm then refuses every retry with "another
 * operation is in progress" (measured, also with `upgrade_install`). Nothing of ours runs Helm at this moment, so such a
 * record is stale.
 */
export async function removePendingReleases(api: KubernetesApi): Promise<string[]> {
  const query = new URLSearchParams({ labelSelector: PENDING }).toString();
  const { items } = await api.call<SecretList>("GET", `/api/v1/secrets?${query}`);
  for (const { metadata } of items) {
    await api.call("DELETE", `/api/v1/namespaces/${metadata.namespace}/secrets/${metadata.name}`);
  }
  return items.map(
    ({ metadata }) =>
      `${metadata.namespace}/${metadata.labels?.["name"] ?? metadata.name} (${metadata.labels?.["status"] ?? "pending"})`,
  );
}
