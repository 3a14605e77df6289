import type { EnvironmentPlan } from "./environment";
import type { SettingChange } from "./settings";

/**
 * Settings, and what follows from them, whose change makes a new resource in the place of the old one, and what that means.
 *
 * Source: what Terraform plans with the AWS provider 5.100 (test/emulator/replacements.test.ts), and the docstrings of the settings.
 */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  account: "everything: another account has nothing of this environment yet",
  region: "everything: another region has nothing of this environment yet",
  name: "everything: names of resources follow from it, and the state lies under it",
  namespace: "the Retool release and every Kubernetes object in its namespace: Retool is down meanwhile",
  domain: "the certificate and the records: users open another address, and SSO needs its new callback",
  "network.cidr": "the VPC and with it the cluster and the database, which AWS refuses while they are protected",
  "network.sandboxCidr": "the subnets of the sandboxes: editing sessions end",
  "frontDoor.internal":
    'the load balancer: Retool is down for some five minutes, until the new one stands and its records are known, and clients that pinned its addresses stay out. Terraform refuses it while the load balancer is protected: deploy dataProtection: "retain" first, then this change, then "protected" again',
  "encryptionKeys.data":
    "the database instance, whose storage cannot get another key and which AWS refuses while it is protected; restore it under the new key instead",
  "encryptionKeys.backup":
    "the backup vault, which AWS refuses while it holds recovery points: let them expire, or keep the old key",
  "iam.path": "every role, and the cluster with everything that runs in it: EKS keeps its role for life",
  "iam.rolePrefix": "every role, and the cluster with everything that runs in it: EKS keeps its role for life",
  "cluster.serviceCidr": "the cluster, with everything that runs in it",
  "cluster.systemNodes.instanceTypes": "the node group of the controllers: its pods move, one node after the other",
  "database.generation":
    "the database instance: a new one is made, and the old one stays in the account and costs what it did until you delete it",
  "database.databaseName":
    "the database instance, which AWS refuses while it is protected; raise database.generation instead",
  "database.username":
    "the database instance, which AWS refuses while it is protected; raise database.generation instead",
  "blobStorage.bucketName": "the bucket: the old one is forgotten with its objects and stays in the account",
};

/**
 * Says what changes of settings replace, in sentences.
 *
 * @param changes - The settings that differ.
 * @param before - The environment before the changes, whose network firewall may refuse other zones.
 */
export function replacedBy(
  changes: readonly SettingChange[],
  before: Pick<EnvironmentPlan, "networkFirewall">,
): string[] {
  return changes.flatMap((change) => {
    const what = change.path === "network.zones" ? replacedByZones(change, before) : REPLACEMENTS[change.path];
    return what === undefined ? [] : [`${change.path} replaces ${what}`];
  });
}

/** Further zones get their own subnets; fewer lose theirs. The node group lists its subnets, so it is another one in both cases. */
function replacedByZones(
  { from, to }: SettingChange,
  { networkFirewall }: Pick<EnvironmentPlan, "networkFirewall">,
): string {
  const subnets = Number(to) < Number(from) ? ", and removes the subnets of the zones that leave" : "";
  const refused =
    networkFirewall?.changeProtection === true
      ? ". AWS refuses it while the network firewall is protected: deploy egress.changeProtection: false first"
      : "";
  return `the node group of the controllers, whose pods move${subnets}${refused}`;
}
