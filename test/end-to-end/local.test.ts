import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { prod } from "../support/environments/prod";
import { emulatorEnvironment } from "../../local/aws-environment";
import { type Emulator, endpointOf } from "../../local/emulator";
import { paths as own, PROJECT } from "../../local/paths";
import type { LocalReport } from "../../local/report";
import { runProgram } from "../support/run";
import { describeOnEmulator, MINUTES } from "../support/terraform-bench";
import { workspace } from "../support/workspace";

const REGION = "us-east-1";

/** Where the driver keeps things in the copy of the project: never in the user's own `.local`. */
const paths = Object.fromEntries(
  Object.entries(own).map(([name, path]) => [name, join(workspace(), relative(PROJECT, path))]),
) as typeof own;

/** Files below a folder, links not followed. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== ".terraform") return filesBelow(path);
    return entry.isFile() && statSync(path).size < 2 ** 26 ? [path] : [];
  });
}

/** The texts among `values` that stand in one of the files. */
function leaks(values: readonly string[], files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return values
      .filter((value) => text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1)))
      .map(() => file);
  });
}

/** What an environment makes in EC2, as the AWS CLI names it; the emulator keeps the tags of what is gone. */
const EC2_KINDS = [
  "vpcs",
  "subnets",
  "security-groups",
  "route-tables",
  "internet-gateways",
  "addresses",
  "vpc-endpoints",
  "launch-templates",
];

const pascal = (kind: string): string =>
  kind.replaceAll(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());

/** The emulator that the driver left running. */
function recorded(): Emulator {
  return JSON.parse(readFileSync(paths.emulatorRecord, "utf8")) as Emulator;
}

/** `npm run local`, then everything that must hold of what it made. One deployment serves all tests, in this order. */
describeOnEmulator("npm run local", () => {
  let emulator: Emulator;
  let env: NodeJS.ProcessEnv;
  let report: LocalReport;
  let printed = "";

  const aws = (...args: string[]): unknown =>
    JSON.parse(execFileSync("aws", [...args, "--output", "json"], { env, encoding: "utf8" }) || "{}");

  beforeAll(() => {
    // The emulator's packages are the project's: installing them once more would take a minute.
    mkdirSync(join(workspace(), ".local"));
    symlinkSync(own.virtualEnvironment, paths.virtualEnvironment);
    const { code, stdout, stderr } = runProgram("local/main.ts", ["--keep", "--json"]);
    if (code !== 0) throw new Error(stderr);
    printed = stdout + stderr;
    report = JSON.parse(stdout) as LocalReport;
    emulator = recorded();
    env = emulatorEnvironment(endpointOf(emulator), REGION);
  }, 20 * MINUTES);

  afterAll(() => {
    if (existsSync(paths.emulatorRecord)) process.kill(recorded().pid);
  });

  test("applies every AWS resource of prod but the two it names, and plans no change after it", () => {
    expect(report.secondPlan).toBe("no changes");
    expect(report.appliedResources).toBe((report.prodResources ?? 0) - 2);
    expect(report.notApplied).toEqual([
      expect.stringMatching(/^aws_secretsmanager_secret\..*SandboxKeys/),
      expect.stringMatching(/^aws_secretsmanager_secret_version\..*SandboxKeys/),
    ]);
    expect(report.outputs).toMatchObject({ url: `https://${prod.domain}`, cluster_name: "retool-local" });
    expect((report.outputs?.["nat_addresses"] as string[]).length).toBe(3);
  });

  test("reports which target group answers at each address", () => {
    expect(report.urls.map(({ host, path, target, port }) => `${host}${path} ${target} ${String(port)}`)).toEqual([
      "retool.example.com/* retool 3000",
      "agent-proxy.retool.example.com/* sandbox-proxy 3019",
    ]);
  });

  test("shows what it does with elapsed times", () => {
    expect(printed).toMatch(/✔ Apply \(\d+ s\)/);
    expect(printed).toMatch(/… Apply \(\d+ s\) \d+ of \d+ resources, waiting for /);
  });

  test("writes the Helm values and manifests a cluster would get, with every reference resolved", () => {
    const values = JSON.parse(readFileSync(join(paths.rendered, "retool.values.json"), "utf8")) as {
      config: { postgresql: { host: string } };
    };

    expect(values.config.postgresql.host).toMatch(/^retool-local\..*rds/);
    expect(readdirSync(paths.rendered)).toEqual(
      expect.arrayContaining(["karpenter.values.json", "nodepool-sandbox.json"]),
    );
    expect(leaks(["${", "TfToken"], filesBelow(paths.rendered))).toEqual([]);
  });

  test("leaves no generated value in state, synthesized files, rendered files or output", () => {
    const names = report.outputs?.["secret_names"] as string[];
    const values = names.map(
      (name) =>
        (aws("secretsmanager", "get-secret-value", "--secret-id", name) as { SecretString: string }).SecretString,
    );
    const folder = mkdtempSync(join(tmpdir(), "printed-"));
    writeFileSync(join(folder, "printed"), printed);
    const files = [
      paths.state,
      ...filesBelow(join(workspace(), "cdktf.out")),
      ...filesBelow(paths.rendered),
      ...filesBelow(folder),
    ];
    const parts = values.flatMap((value) => [
      value,
      ...(value.startsWith("{") ? Object.values(JSON.parse(value) as Record<string, string>) : []),
    ]);

    expect(names).toHaveLength(5);
    expect(leaks(parts, files)).toEqual([]);
    writeFileSync(join(folder, "planted"), `{"a": "${values[0] ?? ""}"}`);
    expect(leaks(parts, filesBelow(folder))).toEqual([join(folder, "planted")]);
    rmSync(folder, { recursive: true });
  });

  test(
    "is the stack that `cdktf deploy local` deploys",
    () => {
      const cdktf = join(workspace(), "node_modules", ".bin", "cdktf");
      const { status, stdout } = spawnSync(cdktf, ["deploy", "local", "--auto-approve"], {
        cwd: workspace(),
        env,
        encoding: "utf8",
      });

      expect(status).toBe(0);
      expect(stdout).toMatch(/No changes|0 added, 0 changed, 0 destroyed/);
    },
    5 * MINUTES,
  );

  test("says which port is in use, and what to do", () => {
    const used = String(emulator.port);
    const record = readFileSync(paths.emulatorRecord, "utf8");
    rmSync(paths.emulatorRecord);
    const state = readFileSync(paths.state);
    try {
      expect(runProgram("local/main.ts", ["--port", used])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(
          `--port: ${used} on 127.0.0.1 is in use; use another port, or omit --port\n`,
        ) as string,
      });
    } finally {
      writeFileSync(paths.emulatorRecord, record);
      writeFileSync(paths.state, state);
    }
  });

  test(
    "takes everything down: state is empty, and nothing of ours is left but keys that wait for their deletion",
    () => {
      const { code, stderr, stdout } = runProgram("local/main.ts", ["--destroy", "--keep", "--json"]);
      const tagged = aws(
        "resourcegroupstaggingapi",
        "get-resources",
        "--tag-filters",
        "Key=Project,Values=cdktf-retool",
      ) as { ResourceTagMappingList: { ResourceARN: string }[] };
      const left = tagged.ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN).filter(
        (arn) => !isDyingKey(arn),
      );
      const roles = (aws("iam", "list-roles") as { Roles: { RoleName: string }[] }).Roles.map(
        ({ RoleName }) => RoleName,
      );

      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject({ destroyed: true });
      expect((JSON.parse(readFileSync(paths.state, "utf8")) as { resources: unknown[] }).resources).toEqual([]);
      expect(left).toEqual([]);
      expect(roles.filter((name) => name.startsWith("retool-"))).toEqual([]);
      for (const kind of EC2_KINDS) {
        expect(aws("ec2", `describe-${kind}`, "--filters", "Name=tag:Project,Values=cdktf-retool")).toEqual(
          expect.objectContaining({ [pascal(kind)]: [] }),
        );
      }
      expect((aws("eks", "list-clusters") as { clusters: string[] }).clusters).toEqual([]);
    },
    15 * MINUTES,
  );

  function isDyingKey(arn: string): boolean {
    if (!arn.includes(":kms:")) return false;
    const { KeyMetadata } = aws("kms", "describe-key", "--key-id", arn) as { KeyMetadata: { KeyState: string } };
    return KeyMetadata.KeyState === "PendingDeletion";
  }
});
