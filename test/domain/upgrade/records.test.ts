import fc from "fast-check";

import { prod } from "../../support/environments/prod";
import { checkEnvironment } from "../../../domain/environment/environment";
import { planRetool } from "../../../domain/retool/retool";
import type { UpgradeRecord } from "../../../domain/upgrade/records";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const identifiers = (upgrades: readonly UpgradeRecord[], version: string): string[] =>
  planRetool({ upgrades }, context, version).plan.snapshots.map(({ identifier }) => identifier);
const check = (upgrades: readonly UpgradeRecord[], version: string): string[] =>
  planRetool({ upgrades, appOrchestration: "temporal" }, context, version).violations.map(formatViolation);

const first: UpgradeRecord = { from: "4.0.9-stable", to: "4.34.1-stable", permissionsMigration: "complete" };
const second = { from: "4.34.5-stable", to: "4.86.0-stable" };
const REMEDY = "list every upgrade once, oldest first, up to the running version; never change an existing entry";

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

  test.each<[UpgradeRecord[], string, string[]]>([
    [
      [{ from: "x", to: "4.0.0-stable" }],
      "4.0.0-stable",
      [
        'retool.upgrades[0].from: "x" is not a version of Retool; use the whole tag of a release, such as "4.0.9-stable"',
      ],
    ],
    [
      [{ from: "4.0.9-stable", to: "4.0.9-stable" }],
      "4.0.9-stable",
      [`retool.upgrades[0].to: 4.0.9-stable does not come after 4.0.9-stable; ${REMEDY}`],
    ],
    [
      [second, first],
      "4.34.1-stable",
      [`retool.upgrades[1].from: 4.0.9-stable does not come after 4.86.0-stable; ${REMEDY}`],
    ],
    [
      [first],
      "4.34.0-stable",
      [
        'retoolVersion: 4.34.0-stable is older than 4.34.1-stable, the last version in retool.upgrades; if you roll that upgrade back, add rolledBack: true to its entry and use "4.0.9-stable"',
      ],
    ],
    [
      [{ ...first, rolledBack: true }],
      "4.0.8-stable",
      [
        'retoolVersion: 4.0.8-stable is older than 4.0.9-stable, the last version in retool.upgrades; use "4.0.9-stable" or a later patch',
      ],
    ],
    [
      [first],
      "4.86.0-stable",
      [
        'retool.upgrades: ends with 4.34.1-stable, but retoolVersion is 4.86.0-stable, from another line or channel; add { from: "4.34.1-stable", to: "4.86.0-stable" }, so that a snapshot is taken before it migrates the database (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)',
      ],
    ],
    [
      [first],
      "4.34.2-edge",
      [
        "retoolVersion: 4.34.2-edge is from the edge channel, where only the newest weekly release is supported; use a stable version in prod, or explain in retool.edgeReason why you need it (https://docs.retool.com/releases/edge)",
        'retool.upgrades: ends with 4.34.1-stable, but retoolVersion is 4.34.2-edge, from another line or channel; add { from: "4.34.1-stable", to: "4.34.2-edge" }, so that a snapshot is taken before it migrates the database (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)',
      ],
    ],
    [
      [{ from: "3.334.17-stable", to: "4.0.1-stable" }, second],
      "4.86.0-stable",
      [
        "retool.upgrades[1].from: is 4.34.5-stable, but the entry before it ends with 4.0.1-stable, from another line; add the upgrade in between; never change an existing entry",
      ],
    ],
    [
      [{ from: "4.0.9-stable", to: "4.86.0-stable", permissionsMigration: "complete" }],
      "4.86.0-stable",
      [
        "retool.upgrades[0].to: upgrading from 4.0.9-stable to 4.86.0-stable would skip the stable line 4.34; upgrade to the newest 4.34 first, and continue when its migrations are complete (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
      ],
    ],
    [
      [{ from: "4.0.9-stable", to: "4.34.1-stable" }],
      "4.34.1-stable",
      [
        'retool.upgrades[0].permissionsMigration: is unknown: a later line fails unless Retool 4.0 has finished migrating permissions; as an administrator look for the banner in each Space and follow its link to run the migration again; if no banner appeared within 15 hours of the upgrade to 4.0, set "complete" (https://docs.retool.com/changelog/retool-40-db-migration)',
      ],
    ],
  ])("%j with %s is refused", (upgrades, version, messages) => {
    expect(check(upgrades, version)).toEqual(messages);
  });

  test("asks what orchestrates the app builder, where the default changes on the way", () => {
    expect(planRetool({ upgrades: [second] }, context, "4.86.0-stable").violations.map(formatViolation)).toEqual([
      'retool.appOrchestration: its default changes from "temporal" to "postgres" between 4.34.5-stable and 4.86.0-stable; write "temporal" to keep the current setting, or "postgres" to move the app builder to the platform database (https://docs.retool.com/4.86/self-hosted/self-managed/guides/pg-boss-orchestration-backend)',
    ]);
  });
});

describe("an upgrade that is taken back", () => {
  const back: UpgradeRecord = { ...first, rolledBack: true };

  test("lets the version before run again, keeps its snapshot, and can be tried again", () => {
    expect(check([back], "4.0.9-stable")).toEqual([]);
    expect(check([back], "4.0.10-stable")).toEqual([]);
    expect(check([back, first], "4.34.1-stable")).toEqual([]);
    expect(identifiers([back], "4.0.9-stable")).toEqual(identifiers([first], "4.34.1-stable"));
  });

  test("gets its own snapshot the second time", () => {
    expect(identifiers([back, first], "4.34.1-stable")).toEqual([
      "retool-prod-4-0-9-stable-before-4-34-1-stable",
      "retool-prod-4-0-9-stable-before-4-34-1-stable-2",
    ]);
  });
});

describe("an environment", () => {
  const checked = (retoolVersion: string, upgrades: readonly UpgradeRecord[]): string[] =>
    checkEnvironment({ ...prod, retoolVersion, retool: { upgrades } }).violations.map(({ path }) => path);

  test.each<[string, string, UpgradeRecord[], string[]]>([
    ["an upgrade to the next line", "4.34.1-stable", [first], []],
    ["one that was taken back", "4.0.9-stable", [{ ...first, rolledBack: true }], []],
    ["a downgrade", "4.0.9-stable", [first], ["retoolVersion"]],
    [
      "a skipped line",
      "4.86.0-stable",
      [{ ...first, to: "4.86.0-stable" }],
      ["retool.upgrades[0].to", "retool.appOrchestration"],
    ],
    [
      "4.0 left with unresolved permissions",
      "4.34.1-stable",
      [{ from: "4.0.9-stable", to: "4.34.1-stable" }],
      ["retool.upgrades[0].permissionsMigration"],
    ],
    ["an upgrade without its entry", "4.93.0-stable", [first], ["retool.upgrades"]],
    ["the edge channel in prod", "4.93.0-edge", [], ["retoolVersion"]],
    ["a version before 4.0", "3.334.17-stable", [], ["retoolVersion"]],
  ])("with %s", (_case, version, upgrades, paths) => {
    expect(checked(version, upgrades)).toEqual(paths);
  });
});

describe("any walk over the stable lines", () => {
  const walk = fc.tuple(fc.nat(9), fc.nat(9), fc.boolean(), fc.constantFrom(1, 2)).map(([a, b, isTakenBack, steps]) => {
    const tags = [`4.0.${a}-stable`, `4.34.${b}-stable`, `4.86.${a}-stable`].slice(0, steps + 1);
    const upgrades: UpgradeRecord[] = tags.slice(1).map((to, index) => ({
      from: tags[index]!,
      to,
      ...(index === 0 ? { permissionsMigration: "complete" } : {}),
      ...(isTakenBack && index === steps - 1 ? { rolledBack: true } : {}),
    }));
    return { upgrades, running: isTakenBack ? tags.at(-2)! : tags.at(-1)! };
  });

  test("is accepted with every entry, whole or taken back, and with no entry missing", () => {
    fc.assert(
      fc.property(walk, ({ upgrades, running }) => {
        expect(check(upgrades, running)).toEqual([]);
        fc.pre(upgrades.length === 2);
        expect(check(upgrades.slice(0, 1), running).length + Number(upgrades[1]!.rolledBack === true)).toBeGreaterThan(
          0,
        );
      }),
    );
  });

  test("names each snapshot once, and renames none when an entry is added", () => {
    fc.assert(
      fc.property(walk, ({ upgrades, running }) => {
        const names = identifiers(upgrades, running);

        expect(new Set(names).size).toBe(upgrades.length);
        expect(identifiers([...upgrades, ...upgrades], running).slice(0, names.length)).toEqual(names);
      }),
    );
  });
});
