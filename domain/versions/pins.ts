import semver from "semver";

import { DOCUMENTS } from "../common/documents";
import { parseRetoolVersion } from "./retool";
import { minimumChart } from "./retool-releases";
import type { Violation } from "../common/violation";

/** One Kubernetes minor version that Amazon EKS offers. */
export interface KubernetesVersion {
  /** Minor version, such as `1.35`. */
  readonly version: string;
  /** Day on which Amazon EKS ends standard support and the hourly price grows, as `YYYY-MM-DD`; UTC. */
  readonly standardSupportUntil: string;
  /** Day on which Amazon EKS upgrades what is left, as `YYYY-MM-DD`; UTC. */
  readonly extendedSupportUntil: string;
  /** Oldest Karpenter that works with it. */
  readonly minimumKarpenter: string;
  /**
   * Release of the Amazon Linux 2023 image of its nodes, unless the configuration names another.
   *
   * To move to a newer one: take a release that lists every supported Kubernetes version, all of one day, and deploy a staging
   * environment first. Never the latest by itself: nodes would change on their own.
   */
  readonly nodeRelease: string;
}

/** A chart in a repository, pinned. */
export interface PinnedChart {
  /** Name of the chart. */
  readonly name: string;
  /** Where the chart is published. */
  readonly repository: string;
  /** Exact version. */
  readonly version: string;
}

const KARPENTER = { repository: "oci://public.ecr.aws/karpenter", version: "1.14.1" };

/** Images that are not Retool's; the first two are those that the pinned Retool chart names. */
export const PINNED_IMAGES = {
  /** Starts the sandboxes' pods. */
  busybox: { repository: "library/busybox", tag: "1.37.0" },
  /** Hands `/dev/net/tun` to the sandboxes. */
  smarterDeviceManager: { repository: "smarter-project/smarter-device-manager", tag: "v1.20.12" },
  /**
   * A container that does nothing, which keeps room free.
   *
   * Source of the name: https://karpenter.sh/docs/getting-started/ uses the same repository, which is where Karpenter's own
   * image comes from, so no further registry has to be reached.
   */
  pause: { repository: "public.ecr.aws/eks-distro/kubernetes/pause", tag: "3.10" },
} as const;

/**
 * The versions of the platform that this package pins: Kubernetes, charts and Terraform. Images are above, Retool's releases in
 * retool-releases.ts, the newest PostgreSQL is in common/postgres-version.ts; the versions of EKS add-ons are those that EKS recommends.
 *
 * Sources: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html (support dates),
 * https://karpenter.sh/docs/upgrading/compatibility/ (Karpenter and Kubernetes),
 * https://github.com/awslabs/amazon-eks-ami/releases (images).
 */
export const versions = {
  /** Kubernetes minor versions, oldest first. */
  kubernetes: {
    /** Newest version that Amazon EKS, its add-ons and images, and the pinned Karpenter all support. */
    default: "1.36",
    /** Versions that are accepted. */
    supported: [
      {
        version: "1.33",
        standardSupportUntil: "2026-07-29",
        extendedSupportUntil: "2027-07-29",
        minimumKarpenter: "1.5.0",
        nodeRelease: "1.33.13-20260903",
      },
      {
        version: "1.34",
        standardSupportUntil: "2026-12-02",
        extendedSupportUntil: "2027-12-02",
        minimumKarpenter: "1.6.0",
        nodeRelease: "1.34.10-20260903",
      },
      {
        version: "1.35",
        standardSupportUntil: "2027-03-27",
        extendedSupportUntil: "2028-03-27",
        minimumKarpenter: "1.9.0",
        nodeRelease: "1.35.7-20260903",
      },
      {
        version: "1.36",
        standardSupportUntil: "2027-08-02",
        extendedSupportUntil: "2028-08-02",
        minimumKarpenter: "1.13.0",
        nodeRelease: "1.36.3-20260903",
      },
    ] as readonly KubernetesVersion[],
  },

  /** Charts. */
  charts: {
    /** Karpenter's controller. */
    karpenter: { name: "karpenter", ...KARPENTER } satisfies PinnedChart,
    /** Karpenter's custom resource definitions; always the version of the controller. */
    karpenterCrd: { name: "karpenter-crd", ...KARPENTER } satisfies PinnedChart,
    /**
     * AWS Load Balancer Controller.
     *
     * Helm installs the CRDs of this chart once and never upgrades them: before a newer version is written here, compare
     * its `crds/` with those of the version before, and apply them to existing clusters where TargetGroupBinding changed.
     */
    loadBalancerController: {
      name: "aws-load-balancer-controller",
      repository: "https://aws.github.io/eks-charts",
      version: "3.5.0",
    } satisfies PinnedChart,
    /** Retool. */
    retool: { name: "retool", repository: "https://charts.retool.com", version: "6.11.21" } satisfies PinnedChart,
  },

  /** Ranges of Terraform providers; the lock file of an environment holds the exact ones. */
  providers: {
    /** AWS: the floor is what the tests apply with, the bindings come from 6.25. */
    aws: { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" },
    /** Helm. */
    helm: { source: "hashicorp/helm", version: ">= 3.1.1, < 4.0.0" },
    /** Kubernetes. */
    kubernetes: { source: "hashicorp/kubernetes", version: ">= 2.38.0, < 3.0.0" },
    /** TLS. */
    tls: { source: "hashicorp/tls", version: ">= 4.1.0, < 5.0.0" },
  },

  /** Terraform itself: write-only arguments need 1.11. */
  terraform: ">= 1.11.0",
} as const;

/** Versions and features that must fit together. */
export interface VersionChoice {
  /** Kubernetes minor version. */
  readonly kubernetes: string;
  /** Exact version of Karpenter, if it is installed. */
  readonly karpenter?: string;
  /** Tag of the Retool images, such as `4.0.9-stable`. */
  readonly retool?: string;
  /** Exact version of the Retool chart. */
  readonly retoolChart?: string;
  /** Whether code runs under a seccomp profile instead of privileged. */
  readonly useSeccompProfile?: boolean;
}

/** Finds every pair of versions that does not fit together. */
export function compatibilityViolations(choice: VersionChoice): Violation[] {
  return [...karpenterViolations(choice), ...seccompViolations(choice), ...retoolViolations(choice)];
}

function karpenterViolations({ kubernetes, karpenter }: VersionChoice): Violation[] {
  const known = versions.kubernetes.supported.find(({ version }) => version === kubernetes);
  if (karpenter === undefined || known === undefined || isAtLeast(karpenter, known.minimumKarpenter)) return [];
  return [
    {
      path: "karpenter.version",
      problem: `Karpenter ${karpenter} does not work with Kubernetes ${kubernetes}`,
      remedy: `use Karpenter ${known.minimumKarpenter} or later`,
      document: "https://karpenter.sh/docs/upgrading/compatibility/",
    },
  ];
}

function seccompViolations({ kubernetes, useSeccompProfile }: VersionChoice): Violation[] {
  if (useSeccompProfile !== true || isAtLeast(`${kubernetes}.0`, "1.33.0")) return [];
  return [
    {
      path: "cluster.kubernetesVersion",
      problem: `Kubernetes ${kubernetes} cannot run the code executor under a seccomp profile`,
      remedy: "use Kubernetes 1.33 or later",
      document: "https://github.com/tryretool/retool-helm/pull/311",
    },
  ];
}

function retoolViolations({ retool, retoolChart }: VersionChoice): Violation[] {
  if (retool === undefined || retoolChart === undefined) return [];
  const version = parseRetoolVersion(retool);
  const minimum = version && minimumChart(version);
  if (minimum === undefined || isAtLeast(retoolChart, minimum)) return [];
  return [
    {
      path: "retoolVersion",
      problem: `Retool ${retool} does not work with version ${retoolChart} of its chart`,
      remedy: `use chart ${minimum} or later`,
      document: DOCUMENTS.fourZero,
    },
  ];
}

/** Compares release numbers; Retool's suffixes (`-stable`, `-edge`) name a channel, not a pre-release. */
function isAtLeast(version: string, minimum: string): boolean {
  const release = semver.coerce(version);
  return release !== null && semver.gte(release, minimum);
}
