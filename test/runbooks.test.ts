import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CATALOG } from "../domain/catalog/catalog";
import { nameFilters } from "../domain/egress/metrics";
import { planEnvironment } from "../domain/environment/environment";
import { prod } from "./support/environments/prod";
import { ROOT } from "./support/run";

const RUNBOOKS = join(ROOT, "docs", "runbooks");
const pages = readdirSync(RUNBOOKS).map((file) => [file, readFileSync(join(RUNBOOKS, file), "utf8")] as const);

/** What stands in backquotes. */
const quoted = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);

/** The commands of a page, each part of a pipeline by itself. */
const commandsOf = (text: string, program: string): string[] =>
  quoted(text)
    .flatMap((code) => code.split(" | "))
    .filter((code) => code.startsWith(`${program} `));

/** The forms that were run against kube-apiserver 1.34; a pod, a node and a namespace stand in angle brackets. */
const KUBECTL: readonly RegExp[] = [
  /^get (pods|deploy|deploy,pods|jobs|secrets|nodes|nodeclaims|nodepools,nodeclaims|targetgroupbindings)( -l \S+=\S+)?( -A| -o wide| --no-headers| --field-selector status\.phase=Pending| --sort-by='[\w.[\]]+')*$/,
  /^describe (pod <pod>|node <node>)$/,
  /^delete (pod <pod>|node <node>)$/,
  /^logs (<pod> (--previous|--since=30m)|deploy\/\S+ --since=1h|-l app\.kubernetes\.io\/name=\S+ --prefix --since=1h --tail=-1)$/,
  /^rollout restart deploy(\/\S+)?$/,
  /^scale deploy\/\S+ --replicas=1$/,
  /^top pods$/,
];

/** Operations of the AWS CLI with the options that are used; the CLI itself took each. */
const AWS: Readonly<Record<string, readonly string[]>> = {
  "acm describe-certificate": ["--certificate-arn", "--query"],
  "backup list-backup-jobs": ["--by-backup-vault-name", "--max-items"],
  "backup list-copy-jobs": ["--by-state", "--max-items"],
  "backup start-backup-job": ["--backup-vault-name", "--resource-arn", "--iam-role-arn"],
  "ec2 describe-instance-status": ["--instance-ids"],
  "ec2 terminate-instances": ["--instance-ids"],
  "elbv2 describe-target-health": ["--target-group-arn"],
  "kms cancel-key-deletion": ["--key-id"],
  "kms describe-key": ["--key-id", "--query"],
  "kms enable-key": ["--key-id"],
  "rds describe-events": ["--source-type", "--source-identifier", "--duration"],
  "secretsmanager describe-secret": ["--secret-id", "--query"],
  "secretsmanager put-secret-value": ["--secret-id", "--secret-string"],
  "secretsmanager restore-secret": ["--secret-id"],
};

/** Deployments whose one pod is asked for its log; of several `kubectl logs deploy/...` would pick any. */
const single = new Set(
  ["jobs-runner", "sandbox-controller"].map((id) => CATALOG[id as keyof typeof CATALOG].deployment),
);
const deployments = new Set([
  ...Object.values(CATALOG).map(({ deployment }) => deployment),
  "aws-load-balancer-controller",
]);
/** A query of CloudWatch Logs Insights that starts with one of the commands that are used. */
const QUERY = /^(fields|filter|parse|stats) /;

/** Names by which a query sorts that its last stats command does not have; without one, every field of the log exists. */
function unknownSorts(query: string): string[] {
  const commands = query.split(/\s*\|\s*/);
  const stats = commands.filter((command) => command.startsWith("stats ")).at(-1);
  const sorts = commands.flatMap((command) => /^sort (\S+)/.exec(command)?.[1] ?? []);
  if (stats === undefined) return [];
  const by = (/ by (.*)$/.exec(stats)?.[1] ?? "").split(/,\s*/);
  const aliases = [...stats.matchAll(/ as (\w+)/g)].map(([, alias]) => alias);
  return sorts.filter((name) => !by.includes(name) && !aliases.includes(name));
}

const shell = readFileSync(join(ROOT, "docs", "guides", "shell.md"), "utf8");
const settings = (JSON.parse(readFileSync(join(ROOT, "cli", "settings.json"), "utf8")) as { path: string }[]).map(
  ({ path }) => path,
);
const cli = readdirSync(join(ROOT, "cli"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(ROOT, "cli", file), "utf8"))
  .join("\n");

describe.each(pages)("the runbook %s", (_, text) => {
  test("leads to the logins, and leaves nothing to fill in that is not explained there", () => {
    const explained = new Set(shell.match(/<[\w. ]+>/g));

    expect(text).toContain("(../guides/shell.md)");
    expect([...new Set(text.match(/<[\w. ]+>/g))].filter((name) => !explained.has(name))).toEqual([]);
  });

  test("says where SQL is run, wherever it has some", () => {
    const has = quoted(text).some((code) => code.startsWith("select "));

    expect(text.includes("(../guides/shell.md#a-sql-prompt)")).toBe(has);
  });

  test("asks no single pod of several for its log", () => {
    const asked = [...text.matchAll(/ logs deploy\/(\S+)/g)].map(([, deployment = ""]) => deployment);

    expect(asked.filter((deployment) => !single.has(deployment))).toEqual([]);
  });

  test("has kubectl commands in forms that work, about Deployments that exist", () => {
    const wrong = commandsOf(text, "kubectl").filter((command) => {
      const form = command.replace(/^kubectl (-n (kube-system|amazon-cloudwatch|<namespace>) )?/, "");
      const [, deployment] = /deploy\/(\S+)/.exec(form) ?? [];
      return !KUBECTL.some((known) => known.test(form)) || (deployment !== undefined && !deployments.has(deployment));
    });

    expect(wrong).toEqual([]);
  });

  test("has commands of the AWS CLI that exist, in a region, with options that they take", () => {
    const wrong = commandsOf(text, "aws").filter((command) => {
      const known = AWS[command.split(" ").slice(1, 3).join(" ")];
      const options = (command.match(/--[\w-]+/g) ?? []).filter((option) => option !== "--region");
      return (
        known === undefined ||
        !command.includes(" --region <region> ") ||
        options.some((option) => !known.includes(option))
      );
    });

    expect(wrong).toEqual([]);
  });

  test("has commands of this package that exist, and no other form of them", () => {
    const own = commandsOf(text, "npx cdktf-retool").map((command) => command.split(" ")[2] ?? "");

    expect(own.filter((name) => !cli.includes(`command("${name} `))).toEqual([]);
    expect(commandsOf(text, "npm")).toEqual([]);
    expect(commandsOf(text, "cdktf")).toEqual([]);
    expect(commandsOf(text, "npx cdktf").filter((command) => command !== "npx cdktf deploy <environment>")).toEqual([]);
  });

  test("names settings that exist", () => {
    const rooms =
      /^(access|backup|cluster|database|egress|frontDoor|observability|retool|sandbox|secrets|temporal)\.[\w.]+$/;
    const named = quoted(text).filter((code) => rooms.test(code));

    expect(named.filter((path) => !settings.includes(path))).toEqual([]);
  });
});

test("no runbook leads to Performance Insights, whose console ended in July 2026", () => {
  expect(pages.filter(([, text]) => text.includes("Performance Insights")).map(([file]) => file)).toEqual([]);
});

test("queries of CloudWatch Logs Insights sort by what they have", () => {
  const guides = join(ROOT, "docs", "guides");
  const texts = [
    ...pages.map(([, text]) => text),
    ...readdirSync(guides).map((file) => readFileSync(join(guides, file), "utf8")),
  ];
  const queries = texts.flatMap(quoted).filter((code) => QUERY.test(code));

  expect(queries.length).toBeGreaterThanOrEqual(3);
  expect(queries.flatMap(unknownSorts)).toEqual([]);
  expect(unknownSorts("stats count(*) by name | sort count desc")).toEqual(["count"]);
});

describe("what a runbook shows is what rang", () => {
  const page = (name: string): string => readFileSync(join(RUNBOOKS, `${name}.md`), "utf8");

  test("refused-names filters for every action that its alarm counts", () => {
    const { pattern = "" } = nameFilters([]).refusedNames ?? {};
    const actions = [...pattern.matchAll(/firewall_rule_action = "(\w+)"/g)].map(([, action]) => `"${action ?? ""}"`);

    expect(actions.length).toBeGreaterThan(1);
    expect(page("refused-names")).toContain(`firewall_rule_action in [${actions.join(", ")}]`);
  });

  test("backup-failed names every state that its event is sent for, and both events", () => {
    const { alarms } = planEnvironment(prod).observability;
    const detail = alarms?.events.find(({ name }) => name === "backup-failed")?.detail ?? {};
    const states = detail["state"] as string[];

    expect(states.length).toBeGreaterThan(1);
    expect(states.filter((state) => !page("backup-failed").includes(state))).toEqual([]);
    expect(page("backup-failed")).toContain("`backup-copy-failed`");
  });
});

describe("names in the guide to the shell are those of the plan", () => {
  const { backup, context } = planEnvironment(prod);

  test.each([
    ["vault", backup.vaultName],
    ["vault of the second region", backup.copyVaultName],
    ["namespace", context.namespace],
  ])("%s", (_, name) => {
    expect(shell).toContain(`\`${name.replace(context.name, "<environment>")}\``);
  });

  test("the tag of a release is one", () => {
    const [, tag = ""] = /`<version>`[^|]*\|[^`]*`([^`]+)`/.exec(shell) ?? [];

    expect(() => planEnvironment({ ...prod, retoolVersion: tag })).not.toThrow();
  });
});
