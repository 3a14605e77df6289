import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { adopt } from "../../cli/adopt";
import { assertCredentials } from "../../cli/credentials";
import { destroy } from "../../cli/destroy";
import { mendHelmRecords } from "../../cli/mend";
import { planEnvironment } from "../../domain/environment/environment";
import { local } from "../support/environments/local";
import { configurationFile } from "../support/project";

const folder = mkdtempSync(join(tmpdir(), "credentials-"));
const before = { ...process.env };

/** Puts an `aws` in front of PATH that answers every question the same. */
function standIn(script: string): void {
  writeFileSync(join(folder, "aws"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "aws"), 0o755);
  process.env["PATH"] = `${folder}${delimiter}${before["PATH"] ?? ""}`;
}

const NONE = 'echo "Unable to locate credentials. You can configure credentials by running aws login." >&2; exit 253';
const of = (account: string): string => `echo '{"Account":"${account}","Arn":"arn:aws:iam::${account}:user/me"}'`;

beforeAll(() => {
  const stack = join(folder, "cdktf.out", "stacks", "local");
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ terraform: {}, resource: {} }));
  writeFileSync(join(folder, "cdktf-retool.config.ts"), configurationFile({ local }));
});
afterEach(() => {
  process.env = { ...before };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("without credentials", () => {
  test.each([
    ["adopt", () => adopt("local")],
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
