import semver from "semver";

import { type KubernetesVersion, versions } from "../versions/pins";
import type { UpgradeStep } from "./plan";
import { type PostgresState, postgresSteps } from "./postgres";

/** What Retool runs on, as it is now. */
export interface PlatformState {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Its region. */
  readonly region: string;
  /** Whether the cluster is made here, and not only used. */
  readonly ownCluster: boolean;
  /** Kubernetes minor version. */
  readonly kubernetesVersion: string;
  /** Release of the nodes' image. */
  readonly nodeReleaseVersion: string;
  /** Version of a Karpenter that somebody else keeps; undefined where it is installed here. */
  readonly existingKarpenter?: string;
  /** Add-ons whose version the configuration fixes. */
  readonly pinnedAddons: readonly string[];
  /**
   * The platform database.
   *
   * @default - a server that exists already
   */
  readonly postgres?: PostgresState;
}

/** What comes next for the platform, and in which order. */
export interface PlatformUpgrade {
  /** What runs now. */
  readonly current: Pick<KubernetesVersion, "version" | "standardSupportUntil" | "extendedSupportUntil"> & {
    /** Release of the nodes' image. */
    readonly nodeRelease: string;
  };
  /** The Kubernetes version that comes next; undefined where the newest known runs. */
  readonly next: KubernetesVersion | undefined;
  /** Steps to it, in order. */
  readonly steps: readonly UpgradeStep[];
  /** How nodes get security updates between the versions, in order. */
  readonly imageSteps: readonly UpgradeStep[];
  /** Steps to the newest major version of PostgreSQL, in order. */
  readonly postgresSteps: readonly UpgradeStep[];
}

/**
 * Plans the next step of the platform: one Kubernetes version at a time, control plane first.
 *
 * Sources: https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html (order, no way back),
 * https://kubernetes.io/releases/version-skew-policy/, https://karpenter.sh/docs/upgrading/compatibility/
 */
export function planPlatformUpgrade(state: PlatformState): PlatformUpgrade {
  const { supported } = versions.kubernetes;
  const index = supported.findIndex(({ version }) => version === state.kubernetesVersion);
  const current = supported[index];
  const next = index < 0 ? undefined : supported[index + 1];
  return {
    current: {
      version: state.kubernetesVersion,
      standardSupportUntil: current?.standardSupportUntil ?? "",
      extendedSupportUntil: current?.extendedSupportUntil ?? "",
      nodeRelease: state.nodeReleaseVersion,
    },
    next,
    steps:
      next === undefined ? [] : [...before(state, next), ...controlPlane(state, next), ...nodes(next), ...after(next)],
    imageSteps: imageSteps(state.kubernetesVersion),
    postgresSteps: state.postgres === undefined ? [] : postgresSteps(state.postgres, state.region),
  };
}

function before({ clusterName, region, existingKarpenter }: PlatformState, next: KubernetesVersion): UpgradeStep[] {
  const { version, minimumKarpenter } = next;
  const tooOld = existingKarpenter !== undefined && semver.lt(existingKarpenter, minimumKarpenter);
  return [
    {
      by: "operator",
      what: `look for API versions that ${version} removes and for other findings: aws eks list-insights --cluster-name ${clusterName} --region ${region}`,
    },
    { by: "operator", what: `take a staging environment to ${version} first, and use it` },
    ...(tooOld
      ? [
          {
            by: "owner" as const,
            what: `upgrades Karpenter from ${existingKarpenter} to ${minimumKarpenter} or later, before the control plane; then write that version into cluster.has.karpenter`,
          },
        ]
      : []),
  ];
}

function controlPlane(
  { ownCluster, pinnedAddons, region }: PlatformState,
  { version, nodeRelease }: KubernetesVersion,
): UpgradeStep[] {
  const edit = `set cluster.kubernetesVersion to "${version}", remove cluster.nodeReleaseVersion or set it to "${nodeRelease}" or later, and deploy`;
  if (!ownCluster) {
    return [
      { by: "owner", what: `upgrades the control plane to ${version}, then the add-ons that are theirs` },
      { by: "operator", what: edit },
    ];
  }
  return [
    ...(pinnedAddons.length === 0
      ? []
      : [
          {
            by: "operator" as const,
            what: `in cluster.addonVersions remove ${pinnedAddons.join(", ")} or raise to a version for ${version}: aws eks describe-addon-versions --kubernetes-version ${version} --region ${region}`,
          },
        ]),
    { by: "operator", what: edit },
    {
      by: "terraform",
      what: `upgrades the control plane to ${version}: about ten minutes, in which the API answers; there is no way back`,
    },
    { by: "terraform", what: `moves each add-on to the version that EKS recommends for ${version}` },
  ];
}

function nodes({ nodeRelease }: KubernetesVersion): UpgradeStep[] {
  return [
    { by: "terraform", what: `replaces the system nodes by nodes of the image ${nodeRelease}` },
    {
      by: "karpenter",
      what: "replaces nodes of Retool's containers one at a time outside nodePools.businessHours, and a tenth of the sandboxes' nodes at a time, each after its sessions have ended",
    },
  ];
}

function after({ version, minimumKarpenter }: KubernetesVersion): UpgradeStep[] {
  return [
    { by: "operator", what: `wait until kubectl get nodes shows ${version} on every node` },
    {
      by: "operator",
      what: `then, in another deployment, take a newer release of this package: it brings the charts of Karpenter (${versions.charts.karpenter.version}; ${version} needs ${minimumKarpenter} or later), of the load balancer controller and of Retool`,
    },
  ];
}

function imageSteps(version: string): UpgradeStep[] {
  return [
    {
      by: "operator",
      what: `set cluster.nodeReleaseVersion to a newer release of ${version} from https://github.com/awslabs/amazon-eks-ami/releases, in staging first, and deploy`,
    },
    { by: "terraform", what: "replaces the system nodes" },
    { by: "karpenter", what: "replaces the other nodes outside nodePools.businessHours" },
  ];
}
