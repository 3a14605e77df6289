import { supportedVersion } from "./checks";
import { quote } from "../common/quote";
import type { Violation } from "../common/violation";

const RELEASE = /^(?<minor>1\.\d+)\.\d+-(?<day>20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$/;

/** The release of the nodes' image: the one that is asked for, else the one that is pinned for the Kubernetes version. */
export function nodeReleaseOf(asked: string | undefined, kubernetesVersion: string): string {
  return asked ?? supportedVersion(kubernetesVersion)?.nodeRelease ?? "";
}

/** Refuses what is not a release, and a release of another Kubernetes version: EKS refuses a node group of it. */
export function nodeReleaseViolations(asked: string | undefined, kubernetesVersion: string, root: string): Violation[] {
  if (asked === undefined) return [];
  const path = `${root}.nodeReleaseVersion`;
  const pinned = supportedVersion(kubernetesVersion)?.nodeRelease;
  // A version of Kubernetes that is refused by itself needs no second message.
  if (pinned === undefined) return [];
  const minor = RELEASE.exec(asked)?.groups?.["minor"];
  if (minor === undefined)
    return [
      { path, problem: `${quote(asked)} is not a release of a node image`, remedy: `use one such as "${pinned}"` },
    ];
  if (minor === kubernetesVersion) return [];
  return [
    {
      path,
      problem: `"${asked}" is an image of Kubernetes ${minor}, but the cluster runs ${kubernetesVersion}`,
      remedy: `use a release of ${kubernetesVersion}, such as "${pinned}"`,
    },
  ];
}

/**
 * Karpenter's alias of the image of a release: `al2023@v20260903`.
 *
 * Source: https://karpenter.sh/docs/concepts/nodeclasses/#specamiselectorterms
 */
export function amiAliasOf(releaseVersion: string): string {
  return `al2023@v${releaseVersion.slice(-8)}`;
}

/** The day of a release as `YYYY-MM-DD`; undefined where it is not a release. */
export function releaseDay(releaseVersion: string): string | undefined {
  const day = RELEASE.exec(releaseVersion)?.groups?.["day"];
  return day?.replace(/^(\d{4})(\d{2})/, "$1-$2-");
}
