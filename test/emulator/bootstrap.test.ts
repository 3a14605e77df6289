import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { emulatorEnvironment } from "../../local/aws-environment";
import { paths } from "../../local/paths";
import { prod } from "../support/environments/prod";
import { ROOT, runProgram } from "../support/run";
import { describeOnEmulator, MINUTES } from "../support/terraform-bench";

const REGION = "us-east-1";

describeOnEmulator("npm run bootstrap", () => {
  let server: ChildProcess;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    const python = join(paths.virtualEnvironment, "bin", "python");
    server = spawn(python, [join(ROOT, "local", "emulator"), "--port", "0"], {
      env: { PATH: process.env["PATH"], MOTO_ACCOUNT_ID: prod.account },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const port = await new Promise<number>((resolve) => {
      server.stdout?.once("data", (chunk: Buffer) => {
        resolve((JSON.parse(chunk.toString()) as { port: number }).port);
      });
    });
    env = emulatorEnvironment(`http://127.0.0.1:${String(port)}`, REGION);
  }, 5 * MINUTES);

  afterAll(async () => {
    const ended = once(server, "exit");
    server.kill();
    await ended;
  });

  const bootstrap = (name: string): ReturnType<typeof runProgram> =>
    runProgram("cli/main.ts", ["bootstrap", name], env);

  test(
    "makes prod's state bucket, and again without a change",
    () => {
      const expected = `State of prod: s3://cdktf-retool-state-${prod.account}-us-east-1/prod/terraform.tfstate in us-east-1, versioned, encrypted, TLS only\n`;

      expect(bootstrap("prod")).toMatchObject({ code: 0, stdout: expected });
      expect(bootstrap("prod")).toMatchObject({ code: 0, stdout: expected });
      const bucket = `cdktf-retool-state-${prod.account}-us-east-1`;
      const s3 = (operation: string): string =>
        execFileSync("aws", ["s3api", operation, "--bucket", bucket, "--output", "json"], { env, encoding: "utf8" });
      expect(s3("get-bucket-versioning")).toContain("Enabled");
      expect(s3("get-bucket-encryption")).toContain("aws:kms");
      expect(s3("get-public-access-block")).not.toContain("false");
      expect(s3("get-bucket-policy")).toContain("aws:SecureTransport");
    },
    2 * MINUTES,
  );

  test("refuses credentials of another account", () => {
    expect(bootstrap("staging")).toMatchObject({
      code: 1,
      stderr: `credentials: the credentials are of account ${prod.account}, the configuration says 444455556666; use the profile of account 444455556666: export AWS_PROFILE=..., or correct account in the configuration\n`,
    });
  });

  test("has nothing to make for an environment whose state is a file", () => {
    expect(bootstrap("local")).toMatchObject({
      code: 1,
      stderr: "local: its state is a file, so it needs no bucket; skip this command\n",
    });
  });
});
