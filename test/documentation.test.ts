import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { prod } from "./support/environments/prod";
import { checkEnvironment, planEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";
import type { HelmValues } from "../domain/chart/values";
import { releaseValues } from "../domain/environment/release-values";
import { minimumChart, STABLE_LINES, supportedUntil } from "../domain/versions/retool-releases";
import { parseRetoolVersion } from "../domain/versions/retool";
import { references } from "./support/retool-release";
import { ROOT } from "./support/run";

const values = (spec: Partial<EnvironmentSpec> = {}): HelmValues =>
  releaseValues(planEnvironment({ ...prod, ...spec }), references);
const paths = (spec: Partial<EnvironmentSpec>): string[] =>
  checkEnvironment({ ...prod, ...spec }).violations.map(({ path }) => path);

describe("the documents' figures for agent sandboxes", () => {
  test("are the values of a fresh environment", () => {
    const { agentSandbox } = values().rr;

    expect(agentSandbox.controller.scaling).toMatchObject({
      prewarmPoolSize: 5,
      maxTotalJobs: 50,
      perUserSandboxLimit: 5,
    });
    expect(agentSandbox.sandbox).toMatchObject({
      resources: { requests: { cpu: "1", memory: "2048Mi" } },
      sandboxGlobalLifetimeMs: "9000000",
    });
    for (const { resources } of [agentSandbox.controller, agentSandbox.proxy]) {
      expect(resources.requests).toEqual({ cpu: "250m", memory: "256Mi" });
    }
  });

  test("may be replaced by those that the documents allow", () => {
    const sandbox = {
      prewarmPoolSize: 0,
      perUserSandboxLimit: 3,
      lifetimeMinutes: 30,
      idleTimeoutMinutes: 30,
      assignedTtlMinutes: 30,
    };
    const { agentSandbox } = values({ builders: 75, sandbox }).rr;

    expect(agentSandbox.controller.scaling).toMatchObject({
      prewarmPoolSize: 0,
      maxTotalJobs: 75,
      perUserSandboxLimit: 3,
    });
    expect(agentSandbox.sandbox).toMatchObject({ sandboxGlobalLifetimeMs: "1800000", sandboxIdleTimeoutMs: "1800000" });
  });

  test("make the pool's limits from editors and prewarmed pods", () => {
    const { capacity } = planEnvironment(prod);

    expect(capacity).toMatchObject({ podsAtPeak: 25, cpuMillicores: 25_000, memoryMiB: 50 * 1024 });
    expect(capacity.sandboxPool.limits.cpu).toBeGreaterThanOrEqual(25);
    expect(capacity.sandboxPool.limits.memoryGiB).toBeGreaterThanOrEqual(50);
  });
});

describe("what the documents let a team replicate", () => {
  const two = { replicas: 3 };

  test("has its own number of pods", () => {
    const retool = { api: two, workflowsWorker: two, workflowsBackend: two, codeExecutor: two, jsExecutor: two };
    const { replicaCount, workflows, codeExecutor, rr } = values({ retool });

    expect([replicaCount, workflows.worker.replicaCount, workflows.backend.replicaCount]).toEqual([3, 3, 3]);
    expect([codeExecutor.replicaCount, rr.jsExecutor.replicaCount]).toEqual([3, 3]);
  });

  test("is never jobs-runner, of which there is one", () => {
    expect(paths({ retool: { jobsRunner: two } as EnvironmentSpec["retool"] })).toEqual(["retool.jobsRunner.replicas"]);
  });
});

describe("what the documents keep out of production", () => {
  const text = JSON.stringify(values());

  test("is not installed: neither PostgreSQL nor MinIO nor a volume in the cluster", () => {
    expect(values().postgresql.enabled).toBe(false);
    expect(text).not.toMatch(/minio|persistentVolumeClaim/i);
  });

  test("is never a database before PostgreSQL 13", () => {
    expect(paths({ database: { engineVersion: "12" } })).toEqual(["database.engineVersion"]);
  });
});

describe("versions", () => {
  test("are one tag for every image, of a release", () => {
    expect(values().image).toEqual({ tag: "4.0.9-stable" });
    expect(JSON.stringify(values()).match(/"tag":"[^"]*"/g)).toEqual(['"tag":"4.0.9-stable"']);
    expect(paths({ retoolVersion: "4.0.9" })).toEqual(["retoolVersion"]);
  });

  test("of one image differ only with a reason", () => {
    const tags = { jsExecutor: { tag: "4.0.8-stable", reason: "" } };

    expect(paths({ retool: { images: { tags } } })).toEqual(["retool.images.tags.jsExecutor.reason"]);
  });

  test("before managed Temporal are refused with all others before 4.0", () => {
    expect(paths({ retoolVersion: "3.6.13-stable" })).toEqual(["retoolVersion"]);
  });
});

const PAGE = join(ROOT, "docs", "coverage.md");
/** The statements of Retool's documents as data; they live next to the repository, not in it. */
const CHECKLIST = join(ROOT, "..", "shared", "reference", "docs-checklist.json");
const hasChecklist = existsSync(CHECKLIST);
if (!hasChecklist)
  process.stdout.write(`the statements of Retool's documents are not compared: there is no ${CHECKLIST}\n`);

interface Row {
  readonly ids: readonly string[];
  readonly cells: readonly string[];
}

/** Rows of the page's tables, with the numbers of their statements, which a reader does not see. */
function rows(): Row[] {
  return readFileSync(PAGE, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("<!--"))
    .map((line) => ({
      ids: (/<!-- ([^>]*) -->/.exec(line)?.[1] ?? "").split(" ").flatMap(range),
      cells: line.split(" | ").map((cell) => cell.replace(/^\| |<!--.*$/g, "").trim()),
    }));
}

/** `D014-D016` is three numbers. */
function range(text: string): string[] {
  const [first = 0, last = first] = text.split("-").map((id) => Number(id.slice(1)));
  return Array.from({ length: last - first + 1 }, (_, index) => `D${String(first + index).padStart(3, "0")}`);
}

describe("docs/coverage.md", () => {
  const links = [...readFileSync(PAGE, "utf8").matchAll(/\[([^\]]+)\]\(([^) ]+)(?: "([^"]*)")?\)/g)]
    .filter(([, , target = ""]) => !target.startsWith("http"))
    .map(([, label = "", target = "", title = label]) => [target, title]);

  test.each(links)("%s has %j", (target = "", title = "") => {
    const file = join(dirname(PAGE), target);

    expect(existsSync(file)).toBe(true);
    // A link to a test has the test's title, as its label or, where that is a pattern, as its own title.
    expect(target.endsWith(".test.ts") ? readFileSync(file, "utf8") : title).toContain(title.replaceAll("\\", ""));
  });

  test("says of each statement what is done and where it shows", () => {
    const short = rows().filter(({ cells: [statement, here, seen] }) => !statement || !here || !seen);

    expect(rows().length).toBeGreaterThan(50);
    expect(short).toEqual([]);
  });
});

const guide = (name: string): string => readFileSync(join(ROOT, "docs", "guides", name), "utf8");

describe("the guide to upgrades", () => {
  test("gives the last day of each line and its chart as plan and refusals know them", () => {
    const lines = STABLE_LINES.filter(({ line }) => Number(line.split(".")[0]) >= 4);
    const table = lines.map(({ line, minimumChart: chart }) => {
      const { earliest = "", latest = "" } = supportedUntil(line) ?? {};
      const day = earliest === latest ? latest : `a day from ${earliest} to ${latest}`;
      return `\`${line}\` | ${day} | ${chart ?? "none; as 4.34"}`;
    });
    const rows = guide("upgrades.md").replaceAll(/ +\|/g, " |");

    expect(table).toHaveLength(3);
    expect(table.filter((row) => !rows.includes(row))).toEqual([]);
    expect(minimumChart(parseRetoolVersion("4.86.0-stable")!)).toBe("6.11.10");
  });

  test("says of the version of new environments how it is known", () => {
    const [, version = ""] =
      /retoolVersion: "([^"]+)"/.exec(readFileSync(join(ROOT, "docs", "recipes", "smtp.ts"), "utf8")) ?? [];

    expect(guide("upgrades.md")).toContain(`\`${version}\`, with which new environments begin, was seen in`);
  });
});

describe("the guide to keys", () => {
  test("says what the rotation of the encryption key leaves: SSH keys, and workflows that run", () => {
    const step = /2\. Run Retool's script[\s\S]*?\n3\. Write/.exec(guide("secrets.md"))?.[0] ?? "";

    expect(step.replaceAll(/\s+/g, " ")).toMatch(/`ssh_keys`.*rotate-ssh-keys|rotate-ssh-keys.*`ssh_keys`/);
    expect(step).toMatch(/Workflows, agents and sandboxes that started under the old key/);
  });

  test("of restoring counts logs as a copy of audit events only where they outlive their node", () => {
    const row = guide("restore.md")
      .split("\n")
      .find((line) => line.startsWith("| the audit log"));

    expect(row).toContain("which CloudWatch keeps for 365 days");
    expect(row).toContain("with `observability.logs` off it is lost with its node");
    const spec = { ...prod, retool: { auditEvents: "stdout" } } as const;
    expect(planEnvironment(spec).observability.logs?.groups).toContainEqual(
      expect.objectContaining({ retentionDays: 365 }),
    );
  });
});

(hasChecklist ? describe : describe.skip)("docs/coverage.md and the statements", () => {
  const read = (): { id: string; verify: string }[] =>
    (JSON.parse(readFileSync(CHECKLIST, "utf8")) as { items: { id: string; verify: string }[] }).items;

  test("has every one once", () => {
    const found = rows().flatMap(({ ids }) => ids);

    expect(found.sort()).toEqual(
      read()
        .map(({ id }) => id)
        .sort(),
    );
  });

  test("names a test for each one that a configuration can show", () => {
    const shown = new Set(
      rows()
        .filter(({ cells }) => cells[2]?.includes(".test.ts"))
        .flatMap(({ ids }) => ids),
    );
    const missing = read().filter(({ id, verify }) => !verify.startsWith("no configuration surface") && !shown.has(id));

    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});

test("the rules of CONTRIBUTING.md are in the files and under the names that it says", () => {
  const text = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const [, table = ""] = /^## Where a rule is decided\n([\s\S]*?)^## /m.exec(text) ?? [];
  const places = Array.from(table.matchAll(/`(\S+\.ts): (\w+)`/g), ([, file = "", symbol = ""]) => ({ file, symbol }));
  const missing = places.filter(({ file, symbol }) => {
    const path = join(ROOT, "domain", file);
    return !existsSync(path) || !new RegExp(`\\b${symbol}\\b`).test(readFileSync(path, "utf8"));
  });

  expect(places.length).toBeGreaterThanOrEqual(48);
  expect(missing).toEqual([]);
});
