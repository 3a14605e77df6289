import { spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { configurationFile, Project, TEAM_SPEC } from "../support/project";
import { ROOT } from "../support/run";

const project = new Project()
  .write(
    "cdktf-retool.config.ts",
    configurationFile({ tools: { ...TEAM_SPEC, state: { kind: "local", path: "terraform.tfstate" } } }),
  )
  .write("cdktf.out/stacks/tools/cdk.tf.json", "{}");

/** A program in front of the others, as a script for sh; it says that it runs by a file of its name. */
function program(name: string, script: string): void {
  project.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(project.folder, "bin", name), 0o755);
}

/** Presses Ctrl-C once a file is there: the terminal interrupts the command and all that it runs. */
async function interrupted(args: readonly string[], once: string): Promise<{ code: number | null; stderr: string }> {
  const env = { ...process.env, PATH: `${join(project.folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}` };
  const child = spawn(process.execPath, [join(ROOT, "bin", "cdktf-retool.js"), ...args], {
    ...{ cwd: project.folder, detached: true },
    env: { ...env, NODE_OPTIONS: "", npm_command: "", TMPDIR: join(project.folder, "tmp") },
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  for (let left = 200; left > 0 && !existsSync(join(project.folder, once)); left -= 1) await sleep(50);
  process.kill(-(child.pid ?? 0), "SIGINT");
  return { code: await ended, stderr };
}

beforeAll(() => {
  project.write("tmp/.keep", "");
});

afterAll(() => {
  project.remove();
});

describe("Ctrl-C", () => {
  test("ends a command that only reads at once", async () => {
    program("aws", "touch asked; exec sleep 30");

    expect(await interrupted(["doctor", "tools"], "asked")).toEqual({ code: 130, stderr: "Interrupted.\n" });
  });

  test("waits for Terraform, then ends the command and leaves nothing behind", async () => {
    program("aws", 'echo \'{ "Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/me" }\'');
    program("terraform", "trap 'sleep 0.3; touch saved; exit 1' INT; touch started; while :; do sleep 0.1; done");

    expect(await interrupted(["adopt", "tools"], "cdktf.out/stacks/tools/started")).toEqual({
      code: 130,
      stderr: "Interrupted: waiting for Terraform to save its state.\nInterrupted; run the same command to go on.\n",
    });
    const left = (folder: string): string[] => readdirSync(join(project.folder, folder)).sort();
    expect(left("cdktf.out/stacks/tools")).toEqual(["cdk.tf.json", "saved", "started"]);
    expect(left("tmp").filter((name) => name.startsWith("retool-"))).toEqual([]);
  });
});
