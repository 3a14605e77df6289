import fc from "fast-check";

import { STABLE_LINES } from "../../../domain/versions/retool-releases";
import { compareRetoolVersions, isFromLine, parseRetoolVersion } from "../../../domain/versions/retool";
import { type UpgradeChoice, type UpgradePlan, planUpgrade } from "../../../domain/upgrade/upgrade";
import { formatViolation } from "../../../domain/common/violation";

const choice = (from: string, to: string, more: Partial<UpgradeChoice> = {}): UpgradeChoice => ({
  from,
  to,
  migrationTimeoutMinutes: 30,
  ...more,
});
const plan = (from: string, to: string): UpgradePlan => planUpgrade(choice(from, to)).plan;
const check = (from: string, to: string, more?: Partial<UpgradeChoice>): string[] =>
  planUpgrade(choice(from, to, more)).violations.map(formatViolation);

const SETTLED = { permissionsMigration: "complete", appOrchestration: "postgres" } as const;

describe("what an upgrade does to the database", () => {
  test.each([
    ["4.0.9-stable", "4.0.9-stable", "none", []],
    ["4.0.1-stable", "4.0.2-stable", "patch", []],
    ["4.86.0-stable", "4.86.7-stable", "patch", []],
    ["3.334.0-stable", "4.0.0-stable", "migration", ["4.0"]],
    ["4.0.9-stable", "4.34.0-stable", "migration", ["4.34"]],
    ["4.0.9-stable", "4.86.0-stable", "migration", ["4.34", "4.86"]],
    ["3.300.0-stable", "4.86.0-stable", "migration", ["3.334", "4.0", "4.34", "4.86"]],
    ["4.74.0-edge", "4.93.0-edge", "migration", ["4.86", "4.93"]],
    ["4.86.1-edge", "4.86.2-stable", "migration", []],
  ])("from %s to %s: %s, by way of %j", (from, to, kind, route) => {
    expect(plan(from, to).kind).toBe(kind);
    expect(plan(from, to).route).toEqual(route);
  });
});

describe("an upgrade that Retool supports", () => {
  test.each([
    ["4.0.1-stable", "4.0.2-stable", {}],
    ["4.0.9-stable", "4.34.0-stable", SETTLED],
    ["4.34.3-stable", "4.86.0-stable", SETTLED],
    ["4.86.3-stable", "4.93.0-edge", {}],
    ["4.87.0-edge", "4.93.0-edge", {}],
    ["3.334.17-stable", "4.0.0-stable", {}],
  ])("from %s to %s is accepted", (from, to, more) => {
    expect(check(from, to, more)).toEqual([]);
  });
});

describe("an upgrade that Retool does not support", () => {
  test.each<[string, string, Partial<UpgradeChoice>, string[]]>([
    [
      "latest",
      "4.0.9-stable",
      {},
      ['from: "latest" is not a version of Retool; use the whole tag of a release, such as "4.0.9-stable"'],
    ],
    [
      "4.0.9-stable",
      "4.1",
      {},
      ['to: "4.1" is not a version of Retool; use the whole tag of a release, such as "4.0.9-stable"'],
    ],
    [
      "4.34.0-stable",
      "4.0.9-stable",
      SETTLED,
      [
        "to: 4.0.9-stable is older than 4.34.0-stable, which runs now; stay, or roll back with the snapshot from before the upgrade (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
      ],
    ],
    [
      "4.0.9-stable",
      "4.0.8-stable",
      {},
      [
        "to: 4.0.8-stable is older than 4.0.9-stable, which runs now; stay on 4.0.9-stable, or use a newer patch; roll back only an upgrade that just failed, as its rollback describes (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
      ],
    ],
    [
      "4.0.9-stable",
      "4.86.0-stable",
      SETTLED,
      [
        "to: upgrading from 4.0.9-stable to 4.86.0-stable would skip the stable line 4.34; upgrade to the newest 4.34 first, and continue when its migrations are complete (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
      ],
    ],
    [
      "3.300.0-stable",
      "4.34.0-stable",
      SETTLED,
      [
        "to: upgrading from 3.300.0-stable to 4.34.0-stable would skip the stable lines 3.334, 4.0; upgrade to the newest 3.334 first, and continue when its migrations are complete (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
      ],
    ],
    [
      "3.300.0-stable",
      "3.334.0-stable",
      {},
      [
        "to: 3.334.0-stable is older than 4.0.0, the first version with the agent sandbox and object storage; use 4.0.0 or later; upgrade an older Retool to 4.0 in its current deployment, then move it here (https://docs.retool.com/changelog/self-hosted-retool-40-stable)",
      ],
    ],
    [
      "4.0.9-stable",
      "4.34.0-stable",
      {},
      [
        'permissionsMigration: is unknown: a later line fails unless Retool 4.0 has finished migrating permissions; as an administrator look for the banner in each Space and follow its link to run the migration again; if no banner appeared within 15 hours of the upgrade to 4.0, set "complete" (https://docs.retool.com/changelog/retool-40-db-migration)',
      ],
    ],
    [
      "4.0.9-stable",
      "4.34.0-stable",
      { permissionsMigration: "unresolved" },
      [
        'permissionsMigration: is unresolved: a later line fails unless Retool 4.0 has finished migrating permissions; as an administrator look for the banner in each Space and follow its link to run the migration again; if no banner appeared within 15 hours of the upgrade to 4.0, set "complete" (https://docs.retool.com/changelog/retool-40-db-migration)',
      ],
    ],
    [
      "4.34.0-stable",
      "4.86.0-stable",
      {},
      [
        'retool.appOrchestration: its default changes from "temporal" to "postgres" between 4.34.0-stable and 4.86.0-stable; write "temporal" to keep the current setting, or "postgres" to move the app builder to the platform database (https://docs.retool.com/4.86/self-hosted/self-managed/guides/pg-boss-orchestration-backend)',
      ],
    ],
  ])("from %s to %s with %j is refused", (from, to, more, messages) => {
    expect(check(from, to, more)).toEqual(messages);
  });
});

describe("the steps", () => {
  const who = (from: string, to: string): string[] => plan(from, to).steps.map(({ by }) => by);

  test("of a migration: rehearse, keep a snapshot, let one pod migrate while the others wait and the old ones serve", () => {
    expect(plan("4.0.9-stable", "4.34.1-stable").steps).toEqual([
      { by: "operator", what: "upgrade a staging environment to 4.34.1-stable and use it" },
      {
        by: "operator",
        what: 'add { from: "4.0.9-stable", to: "4.34.1-stable", permissionsMigration: "complete" } to retool.upgrades, so that a snapshot is kept',
      },
      { by: "operator", what: 'set retoolVersion to "4.34.1-stable" and deploy' },
      { by: "terraform", what: "takes a snapshot of the database and waits for it" },
      { by: "helm", what: "starts pods of 4.34.1-stable in all Deployments at once, while those of 4.0.9-stable run" },
      { by: "retool", what: "migrates the database in the new jobs-runner, for at most 30 minutes" },
      { by: "retool", what: "keeps all other new pods waiting, while the pods of 4.0.9-stable serve" },
      { by: "helm", what: "stops the pods of 4.0.9-stable when those of 4.34.1-stable are ready" },
      { by: "operator", what: "sign in, open an app, run a workflow and start an editing session" },
      {
        by: "users",
        what: "see the old pages once more from their browser's cache, then 4.34.1-stable; a hard reload avoids that",
      },
    ]);
  });

  test("say only of the line that migrates permissions that it does", () => {
    const entry = (from: string, to: string): string | undefined =>
      plan(from, to).steps.find(({ what }) => what.startsWith("add {"))?.what;

    expect(entry("4.34.1-stable", "4.86.0-stable")).toBe(
      'add { from: "4.34.1-stable", to: "4.86.0-stable" } to retool.upgrades, so that a snapshot is kept',
    );
    expect(entry("4.0.9-stable", "4.0.10-edge")).not.toContain("permissionsMigration");
  });

  test("of a database of which no snapshot can be made ask the operator for a backup", () => {
    const { steps, rollback } = planUpgrade(choice("4.34.1-stable", "4.86.0-stable", { backup: "by-operator" })).plan;
    const texts = [...steps.map(({ what }) => what), rollback.until, ...rollback.steps].join("\n");

    expect(steps.slice(0, 5).map(({ by }) => by)).toEqual(["operator", "operator", "operator", "operator", "helm"]);
    expect(steps[2]?.what).toMatch(/^make a backup of the database/);
    expect(texts.replace(steps[2]!.what, "")).not.toContain("snapshot");
    expect(rollback.steps.at(-1)).toMatch(
      /^otherwise restore your backup to another server, and name that server in database, add rolled/,
    );
  });

  test("of an existing instance go back to its snapshot on another server", () => {
    const given = { backup: "snapshot-of-existing", snapshot: "retool-prod-before" } as const;
    const { steps, rollback } = planUpgrade(choice("4.34.1-stable", "4.86.0-stable", given)).plan;

    expect(steps.map(({ by }) => by)).toContain("terraform");
    expect(rollback.steps.at(-1)).toMatch(
      /^otherwise restore the snapshot retool-prod-before to another server, and name that server in database, add rolled/,
    );
  });

  test("of a patch need no snapshot", () => {
    expect(who("4.0.1-stable", "4.0.2-stable")).toEqual(["operator", "helm", "retool", "helm", "operator", "users"]);
  });

  test("to 4.0 name the migration of permissions", () => {
    expect(
      plan("3.334.0-stable", "4.0.0-stable")
        .steps.map(({ what }) => what)
        .join(),
    ).toContain("up to 15 hours");
    expect(
      plan("4.0.0-stable", "4.34.0-stable")
        .steps.map(({ what }) => what)
        .join(),
    ).not.toContain("15 hours");
  });

  test("of no upgrade are none", () => {
    expect(plan("4.0.9-stable", "4.0.9-stable")).toMatchObject({ steps: [], watch: [], rollback: { steps: [] } });
  });

  test("name the real Deployment to watch", () => {
    expect(plan("4.0.9-stable", "4.34.0-stable").watch[0]).toBe(
      "kubectl logs -f deployment/retool-jobs-runner -n retool: migrations one by one, then their end",
    );
    expect(plan("4.0.1-stable", "4.0.2-stable").watch).toHaveLength(4);
    expect(planUpgrade(choice("4.0.1-stable", "4.0.2-stable", { namespace: "retool-eu" })).plan.watch[0]).toContain(
      "kubectl get pods -n retool-eu --watch",
    );
  });

  test("back are only the version for a patch, the snapshot for a migration", () => {
    expect(plan("4.0.1-stable", "4.0.2-stable").rollback).toEqual({
      until: "At any time before another line is installed: 4.0 has one database format.",
      steps: ['set retoolVersion to "4.0.1-stable" and deploy'],
    });
    expect(plan("4.0.9-stable", "4.34.0-stable").rollback.steps.join()).toContain("restore the snapshot");
  });
});

describe("a deployment that stops", () => {
  test.each([
    ["another operation in progress", "helm-records <environment>"],
    ["longer than its timeout", "migrations continue in jobs-runner"],
    ["Provider produced inconsistent result after apply", "expect an empty plan"],
  ])("with %j goes on: %s", (sign, remedy) => {
    const found = plan("4.0.1-stable", "4.0.2-stable").interruptions.find((known) => known.sign.includes(sign));

    expect(found?.remedy).toContain(remedy);
  });
});

describe("any pair", () => {
  const lines = [...STABLE_LINES.map(({ line }) => line), "4.27", "4.47", "4.74", "4.93", "5.1"];
  const tag = fc
    .tuple(fc.constantFrom(...lines), fc.nat(30), fc.constantFrom("stable", "edge"))
    .map(([line, patch, channel]) => `${line}.${patch}-${channel}`);

  test("is accepted only forwards, and never over a stable line", () => {
    fc.assert(
      fc.property(tag, tag, (from, to) => {
        fc.pre(check(from, to, SETTLED).length === 0);
        const [left, right] = [parseRetoolVersion(from)!, parseRetoolVersion(to)!];
        const passed = STABLE_LINES.filter(({ line }) => !isFromLine(left, line) && isFromLine(right, line));

        expect(compareRetoolVersions(left, right)).toBeLessThanOrEqual(0);
        expect(passed.length).toBeLessThanOrEqual(to.startsWith(`${passed[0]?.line ?? ""}.`) ? 1 : 0);
      }),
    );
  });

  test("can be walked: each line of the route is an upgrade that is accepted", () => {
    fc.assert(
      fc.property(tag, tag, (from, to) => {
        const { route } = plan(from, to);
        fc.pre(isFromLine(parseRetoolVersion(from)!, "3.334") && route.length > 0);
        const stops = [from, ...route.slice(0, -1).map((line) => `${line}.31-stable`), to];
        const refused = stops.slice(1).flatMap((stop, index) => check(stops[index]!, stop, SETTLED));

        expect(refused).toEqual([]);
      }),
    );
  });

  test("that migrates ends with people, keeps a snapshot and never ends old pods before the migration", () => {
    fc.assert(
      fc.property(tag, tag, (from, to) => {
        const { kind, steps } = plan(from, to);
        fc.pre(kind === "migration");
        const texts = steps.map(({ what }) => what);
        const position = (text: string): number => texts.findIndex((what) => what.includes(text));

        expect(position("takes a snapshot")).toBeLessThan(position("starts pods"));
        expect(position("migrates the database")).toBeLessThan(position("stops the pods"));
        expect(steps.at(-1)?.by).toBe("users");
      }),
    );
  });
});
