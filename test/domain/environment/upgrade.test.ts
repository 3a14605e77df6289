import fc from "fast-check";

import { prod } from "../../support/environments/prod";
import { checkEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import {
  type EnvironmentUpgrade,
  type EnvironmentUpgradeChoice,
  planEnvironmentUpgrade,
} from "../../../domain/environment/upgrade";
import { formatViolation } from "../../../domain/common/violation";
import { upgradeText } from "../../../cli/upgrade";

const TODAY = "2026-09-21";
type Given = Omit<EnvironmentUpgradeChoice, "today">;

const running = (retoolVersion: string, retool: EnvironmentSpec["retool"] = {}): EnvironmentSpec => ({
  ...prod,
  retoolVersion,
  retool,
});
const plan = (spec: EnvironmentSpec, given: Given): EnvironmentUpgrade =>
  planEnvironmentUpgrade(spec, { ...given, today: TODAY }).plan;
const check = (spec: EnvironmentSpec, given: Given): string[] =>
  planEnvironmentUpgrade(spec, { ...given, today: TODAY }).violations.map(formatViolation);
const written = (spec: EnvironmentSpec, { edit }: EnvironmentUpgrade): EnvironmentSpec => ({
  ...spec,
  retoolVersion: edit.retoolVersion,
  retool: { ...spec.retool, ...edit.retool },
});

const COMPLETE = { permissionsMigration: "complete" } as const;

describe("what to write", () => {
  test("for a patch is only the version", () => {
    expect(plan(running("4.0.9-stable"), { to: "4.0.12-stable" })).toMatchObject({
      edit: { retoolVersion: "4.0.12-stable", retool: {} },
      snapshot: undefined,
      upgrade: { kind: "patch" },
    });
  });

  test("for another line is an entry too, behind those that are there, and its snapshot is named", () => {
    const first = { from: "4.0.9-stable", to: "4.34.1-stable", ...COMPLETE };
    const spec = running("4.34.3-stable", { upgrades: [first], appOrchestration: "temporal" });

    const { edit, snapshot } = plan(spec, { to: "4.86.0-stable", ...COMPLETE });
    expect(edit).toEqual({
      retoolVersion: "4.86.0-stable",
      retool: { upgrades: [first, { from: "4.34.3-stable", to: "4.86.0-stable" }] },
    });
    expect(snapshot).toBe("retool-prod-4-34-3-stable-before-4-86-0-stable");
    expect(check(spec, { to: "4.86.0-stable" })).toEqual([]);
    expect(plan(spec, { to: "4.34.4-stable" }).snapshot).toBeUndefined();
  });

  test("says of 4.0 that its permissions are migrated", () => {
    expect(plan(running("4.0.9-stable"), { to: "4.34.1-stable", ...COMPLETE }).edit.retool.upgrades).toEqual([
      { from: "4.0.9-stable", to: "4.34.1-stable", permissionsMigration: "complete" },
    ]);
  });

  test("names another chart, and warns where this package was not tested with it", () => {
    const planned = plan(running("4.0.9-stable"), { to: "4.0.9-stable", chart: "6.13.2" });

    expect(planned).toMatchObject({
      chart: { from: "6.11.21", to: "6.13.2" },
      edit: { retool: { chartVersion: "6.13.2" } },
    });
    expect(planned.warnings).toEqual([
      "Chart 6.13.2 is not the one this package was tested with (6.11.21); its values may mean something else.",
    ]);
  });

  test("warns of what changes, not of what was there before", () => {
    expect(plan(running("4.0.9-stable", { chartVersion: "6.13.2" }), { to: "4.0.12-stable" }).warnings).toEqual([]);
  });

  test.each([
    [undefined, "by-operator", undefined],
    ["shared-db", "snapshot-of-existing", "retool-prod-4-34-1-stable-before-4-86-0-stable"],
  ])("counts on no snapshot of an existing server but of its instance: %s", (instance, backup, snapshot) => {
    const host = { kind: "existing", host: "db.example.com", secret: "retool/database" } as const;
    const database = { ...host, addresses: ["10.9.0.0/24"], ...(instance === undefined ? {} : { instance }) };
    const spec = { ...running("4.34.1-stable", { appOrchestration: "temporal" }), database };
    const planned = plan(spec, { to: "4.86.0-stable" });

    expect(check(spec, { to: "4.86.0-stable" })).toEqual([]);
    expect(planned).toMatchObject({ backup, snapshot });
    expect(planned.upgrade.steps.some(({ by }) => by === "terraform")).toBe(snapshot !== undefined);
    const printed = upgradeText("prod", planned).replaceAll(/\s+/g, " ");
    expect(printed.includes("you must make a backup first")).toBe(snapshot === undefined);
  });

  test("is not added again where it is written already", () => {
    const spec = running("4.34.1-stable", { upgrades: [{ from: "4.0.9-stable", to: "4.34.1-stable", ...COMPLETE }] });
    const given = { from: "4.0.9-stable", to: "4.34.1-stable", ...COMPLETE };

    expect(plan(spec, given).edit.retool.upgrades).toHaveLength(1);
    expect(check(spec, given)).toEqual([]);
  });

  test("is a second entry where the first was taken back", () => {
    const back = { from: "4.0.9-stable", to: "4.34.1-stable", ...COMPLETE, rolledBack: true };
    const spec = running("4.0.9-stable", { upgrades: [back] });
    const planned = plan(spec, { to: "4.34.1-stable", ...COMPLETE });

    expect(planned.edit.retool.upgrades).toHaveLength(2);
    expect(planned.snapshot).toBe("retool-prod-4-0-9-stable-before-4-34-1-stable-2");
    expect(planned.upgrade.rollback.steps.join()).toContain(`snapshot ${planned.snapshot!} next to`);
  });
});

describe("a refusal", () => {
  test.each<[string, EnvironmentSpec, Given, string[]]>([
    [
      "an unreadable tag",
      running("4.0.9-stable"),
      { to: "latest" },
      ['--to: "latest" is not a version of Retool; use the whole tag of a release, such as "4.0.9-stable"'],
    ],
    [
      "a downgrade",
      running("4.34.1-stable"),
      { to: "4.0.9-stable" },
      [
        "--to: 4.0.9-stable is older than 4.34.1-stable, which runs now; stay, or roll back with the snapshot from before the upgrade (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
      ],
    ],
    [
      "skipped lines and unresolved permissions, both",
      running("4.0.9-stable", { appOrchestration: "temporal" }),
      { to: "4.86.0-stable", permissionsMigration: "unresolved" },
      [
        "--to: upgrading from 4.0.9-stable to 4.86.0-stable would skip the stable line 4.34; upgrade to the newest 4.34 first, and continue when its migrations are complete (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
        '--permissions-migration: is unresolved: a later line fails unless Retool 4.0 has finished migrating permissions; as an administrator look for the banner in each Space and follow its link to run the migration again; if no banner appeared within 15 hours of the upgrade to 4.0, set "complete" (https://docs.retool.com/changelog/retool-40-db-migration)',
      ],
    ],
    [
      "the edge channel in prod",
      running("4.86.3-stable"),
      { to: "4.93.0-edge" },
      [
        "retoolVersion: 4.93.0-edge is from the edge channel, where only the newest weekly release is supported; use a stable version in prod, or explain in retool.edgeReason why you need it (https://docs.retool.com/releases/edge)",
      ],
    ],
    [
      "a chart that is too old",
      running("4.0.9-stable"),
      { to: "4.0.10-stable", chart: "6.11.0" },
      [
        "retool.chartVersion: 6.11.0 is older than 6.11.21, and its sandboxes lose sessions or do not start; use 6.11.21 or later, or remove it to use 6.11.21",
      ],
    ],
  ])("of %s", (_case, spec, given, messages) => {
    expect(check(spec, given)).toEqual(messages);
  });
});

describe("images that are pinned", () => {
  const images = {
    digests: { backend: `sha256:${"0".repeat(64)}` },
    tags: { jsExecutor: { tag: "4.0.8-stable", reason: "waits for a fix" } },
  };

  test("are named, as a new version does not move them", () => {
    expect(plan(running("4.0.9-stable", { images }), { to: "4.0.12-stable" }).warnings).toEqual([
      "retool.images.digests pins backend to 4.0.9-stable: add the digests of 4.0.12-stable too.",
      "retool.images.tags: jsExecutor stays at 4.0.8-stable; check whether its reason still applies.",
    ]);
  });

  test("are not, where the version stays", () => {
    expect(plan(running("4.0.9-stable", { images }), { to: "4.0.9-stable" }).warnings).toEqual([]);
  });
});

describe("support", () => {
  test("of what is upgraded to is judged by the day", () => {
    const given = { to: "4.0.12-stable" };

    expect(planEnvironmentUpgrade(running("4.0.9-stable"), { ...given, today: "2026-12-11" }).plan.warnings).toEqual([
      "Patches for Retool 4.0 end on 2026-12-11: plan the upgrade to the next stable line now.",
    ]);
    expect(planEnvironmentUpgrade(running("4.0.9-stable"), { ...given, today: "2026-12-12" }).plan.warnings).toEqual([
      "Patches for Retool 4.0 ended on 2026-12-11: upgrade to the next stable line.",
    ]);
  });
});

describe("any pair of versions", () => {
  const tag = fc
    .tuple(fc.constantFrom("4.0", "4.34", "4.86", "4.90", "5.1"), fc.nat(4), fc.constantFrom("stable", "edge"))
    .map(([line, patch, channel]) => `${line}.${patch}-${channel}`);
  const state = fc.constantFrom("complete" as const, "unresolved" as const, "unknown" as const);
  const settled = { appOrchestration: "temporal", edgeReason: undefined } as const;

  test("that is accepted leaves an environment that is accepted, with a snapshot where it migrates", () => {
    fc.assert(
      fc.property(tag, tag, state, (from, to, permissionsMigration) => {
        const spec = { ...running(from, settled), name: "stage" };
        const given: Given = { to, permissionsMigration };
        fc.pre(check(spec, given).length === 0);
        const planned = plan(spec, given);

        expect(checkEnvironment(written(spec, planned)).violations).toEqual([]);
        expect(planned.snapshot !== undefined).toBe(planned.upgrade.kind === "migration");
        expect(planned.edit.retoolVersion).toBe(to);
      }),
      { numRuns: 30 },
    );
  });

  test("can be taken back by the entry's own word, and by nothing else", () => {
    fc.assert(
      fc.property(tag, tag, (from, to) => {
        const spec = { ...running(from, settled), name: "stage" };
        fc.pre(check(spec, { to, ...COMPLETE }).length === 0);
        const planned = plan(spec, { to, ...COMPLETE });
        fc.pre(planned.upgrade.kind === "migration" && !from.startsWith(to.slice(0, 4)));
        const after = written(spec, planned);
        const entries = after.retool?.upgrades?.map((entry) => ({ ...entry, rolledBack: true }));
        const back = { ...after, retoolVersion: from, retool: { ...after.retool, upgrades: entries } };

        expect(checkEnvironment({ ...after, retoolVersion: from }).violations).not.toEqual([]);
        expect(checkEnvironment(back).violations).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
