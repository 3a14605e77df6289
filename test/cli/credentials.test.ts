import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { adopt } from "../../cli/adopt";
import { assertCredentials } from "../../cli/credentials";
import { destroy } from "../../cli/destroy";
import { mendHelmRecords } from "../../cli/mend";
import { doctor } from "../../cli/doctor/doctor";
import type { Diagnosis } from "../../domain/doctor/finding";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { local } from "../support/environments/local";
import { configurationFile, TEAM_SPEC } from "../support/project";

const folder = mkdtempSync(join(tmpdir(), "credentials-"));
const before = { ...process.env };

/** Puts a program in front of PATH that answers every question the same. */
function standIn(script: string, program = "aws"): void {
  writeFileSync(join(folder, program), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, program), 0o755);
  process.env["PATH"] = `${folder}${delimiter}${before["PATH"] ?? ""}`;
}

/** An environment in which nothing is left of the examples, and which is reached from inside only: no public address is asked for. */
const TOOLS = {
  ...TEAM_SPEC,
  account: "481516234299",
  domain: "retool.corp.dev",
  access: ["198.18.7.0/24"],
  clusterAccess: "private",
} satisfies EnvironmentSpec;

const NONE = 'echo "Unable to locate credentials. You can configure credentials by running aws login." >&2; exit 253';
const of = (account: string): string => `echo '{"Account":"${account}","Arn":"arn:aws:iam::${account}:user/me"}'`;

beforeAll(() => {
  const stack = join(folder, "cdktf.out", "stacks", "local");
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ terraform: {}, resource: {} }));
  writeFileSync(join(folder, "cdktf-retool.config.ts"), configurationFile({ local, tools: TOOLS }));
});
afterEach(() => {
  process.env = { ...before };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("without credentials", () => {
  test.each([
    ["adopt", () => adopt("local", {})],
    ["helm-records", () => mendHelmRecords("local", {})],
    ["destroy", () => destroy("local", { confirm: "local" })],
  ])("%s says so in one line, and that it could not tell", async (_, command) => {
    standIn(NONE);
    jest.spyOn(process, "cwd").mockReturnValue(folder);

    await expect(command()).rejects.toMatchObject({
      message:
        "credentials: this shell has no AWS credentials; log in: aws sso login --profile <profile>, then export AWS_PROFILE=<profile>",
      exitCode: 2,
    });
  });
});

test("doctor without credentials says so once, and that it could not tell", async () => {
  standIn(`case "$1" in --version) echo aws-cli/2.31.0;; *) ${NONE};; esac`);
  standIn(`echo '{"terraform_version": "1.13.4"}'`, "terraform");
  jest.spyOn(process, "cwd").mockReturnValue(folder);

  const { json, text, exitCode } = await doctor("tools");
  const { findings } = json as Diagnosis;

  expect(findings.filter(({ grade }) => ["problem", "unknown"].includes(grade)).map(({ check }) => check)).toEqual([
    "credentials",
  ]);
  expect(text()).toContain("credentials: this shell has no AWS credentials");
  expect(text()).toContain("log in: aws sso login --profile <profile>");
  expect(exitCode).toBe(2);
});

describe("credentials", () => {
  test("of another account are a refusal", async () => {
    standIn(of("999988887777"));

    await expect(assertCredentials(planEnvironment(local))).rejects.toMatchObject({
      message: `credentials: the credentials are of account 999988887777, the configuration says ${local.account}; use the profile of account ${local.account}: export AWS_PROFILE=..., or correct account in the configuration`,
      exitCode: 1,
    });
  });

  test.each([
    ["of the account", local, local.account],
    [
      "of another account that take on the role of this one",
      { ...local, deployRoleArn: `arn:aws:iam::${local.account}:role/deploy` },
      "999988887777",
    ],
  ])("%s are taken", async (_, spec, account) => {
    standIn(of(account));

    await expect(assertCredentials(planEnvironment(spec))).resolves.toBeUndefined();
  });

  test("cannot be told without the AWS CLI", async () => {
    process.env["PATH"] = folder;
    rmSync(join(folder, "aws"), { force: true });

    await expect(assertCredentials(planEnvironment(local))).rejects.toMatchObject({
      message:
        "credentials: who deploys could not be found out: aws was not found in PATH; install the AWS CLI version 2 (https://aws.amazon.com/cli/)",
      exitCode: 2,
    });
  });
});
