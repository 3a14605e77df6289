import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

import { factsOf } from "../../cli/plan-figures";
import { overviewOf, overviewText } from "../../cli/plan-overview";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prod as govcloud } from "../../docs/recipes/govcloud";
import { prod } from "../support/environments/prod";
import { secondInstance } from "../support/second-instance";
import { configurationFile, Project, TEAM_SPEC } from "../support/project";

const team = (more: object = {}): string =>
  configurationFile({
    tools: { ...TEAM_SPEC, ...more },
    trial: { ...TEAM_SPEC, name: "trial", domain: "trial.example.com", network: { nat: "single" } },
  });

const project = new Project().write("cdktf-retool.config.ts", team());
afterAll(() => project.remove());

const plan = (...args: string[]): ReturnType<Project["run"]> => project.run(["plan", ...args]);

interface Row {
  readonly path: string;
  readonly value: unknown;
  readonly origin: string;
}

describe("plan", () => {
  const { code, stdout: screen } = plan("tools");

  test("shows an environment on one screen of 80 columns", () => {
    expect(code).toBe(0);
    const lines = screen.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(50);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test("begins with what needs attention and ends with where the rest is", () => {
    expect(screen.match(/^[A-Z].*$/gm)).toEqual([
      "Attention",
      "What follows",
      "USD a month, list prices of us-east-1    at rest  working days  at most",
      "After the deployment, by a person",
      "More",
    ]);
  });

  test.each([
    /people +20 builders, 100 users; 07:00-19:00 America\/New_York, Mon-Fri/,
    /sandboxes +25 at the peak, 5 kept ready, 50 at most; 2 api, 2 code executors/,
    /access +Retool from 203\.0\.113\.0\/24; Kubernetes API from 203\.0\.113\.10\/32/,
    /nodes +6 at rest, 14 at peak, 35 at most/,
    /plan tools --all +every setting, and the steps in full/,
    /EC2 quota +ask for 262 CPUs of L-1216C47A \(256 for pools, 6 for system nodes\)/,
    /database +db\.m7g\.large, two zones, 100 GiB, up to \d+ of 777 connections/,
    /zone lost: database back in 2 min, pods may wait longer; database damaged: 5 min of work, back in 55 min/,
    /back in 55 min; region lost: all data \(set backup\.copyTo\)/,
    /entrance, keys and logs, storage +\d+ +\d+ +\d+/,
    /total +[\d,]+ +[\d,]+ +[\d,]+/,
    /1\. Sign up at https:\/\/retool\.example\.com first, as its administrator\. 2\./,
  ])("says %s", (fact) => {
    expect(screen.replaceAll(/\s+/g, " ")).toMatch(new RegExp(fact.source.replaceAll(" +", " ")));
  });

  test("lists the private clients", () => {
    project.write(
      "cdktf-retool.config.ts",
      team({ access: "internal", clusterAccess: "private", frontDoor: { privateClients: ["10.1.0.0/16"] } }),
    );
    const { stdout } = plan("tools");
    project.write("cdktf-retool.config.ts", team());

    expect(stdout).toContain("access     Retool from the VPC, 10.1.0.0/16; Kubernetes API from the VPC");
  });

  test("leaves the Kubernetes API of an existing cluster to the cluster", () => {
    const { figures } = overviewOf("tools", planEnvironment(secondInstance(prod)), "2026-11-30");

    expect(figures.access.kubernetesApi).toBe("existing");
    expect(new Map(factsOf("tools", figures)).get("access")).toBe(
      "Retool from 203.0.113.0/24; Kubernetes API as the existing cluster allows (npx cdktf-retool doctor tools says whether this machine may)",
    );
  });

  test("says nothing of system nodes that are not made, and no mode where nothing is enforced", () => {
    const factsIn = (spec: EnvironmentSpec): ReadonlyMap<string, string> =>
      new Map(factsOf("tools", overviewOf("tools", planEnvironment(spec), "2026-11-30").figures));

    expect(factsIn(secondInstance(prod)).get("EC2 quota")).toBe("ask for 240 CPUs of L-1216C47A");
    expect(factsIn({ ...prod, egress: { level: "open" } }).get("egress")).toBe("level open");
    expect(factsIn(prod).get("egress")).toBe("level dns, mode enforce");
    expect(factsIn({ ...prod, builders: 1 }).get("people")).toMatch(/^1 builder, 100 users; /);
  });

  test("heads the way in by the bastion, where it is not known whether an existing cluster has a public address", () => {
    const wayIn = (spec: EnvironmentSpec): unknown =>
      /^The way in.*$/m.exec(overviewText(overviewOf("tools", planEnvironment(spec), "2026-11-30")))?.[0];

    expect(wayIn({ ...secondInstance(prod), bastion: true })).toBe("The way in through the bastion");
    expect(wayIn({ ...prod, clusterAccess: "private", bastion: true })).toBe(
      "The way in, since the Kubernetes API has no public address",
    );
  });

  test.each<[string, EnvironmentSpec, string]>([
    ["us-east-1", prod, "list prices of us-east-1"],
    ["eu-central-1", { ...prod, region: "eu-central-1" }, "estimated from us-east-1"],
    ["us-gov-west-1", govcloud, "all but nodes from us-east-1"],
  ])("heads what it costs in %s by the region of the prices, in one line", (_, spec, prices) => {
    const text = overviewText(overviewOf("tools", planEnvironment(spec), "2026-11-30"));

    expect(text).toMatch(new RegExp(`^USD a month, ${prices} +at rest  working days  at most$`, "m"));
  });

  test.each(["plan", "cost", "egress"])("refuses, as %s does, what synthesis refuses among environments", (command) => {
    const clash = { tools: TEAM_SPEC, trial: { ...TEAM_SPEC, domain: "trial.example.com" } };
    project.write("cdktf-retool.config.ts", configurationFile(clash));
    const { code, stdout, stderr } = project.run([command, "tools"]);
    project.write("cdktf-retool.config.ts", team());

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain('trial.name: "tools" is not the key of this environment');
  });

  test("is coloured for a terminal only", () => {
    expect(screen).not.toContain("\u001B");
  });

  test("shows a trial's weaknesses first", () => {
    project.write("cdktf-retool.config.ts", team({ sandbox: { purchaseOption: "spot" } }));
    const { stdout } = plan("tools");
    project.write("cdktf-retool.config.ts", team());

    expect(stdout.replaceAll(/\s+/g, " ")).toContain("! tools runs sandboxes on spot nodes: AWS can reclaim a node");
  });
});

describe("plan --all", () => {
  const rows = JSON.parse(plan("tools", "--all", "--json").stdout) as Row[];
  const row = (path: string): Row | undefined => rows.find((candidate) => candidate.path === path);

  test("lists every setting once", () => {
    expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(100);
  });

  test.each([
    ["domain", "retool.example.com", "config"],
    ["builders", 20, "default"],
    ["network.zones", 3, "default"],
    ["database.multiAz", true, "default"],
    ["nodePools.businessHours.startHour", 7, "default"],
    ["nodePools.businessHours.timeZone", "America/New_York", "default"],
    ["access", ["203.0.113.0/24"], "config"],
    ["backup.recovery.databaseDamaged.lossMinutes", 5, "computed"],
    ["capacity.maxTotalJobs", 50, "computed"],
  ])("gives %s with its type and its origin", (path, value, origin) => {
    expect(row(path)).toEqual({ path, value, origin });
  });

  test("shows no setting of Azure or Google for a bucket of S3", () => {
    expect(rows.filter(({ path }) => /azure|gcs|google/i.test(path))).toEqual([]);
  });

  test("prints a table a person can search, and then the URLs, the deviations and the steps", () => {
    const { stdout } = plan("trial", "--all");

    expect(stdout).toMatch(/network\.nat +single +config/);
    expect(stdout.match(/^[A-Z].*$/gm)).toEqual([
      "Where requests go",
      'Outbound connections (egress.level is "dns")',
      "Differs from Retool's documents on purpose",
      "After the deployment, by a person",
    ]);
    expect(stdout).toContain("   3. Return to Retool Workflows");
  });
});

describe("plan --changed", () => {
  test("lists what differs from the defaults", () => {
    expect(plan("trial", "--changed").stdout).toBe("trial: default -> configured\n  network.nat: per-zone -> single\n");
  });

  test("says so where nothing does", () => {
    expect(plan("tools", "--changed").stdout).toBe("tools: every setting that has a default keeps it.\n");
  });
});

describe("plan --diff", () => {
  test("compares with another environment: what somebody set, what that costs, and what follows", () => {
    const { code, stdout } = plan("tools", "--diff", "trial");

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^tools compared with trial\n\nSettings that differ\n {2}network\.nat: single -> per-zone\n/,
    );
    expect(stdout).toMatch(
      /per-zone\n {2}name, domain and \d+ values made of them\n\nUSD a month: \+\d+ with working days/,
    );
    expect(stdout).toMatch(/\n {2}network( +\+\d+){3}\n {2}tools /);
    expect(stdout).not.toContain("retool-trial");
    expect(stdout.split("\n").length).toBeLessThan(40);
  });

  test("lists every value with --all", () => {
    const { stdout } = plan("tools", "--diff", "trial", "--all");

    expect(stdout).toContain("  network.natZones: [0] -> [0,1,2]");
    expect(stdout).toContain("  cluster.name: retool-trial -> retool-tools");
  });

  test("refuses a commit where there is none", () => {
    expect(plan("tools", "--diff", "HEAD").stderr).toBe(
      `--diff: HEAD is not an environment, and ${project.folder} is not in a git repository with a commit; use tools, trial, or commit first\n`,
    );
  });

  test("compares with a commit: what the change does, costs and replaces", () => {
    project.git("init", "-q");
    project.git("add", ".");
    project.git("commit", "-qm", "first");
    project.write("cdktf-retool.config.ts", team({ builders: 200, network: { cidr: "10.9.0.0/16" } }));
    const { stdout } = plan("tools", "--diff", "HEAD");
    const { stdout: json } = plan("tools", "--diff", "HEAD", "--json");
    project.write("cdktf-retool.config.ts", team());

    expect(stdout).toContain(
      "Settings that differ\n  builders: 20 -> 200\n  network.cidr: 10.0.0.0/16 -> 10.9.0.0/16\n\nNew warnings\n  ! tools may have 205 sandboxes",
    );
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("- network.cidr replaces the VPC");
    expect(stdout.match(/^[A-Z][A-Za-z ]+/gm)).toEqual([
      "Settings that differ",
      "New warnings",
      "What it replaces",
      "USD a month",
      "What follows",
      "More",
    ]);
    expect(stdout).toMatch(/people +20 builders, 100 users\n +-> 200 builders, /);
    const { cost, changes } = JSON.parse(json) as {
      readonly cost: Record<"from" | "to", { readonly workingDays: number }>;
      readonly changes: readonly { readonly path: string; readonly cause: string }[];
    };
    expect(changes.filter(({ cause }) => cause === "written").map(({ path }) => path)).toEqual([
      "builders",
      "network.cidr",
    ]);
    expect(cost.to.workingDays).toBeGreaterThan(cost.from.workingDays);
  });

  test("says that a change replaces nothing, and warns of what it weakens", () => {
    project.write("cdktf-retool.config.ts", team({ sandbox: { purchaseOption: "spot" } }));
    const { stdout } = plan("tools", "--diff", "HEAD");
    project.write("cdktf-retool.config.ts", team());

    expect(stdout).toContain("New warnings\n  ! tools runs sandboxes on spot nodes");
    expect(stdout).toContain(
      "What it replaces\n  - nothing that is known to make a new resource; npx cdktf diff tools",
    );
  });

  test("takes a shorter list of placeholders for no news", () => {
    project.write("cdktf-retool.config.ts", team({ account: "210987654321" }));
    const { stdout } = plan("tools", "--diff", "HEAD");
    project.write("cdktf-retool.config.ts", team({ access: ["198.51.100.0/24"] }));
    const { stdout: another } = plan("tools", "--diff", "HEAD");
    project.write("cdktf-retool.config.ts", team());

    expect(stdout).toContain("account: 111122223333 -> 210987654321");
    expect(stdout).not.toContain("New warnings");
    expect(another.replaceAll(/\s+/g, " ")).toMatch(/New warnings ! tools: .*access "198\.51\.100\.0\/24"/);
  });

  test("says that nothing was changed", () => {
    expect(plan("tools", "--diff", "HEAD").stdout).toBe("tools is the same as HEAD.\n");
  });

  test("keeps the sources of a commit, with what was compiled of them, for an hour after their last use", () => {
    const copies = project.path(join("node_modules", ".cache", "cdktf-retool-commits"));
    const [tree = ""] = readdirSync(copies);
    const compiled = join(copies, tree, "compiled");
    const before = readdirSync(compiled).map((name) => statSync(join(compiled, name)).mtimeMs);
    for (const [name, when] of Object.entries({ [tree]: 0, old: 0, "unfinished-old": 0, young: new Date() })) {
      mkdirSync(join(copies, name), { recursive: true });
      utimesSync(join(copies, name), when, when);
    }
    plan("tools", "--diff", "HEAD");
    project.write("more.ts", "");
    project.git("add", "more.ts");
    project.git("commit", "-qm", "second");

    expect(plan("tools", "--diff", "HEAD").stdout).toBe("tools is the same as HEAD.\n");
    expect(readdirSync(compiled).map((name) => statSync(join(compiled, name)).mtimeMs)).toEqual(before);
    expect(before).not.toHaveLength(0);
    expect(readdirSync(copies)).toHaveLength(3);
    expect(readdirSync(copies)).toEqual(expect.arrayContaining([tree, "young"]));
  });

  test("compares with a commit whose configuration imports from the repository around its project", () => {
    const repository = new Project()
      .write("common.ts", `export const base = ${JSON.stringify(TEAM_SPEC)};`)
      .write(
        join("retool", "cdktf-retool.config.ts"),
        'import { base } from "../common";\nexport const environments = { tools: base };\n',
      );
    repository.git("init", "-q");
    repository.git("add", ".");
    repository.git("commit", "-qm", "first");
    repository.write("common.ts", `export const base = ${JSON.stringify({ ...TEAM_SPEC, builders: 50 })};`);
    const { code, stdout } = repository.run(["plan", "tools", "--diff", "HEAD"], {}, "retool");
    repository.remove();

    expect(stdout).toContain("Settings that differ\n  builders: 20 -> 50\n");
    expect(code).toBe(0);
  });

  test("says that a commit lacks the configuration, or the folder that it is in", () => {
    const below = project.path("below");
    project.write(join("below", "cdktf-retool.config.ts"), team());

    expect(project.run(["plan", "tools", "--diff", "HEAD"], {}, "below")).toEqual({
      code: 1,
      stdout: "",
      stderr: "--diff: HEAD has no cdktf-retool.config.ts; name a later commit\n",
    });
    rmSync(below, { recursive: true });
  });

  test("says what git cannot read, and keeps nothing half written", () => {
    const copies = project.path(join("node_modules", ".cache", "cdktf-retool-commits"));
    const before = readdirSync(copies);
    project.write("blob.ts", "// lost");
    project.git("add", "blob.ts");
    project.git("commit", "-qm", "third");
    const [, folder = "", file = ""] =
      /^(..)(.*)/.exec(createHash("sha1").update("blob 7\0// lost").digest("hex")) ?? [];
    rmSync(project.path(join(".git", "objects", folder, file)));

    expect(plan("tools", "--diff", "HEAD").stderr).toMatch(
      /^--diff: git checkout-index: error: unable to read sha1 file of .*; correct it, or compare with another commit\n$/,
    );
    expect(readdirSync(copies)).toEqual(before);
  });

  test("refuses what is neither an environment nor a commit", () => {
    expect(plan("tools", "--diff", "nowhere")).toEqual({
      code: 1,
      stdout: "",
      stderr: "--diff: nowhere is neither an environment nor a commit; use tools, trial, or a commit such as HEAD\n",
    });
  });

  test("refuses two views at once", () => {
    expect(plan("tools", "--all", "--changed").stderr).toBe(
      "plan: --all and --changed are different views; use one of them\n",
    );
  });
});
