import { planRetool } from "../../domain/retool";
import type { UpgradeRecord } from "../../domain/retool-upgrades";
import { formatViolation } from "../../domain/violation";
import { context } from "../support/fakes";

const identifiers = (upgrades: readonly UpgradeRecord[], version: string): string[] =>
  planRetool({ upgrades }, context, version).plan.snapshots.map(({ identifier }) => identifier);
const check = (upgrades: readonly UpgradeRecord[], version: string): string[] =>
  planRetool({ upgrades, appOrchestration: "temporal" }, context, version).violations.map(formatViolation);

const first = { from: "4.0.9-stable", to: "4.34.1-stable" };
const second = { from: "4.34.5-stable", to: "4.86.0-stable" };
const REMEDY =
  "list every upgrade once, oldest first, up to the version that runs; entries are added and never changed";

describe("snapshots from before upgrades", () => {
  test("are one for each upgrade, named by both versions", () => {
    expect(identifiers([first, second], "4.86.0-stable")).toEqual([
      "retool-prod-4-0-9-stable-before-4-34-1-stable",
      "retool-prod-4-34-5-stable-before-4-86-0-stable",
    ]);
  });

  test("keep their names when the next version comes", () => {
    expect(identifiers([first], "4.34.9-stable")).toEqual(identifiers([first, second], "4.86.0-stable").slice(0, 1));
  });

  test("are none on the first deployment", () => {
    expect(identifiers([], "4.0.9-stable")).toEqual([]);
  });
});

describe("the list of upgrades", () => {
  test("leads to the version that runs, with patches between", () => {
    expect(check([first, second], "4.86.3-stable")).toEqual([]);
  });

  test.each<[UpgradeRecord[], string, string]>([
    [
      [{ from: "x", to: "4.0.0-stable" }],
      "4.0.0-stable",
      'retool.upgrades[0].from: "x" is not the tag of a release; use a whole tag, such as "4.0.9-stable"',
    ],
    [
      [{ from: "4.0.9-stable", to: "4.0.9-stable" }],
      "4.0.9-stable",
      `retool.upgrades[0].to: 4.0.9-stable does not come after 4.0.9-stable; ${REMEDY}`,
    ],
    [
      [second, first],
      "4.86.0-stable",
      `retool.upgrades[1].from: 4.0.9-stable does not come after 4.86.0-stable; ${REMEDY}`,
    ],
    [[first], "4.34.0-stable", `retool.upgrades[0].to: 4.34.0-stable does not come after 4.34.1-stable; ${REMEDY}`],
  ])("%j with %s is refused", (upgrades, version, message) => {
    expect(check(upgrades, version)).toEqual([message]);
  });
});
