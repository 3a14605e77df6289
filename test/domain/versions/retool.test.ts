import fc from "fast-check";

import {
  OLDEST_VERSION,
  compareRetoolVersions,
  isFromLine,
  lineOf,
  parseRetoolVersion,
  planRetoolVersion,
} from "../../../domain/versions/retool";
import { formatViolation } from "../../../domain/common/violation";

const number = fc.nat(9999);
const channel = fc.constantFrom("stable", "edge");
const tags = fc
  .tuple(number, number, number, channel)
  .map(([major, minor, patch, name]) => `${major}.${minor}.${patch}-${name}`);

const check = (tag: string, environment = "prod", edgeReason?: string): string[] =>
  planRetoolVersion({ tag, environment, edgeReason }).violations.map(formatViolation);

describe("a tag", () => {
  test("is read into its numbers and its channel", () => {
    expect(parseRetoolVersion("4.86.12-stable")).toEqual({
      tag: "4.86.12-stable",
      major: 4,
      minor: 86,
      patch: 12,
      channel: "stable",
    });
  });

  test.each([
    "",
    "4",
    "4.0",
    "4.0.9",
    "v4.0.9-stable",
    "4.0.9-beta",
    "4.0.9-stable ",
    "04.0.9-stable",
    "4.00.9-stable",
  ])("%j is none", (tag) => {
    expect(parseRetoolVersion(tag)).toBeUndefined();
  });

  test("is the same after it was read", () => {
    fc.assert(
      fc.property(tags, (tag) => {
        const { major, minor, patch, channel: name } = parseRetoolVersion(tag)!;

        expect(`${major}.${minor}.${patch}-${name}`).toBe(tag);
      }),
    );
  });
});

describe("the order of versions", () => {
  const version = tags.map((tag) => parseRetoolVersion(tag)!);

  test.each([
    ["4.0.9-stable", "4.0.10-stable"],
    ["4.9.0-stable", "4.10.0-stable"],
    ["3.334.17-stable", "4.0.0-stable"],
    ["4.0.99-edge", "4.1.0-edge"],
  ])("%s is before %s", (left, right) => {
    expect(compareRetoolVersions(parseRetoolVersion(left)!, parseRetoolVersion(right)!)).toBeLessThan(0);
    expect(compareRetoolVersions(parseRetoolVersion(right)!, parseRetoolVersion(left)!)).toBeGreaterThan(0);
  });

  test("is total, for all channels", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [first, , last] = [a, b, c].sort(compareRetoolVersions);

        expect(compareRetoolVersions(a, b) > 0).toBe(compareRetoolVersions(b, a) < 0);
        expect(compareRetoolVersions(first!, last!)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test("of lines agrees with that of versions", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const firstOfLine = { ...b, patch: 0 };

        expect(isFromLine(a, lineOf(b))).toBe(compareRetoolVersions(a, firstOfLine) >= 0);
      }),
    );
  });
});

describe("the version of an environment", () => {
  test.each(["4.0.0-stable", "4.0.9-stable", "4.86.1-stable"])("%s can run in prod", (tag) => {
    expect(check(tag)).toEqual([]);
  });

  test.each([
    [
      "latest",
      'retoolVersion: "latest" is not a version of Retool; use the whole tag of a release, such as "4.0.9-stable"',
    ],
    ["4.0.9", 'retoolVersion: "4.0.9" is not the tag of a release; use "4.0.9-stable" or "4.0.9-edge"'],
    ["v4.0.9-stable", 'retoolVersion: "v4.0.9-stable" is not the tag of a release; use "4.0.9-stable" or "4.0.9-edge"'],
    [
      "3.334.17-stable",
      "retoolVersion: 3.334.17-stable is older than 4.0.0, the first version with the agent sandbox and object storage; use 4.0.0 or later; upgrade an older Retool to 4.0 in its current deployment, then move it here (https://docs.retool.com/changelog/self-hosted-retool-40-stable)",
    ],
    [
      "4.93.0-edge",
      "retoolVersion: 4.93.0-edge is from the edge channel, where only the newest weekly release is supported; use a stable version in prod, or explain in retool.edgeReason why you need it (https://docs.retool.com/releases/edge)",
    ],
  ])("%s is refused", (tag, message) => {
    expect(check(tag)).toEqual([message]);
  });

  test("may be of the edge channel with a reason, or outside prod", () => {
    expect(check("4.93.0-edge", "prod", "needs the fix of 4.93")).toEqual([]);
    expect(check("4.93.0-edge", "staging")).toEqual([]);
    expect(check("4.93.0-edge", "prod", "  ")).toHaveLength(1);
  });

  test("needs no reason for a stable version", () => {
    expect(check("4.0.9-stable", "prod", "why not")).toEqual([
      "retool.edgeReason: has no effect: 4.0.9-stable is a stable version; remove it",
    ]);
  });

  test("that cannot be read leaves a plan with which everything else can be checked", () => {
    expect(planRetoolVersion({ tag: "x", environment: "prod" }).plan).toEqual(OLDEST_VERSION);
  });
});
