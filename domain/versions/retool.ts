import { DOCUMENTS } from "../common/documents";
import type { Planned, Violation } from "../common/violation";

/** A channel on which Retool publishes: four a year that are tested and supported for months, or one a week. */
export type Channel = "stable" | "edge";

/** A version of Retool, which is also the tag of every one of its images. */
export interface RetoolVersion {
  /** Tag of the images, such as `4.0.9-stable`. */
  readonly tag: string;
  /** First number. */
  readonly major: number;
  /** Second number; with the first it names a line such as `4.0`, and a new line migrates the database. */
  readonly minor: number;
  /** Third number; a new one brings fixes only. */
  readonly patch: number;
  /** Channel. */
  readonly channel: Channel;
}

/** What decides whether a version may be used. */
export interface RetoolVersionChoice {
  /** What the configuration says. */
  readonly tag: string;
  /** Name of the environment. */
  readonly environment: string;
  /**
   * Why an environment called `prod` runs a version of the edge channel.
   *
   * @default - none; such an environment refuses the edge channel
   */
  readonly edgeReason?: string;
}

/** Oldest version whose containers this package knows; older ones have no agent sandbox. */
export const OLDEST_VERSION: RetoolVersion = { tag: "4.0.0-stable", major: 4, minor: 0, patch: 0, channel: "stable" };

const NUMBER = String.raw`(0|[1-9]\d{0,5})`;
const TAG = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}-(stable|edge)$`);
const RELEASE = new RegExp(`^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}`);

const PATH = "retoolVersion";
const EXAMPLE = 'use the whole tag of a release, such as "4.0.9-stable"';

/** Reads a tag; undefined where it is not `X.Y.Z-stable` or `X.Y.Z-edge`. */
export function parseRetoolVersion(tag: string): RetoolVersion | undefined {
  const match = TAG.exec(tag);
  if (match === null) return undefined;
  const [, major, minor, patch, channel] = match;
  return { tag, major: Number(major), minor: Number(minor), patch: Number(patch), channel: channel as Channel };
}

/** Says which of two versions is newer: negative where the left one is older, regardless of the channels. */
export function compareRetoolVersions(left: RetoolVersion, right: RetoolVersion): number {
  return left.major - right.major || left.minor - right.minor || left.patch - right.patch;
}

/** Says whether a version is as new as the first release of a line, such as `4.47`. */
export function isFromLine(version: RetoolVersion, line: string): boolean {
  const [major = 0, minor = 0] = line.split(".").map(Number);
  return version.major > major || (version.major === major && version.minor >= minor);
}

/** The line of a version: `4.0` of `4.0.9-stable`. */
export function lineOf({ major, minor }: RetoolVersion): string {
  return `${major}.${minor}`;
}

/** Reads the version of an environment and checks that this package can run it there. */
export function planRetoolVersion(choice: RetoolVersionChoice): Planned<RetoolVersion> {
  const version = parseRetoolVersion(choice.tag);
  if (version === undefined) return { plan: OLDEST_VERSION, violations: tagViolations(choice.tag, PATH) };
  return { plan: version, violations: [...ageViolations(version, PATH), ...channelViolations(version, choice)] };
}

/** Finds what is not the tag of a release of Retool. */
export function tagViolations(tag: string, path: string): Violation[] {
  if (parseRetoolVersion(tag) !== undefined) return [];
  const release = RELEASE.exec(tag);
  if (release === null) return [{ path, problem: `"${tag}" is not a version of Retool`, remedy: EXAMPLE }];
  const [, major = "", minor = "", patch = ""] = release;
  return [
    {
      path,
      problem: `"${tag}" is not the tag of a release`,
      remedy: `use "${major}.${minor}.${patch}-stable" or "${major}.${minor}.${patch}-edge"`,
    },
  ];
}

/** Finds a version that is older than the oldest one that this package runs. */
export function ageViolations(version: RetoolVersion, path: string): Violation[] {
  if (compareRetoolVersions(version, OLDEST_VERSION) >= 0) return [];
  return [
    {
      path,
      problem: `${version.tag} is older than 4.0.0, the first version with the agent sandbox and object storage`,
      remedy: "use 4.0.0 or later; upgrade an older Retool to 4.0 in its current deployment, then move it here",
      document: DOCUMENTS.fourZero,
    },
  ];
}

function channelViolations(
  { tag, channel }: RetoolVersion,
  { environment, edgeReason }: RetoolVersionChoice,
): Violation[] {
  const path = "retool.edgeReason";
  if (channel === "stable") {
    return edgeReason === undefined
      ? []
      : [{ path, problem: `has no effect: ${tag} is a stable version`, remedy: "remove it" }];
  }
  if (environment !== "prod" || (edgeReason ?? "").trim() !== "") return [];
  return [
    {
      path: PATH,
      problem: `${tag} is from the edge channel, where only the newest weekly release is supported`,
      remedy: "use a stable version in prod, or explain in retool.edgeReason why you need it",
      document: DOCUMENTS.edge,
    },
  ];
}
