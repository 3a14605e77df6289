import { readFileSync } from "node:fs";
import { join } from "node:path";

import { upgrade as upgradeOf } from "../../cli/upgrade";
import { ROOT, runProgram } from "../support/run";

const upgrade = (...args: string[]): ReturnType<typeof runProgram> =>
  runProgram("cli/main.ts", ["upgrade", "prod", ...args]);

/** Warnings depend on the day. */
const withoutWarnings = (text: string): string => text.replace(/\nWarnings\n[\s\S]*?\n(?=\n)/, "");

describe("npm run upgrade", () => {
  const { code, stdout, stderr } = upgrade("--to", "4.34.1-stable", "--permissions-migration", "complete");

  test("says what to write, what happens, what to watch and how to go back", () => {
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(withoutWarnings(stdout).split("\n").slice(0, 12)).toEqual([
      "prod: Retool 4.0.9-stable to 4.34.1-stable",
      "Supported. Another line: the database is migrated, and a snapshot is taken",
      "first.",
      "",
      "In the configuration of prod",
      '  retoolVersion: "4.34.1-stable",',
      "  retool: {",
      "    upgrades: [",
      '      { from: "4.0.9-stable", to: "4.34.1-stable", permissionsMigration: "complete" },',
      "    ],",
      "  },",
      "",
    ]);
    expect(
      withoutWarnings(stdout)
        .match(/^[A-Z].*$/gm)
        ?.slice(2),
    ).toEqual(["What happens", "Snapshot", "Watch", "If the deployment stops", "Going back"]);
    expect(stdout).toContain("see the old pages once more from their browser's cache");
    expect(stdout).toContain("kubectl logs -f deployment/retool-jobs-runner -n retool");
  });

  test("has the parts that its guide explains", () => {
    const guide = readFileSync(join(ROOT, "docs", "guides", "upgrades.md"), "utf8");
    const table = /\| section +\| what it tells you[\s\S]*?\n\n/.exec(guide)?.[0] ?? "";
    const explained = [...table.matchAll(/^ +\| ([A-Z][A-Za-z ]*?) +\|/gm)].map(([, name = ""]) => name);

    expect(explained.length).toBeGreaterThan(6);
    expect(explained.filter((name) => !new RegExp(`^${name}`, "m").test(stdout))).toEqual([]);
  });

  test("fits into 80 columns, but for what is to be copied, and has no colour codes where nobody sees them", () => {
    const wide = stdout.split("\n").filter((line) => line.length > 80);

    expect(wide.every((line) => line.includes("{ from:"))).toBe(true);
    expect(stdout).not.toContain("\u001B");
  });

  test("begins with the doubt about a line that is not known, before anything is to be done", () => {
    const { stdout: unknown } = upgrade("--to", "4.33.0-stable", "--permissions-migration", "complete");

    expect(unknown).toMatch(/^.*\nNot known to be supported, see Warnings\. Another line: /);
    expect(unknown.replaceAll(/\s+/g, " ")).toMatch(
      /Warnings - Retool 4\.33 is not a stable line that this package knows: .* In the configuration of prod .* What happens/,
    );
  });

  test("names the environment where Helm's records are to be repaired", () => {
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "run npx cdktf-retool helm-records prod, which shows what is stuck, then the same with --mend",
    );
  });

  test("needs neither entry nor snapshot for a patch", () => {
    const { stdout: patch } = upgrade("--to", "4.0.10-stable");

    expect(patch).toContain("Supported. A patch of the same line: the database is not migrated.");
    expect(patch).not.toMatch(/upgrades:|^Snapshot$/m);
  });

  test("says that nothing changes", () => {
    expect(upgrade("--to", "4.0.9-stable").stdout).toMatch(
      /^prod: Retool 4\.0\.9-stable\nThe same version: no image changes\.\n/,
    );
  });

  test("asks for a version before it reads anything", () => {
    expect(() => {
      upgradeOf("prod", {});
    }).toThrow("--to: is missing; name a version of Retool, such as 4.34.1-stable, or use --platform");
  });

  test("plans another chart by itself", () => {
    const { stdout: chart } = upgrade("--to", "4.0.9-stable", "--chart", "6.11.22");

    expect(chart).toContain("prod: Retool 4.0.9-stable, chart 6.11.21 to 6.11.22\n");
    expect(chart).toContain('At any time: write chartVersion: "6.11.21" and deploy.');
  });

  test("refuses with one line for each reason, and exit code 1", () => {
    expect(upgrade("--to", "4.34.1-stable")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        '--permissions-migration: is unknown: a later line fails unless Retool 4.0 has finished migrating permissions; as an administrator look for the banner in each Space and follow its link to run the migration again; if no banner appeared within 15 hours of the upgrade to 4.0, set "complete" (https://docs.retool.com/changelog/retool-40-db-migration)\n',
    });
    expect(upgrade("--to", "4.0.10-stable", "--permissions-migration", "done").stderr).toBe(
      "--permissions-migration: done is not known; use complete, unresolved, unknown\n",
    );
  });

  test("prints the same as JSON, refusals too", () => {
    const accepted = JSON.parse(upgrade("--to", "4.0.10-stable", "--json").stdout) as Record<string, unknown>;
    const { code: refusal, stdout: text } = upgrade("--to", "4.0.8-stable", "--json");

    expect(accepted).toMatchObject({ verdict: "patch", violations: [], edit: { retoolVersion: "4.0.10-stable" } });
    expect(refusal).toBe(1);
    expect(JSON.parse(text)).toMatchObject({ verdict: "refused", violations: [{ path: "--to" }] });
  });
});
