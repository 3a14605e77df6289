import type { CapacityPlan } from "../capacity/capacity";
import type { AddonPlan } from "../cluster/addons";
import type { ClusterPlan } from "../cluster/cluster";
import type { EnvironmentContext } from "../common/context";
import type { JsonObject } from "../common/kubernetes";
import { mergeValues } from "../retool/extra-values";
import { NO_IAM_RULES } from "../landing-zone/iam";
import type { LandingZonePlan } from "../landing-zone/landing-zone";
import { type EnvironmentKeysPlan, planEnvironmentKeys } from "../secrets/environment-keys";
import type { SecretReadersInput } from "../secrets/readers";
import type { SiteClusterPlan } from "./site";
import type { EnvironmentSpec } from "./spec";

type Tags = Readonly<Record<string, string>>;

/** The rules of the organization that a checked configuration names. */
export function landingZoneOf({
  iam = NO_IAM_RULES,
  encryptionKeys = {},
  logBucket,
  tags = {},
}: Pick<EnvironmentSpec, "encryptionKeys" | "tags"> &
  Pick<LandingZonePlan, "logBucket"> &
  Partial<Pick<LandingZonePlan, "iam">>): LandingZonePlan {
  return { iam, encryptionKeys, ...(logBucket === undefined ? {} : { logBucket }), tags };
}

/** What the keys of an environment depend on. */
interface KeyParts extends SecretReadersInput {
  readonly landingZone: LandingZonePlan;
  readonly capacity: CapacityPlan;
  readonly cluster: SiteClusterPlan;
}

/** The keys of an environment, where the organization does not keep them. */
export function keysOf({ capacity, cluster, ...parts }: KeyParts, context: EnvironmentContext): EnvironmentKeysPlan {
  const makesCluster = cluster.kind === "new";
  const spot = capacity.sandbox.purchaseOption === "spot";
  return planEnvironmentKeys({ ...parts, makesCluster, spot }, context);
}

/**
 * Settings by which add-ons tag what they make: the VPC CNI its network interfaces, the EBS CSI driver its disks.
 *
 * Sources: https://github.com/aws/amazon-vpc-cni-k8s#additional_eni_tags-v1110,
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
 */
const TAG_SETTINGS: Readonly<Partial<Record<AddonPlan["name"], (tags: Tags) => JsonObject>>> = {
  "vpc-cni": (tags) => ({ env: { ADDITIONAL_ENI_TAGS: JSON.stringify(tags) } }),
  "aws-ebs-csi-driver": (tags) => ({ controller: { extraVolumeTags: tags } }),
};

/** A cluster whose add-ons tag what they make; those of a cluster that exists belong to its owner. */
export function tagging(cluster: SiteClusterPlan, tags: Tags): SiteClusterPlan {
  return cluster.kind === "existing" ? cluster : addonsTagging(cluster, tags);
}

/** A new cluster whose add-ons tag what they make, where there are tags. */
export function addonsTagging(cluster: ClusterPlan, tags: Tags): ClusterPlan {
  if (Object.keys(tags).length === 0) return cluster;
  const tagged = (addon: AddonPlan): AddonPlan => {
    const settings = TAG_SETTINGS[addon.name]?.(tags);
    return settings === undefined
      ? addon
      : { ...addon, configuration: mergeValues(addon.configuration ?? {}, settings) };
  };
  const { beforeNodes, afterNodes } = cluster.addons;
  const addons = { ...cluster.addons, beforeNodes: beforeNodes.map(tagged), afterNodes: afterNodes.map(tagged) };
  return { ...cluster, addons };
}
