import { releaseDay } from "../cluster/node-release";
import { daysBetween } from "../common/days";
import { planPlatformUpgrade, type PlatformUpgrade } from "../upgrade/platform";
import { type KubernetesVersion, versions } from "../versions/pins";
import type { EnvironmentPlan } from "./environment";

/** Days before the end of standard support, and days of age of a node image, from which a warning says so. */
const WARNING_DAYS = 90;

/** What six times the hourly price of a control plane is more a month. Source: https://aws.amazon.com/eks/pricing/ */
const EXTENDED_SUPPORT = "about $365 a month more";

/** Source: https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_UpdateSubnetChangeProtection.html */
const PROTECTED_FIREWALL =
  "AWS refuses to move or delete the network firewall while it is protected: before network.zones or egress.level changes, deploy egress.changeProtection: false.";

/** Says what comes next for everything that Retool runs on, and in which order. */
export function planEnvironmentPlatform({ context, cluster, database }: EnvironmentPlan): PlatformUpgrade {
  const existing = cluster.kind === "existing" ? cluster : undefined;
  const addons = cluster.kind === "new" ? [...cluster.addons.beforeNodes, ...cluster.addons.afterNodes] : [];
  return planPlatformUpgrade({
    clusterName: cluster.name,
    region: context.region,
    ownCluster: existing === undefined,
    kubernetesVersion: cluster.kubernetesVersion,
    nodeReleaseVersion: cluster.nodeReleaseVersion,
    existingKarpenter: existing?.karpenter?.version,
    ...(database.kind === "new" ? { postgres: database } : {}),
    pinnedAddons: addons.filter(({ version }) => version !== undefined).map(({ name }) => name),
  });
}

/** Says what in the platform needs attention soon. */
export function platformWarnings(plan: EnvironmentPlan, today: string): string[] {
  return [
    ...kubernetesWarnings(plan, today),
    ...imageWarnings(plan.cluster, today),
    ...(plan.networkFirewall?.changeProtection === true ? [PROTECTED_FIREWALL] : []),
  ];
}

/** Says that the support of the cluster's Kubernetes ends or has ended. */
export function kubernetesWarnings({ context, cluster }: EnvironmentPlan, today: string): string[] {
  const known = versions.kubernetes.supported.find(({ version }) => version === cluster.kubernetesVersion);
  return known === undefined ? [] : supportWarnings(known, cluster, { name: context.name, today });
}

const NEWEST = versions.kubernetes.supported.at(-1)?.version ?? versions.kubernetes.default;

function supportWarnings(
  { version, standardSupportUntil: until, extendedSupportUntil }: KubernetesVersion,
  cluster: EnvironmentPlan["cluster"],
  { name, today }: { readonly name: string; readonly today: string },
): string[] {
  if (daysBetween(today, until) > WARNING_DAYS) return [];
  const isAutomatic = cluster.kind === "new" && cluster.supportType === "STANDARD";
  const whose = cluster.kind === "new" ? "the steps" : "your steps and those of the cluster's owner";
  const steps = stepsTo(version, `npx cdktf-retool upgrade ${name} --platform lists ${whose} to ${NEWEST}`);
  if (today <= until) {
    return [
      isAutomatic
        ? `Kubernetes ${version} has standard support until ${until}, and cluster.upgradeSupport is "standard": after that day Amazon EKS upgrades the control plane automatically; ${steps}.`
        : `Kubernetes ${version} has standard support until ${until}: after that day the control plane costs ${EXTENDED_SUPPORT}; ${steps}.`,
    ];
  }
  if (isAutomatic) {
    return [
      `Kubernetes ${version} had standard support until ${until}, and cluster.upgradeSupport is "standard": Amazon EKS upgrades the control plane automatically. After that, set cluster.kubernetesVersion to the new version, or deployments fail.`,
    ];
  }
  return today <= extendedSupportUntil
    ? [
        `Kubernetes ${version} had standard support until ${until}: the control plane costs ${EXTENDED_SUPPORT} until it is upgraded; ${steps}.`,
      ]
    : [
        `Kubernetes ${version} had support until ${extendedSupportUntil}: Amazon EKS can upgrade it automatically at any time.`,
      ];
}

function stepsTo(version: string, steps: string): string {
  return version === NEWEST ? "this package knows no newer version yet: update it first" : steps;
}

/** Says that the image of the nodes is old. */
export function imageWarnings(
  { kubernetesVersion, nodeReleaseVersion }: EnvironmentPlan["cluster"],
  today: string,
): string[] {
  const day = releaseDay(nodeReleaseVersion);
  const age = day === undefined ? 0 : daysBetween(day, today);
  if (day === undefined || age <= WARNING_DAYS) return [];
  return [
    `Nodes run the image of ${day}, which is ${age} days old and lacks later security updates: set cluster.nodeReleaseVersion to a newer release of Kubernetes ${kubernetesVersion} (https://github.com/awslabs/amazon-eks-ami/releases).`,
  ];
}
