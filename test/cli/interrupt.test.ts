import { spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
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

/** Sends signals to a command once a file is there: only to it, or as Ctrl-C does to its whole process group. */
async function stopped(
  args: readonly string[],
  once: string,
  signals: readonly NodeJS.Signals[],
  to: "command" | "group",
): Promise<{ code: number | null; stderr: string }> {
  const env = { ...process.env, PATH: `${join(project.folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}` };
  const child = spawn(process.execPath, [join(ROOT, "bin", "cdktf-retool.js"), ...args], {
    ...{ cwd: project.folder, detached: true },
    env: { ...env, NODE_OPTIONS: "", npm_command: "", TMPDIR: join(project.folder, "tmp") },
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  for (let left = 200; left > 0 && !existsSync(join(project.folder, once)); left -= 1) await sleep(50);
  const pid = child.pid ?? 0;
  for (const signal of signals) {
    process.kill(to === "group" ? -pid : pid, signal);
    await sleep(100);
  }
  return { code: await ended, stderr };
}

beforeAll(() => {
  project.write("tmp/.keep", "");
});

afterAll(() => {
  project.remove();
});

const STACK = "cdktf.out/stacks/tools";

function left(folder: string): string[] {
  return readdirSync(join(project.folder, folder)).sort();
}

/** Whether a process is there that has not ended. */
function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${String(pid)}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

test.each([
  { signal: "SIGINT", to: "group", code: 130 },
  { signal: "SIGTERM", to: "command", code: 143 },
] as const)("$signal to the $to ends a command that only reads, and what it runs, at once", async (given) => {
  rmSync(join(project.folder, "asked"), { force: true });
  program("aws", "echo $$ >asking; mv asking asked; exec sleep 30");

  expect(await stopped(["doctor", "tools"], "asked", [given.signal], given.to)).toEqual({
    code: given.code,
    stderr: "Interrupted.\n",
  });
  const pid = Number(readFileSync(join(project.folder, "asked"), "utf8"));
  for (let tries = 40; tries > 0 && isRunning(pid); tries -= 1) await sleep(50);
  expect(isRunning(pid)).toBe(false);
});

describe("while Terraform runs", () => {
  beforeEach(() => {
    for (const name of left(STACK)) if (name !== "cdk.tf.json") rmSync(join(project.folder, STACK, name));
    program("aws", 'echo \'{ "Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/me" }\'');
    // As Terraform does: the first SIGINT stops it gracefully, a second at once. It would end by itself after 10 s.
    program(
      "terraform",
      `trap 'n=$((n + 1)); echo $n >>interrupts' INT
n=0 i=0
touch started
while [ $n = 0 ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
for k in 1 2 3 4 5; do sleep 0.1; done
touch saved
exit 1`,
    );
  });

  test.each([
    { name: "Ctrl-C in a terminal", signals: ["SIGINT"], to: "group", code: 130 },
    { name: "Ctrl-C that npx passes on as well", signals: ["SIGINT", "SIGINT"], to: "group", code: 130 },
    { name: "SIGINT to the command only", signals: ["SIGINT"], to: "command", code: 130 },
    { name: "SIGTERM to the command only", signals: ["SIGTERM"], to: "command", code: 143 },
    {
      name: "SIGINT and then SIGTERM, as CI runners send them",
      signals: ["SIGINT", "SIGTERM"],
      to: "group",
      code: 130,
    },
  ] as const)("$name interrupts it once, waits for it and leaves nothing behind", async ({ signals, to, code }) => {
    expect(await stopped(["adopt", "tools"], `${STACK}/started`, signals, to)).toEqual({
      code,
      stderr: "Interrupted: waiting for Terraform to save its state.\nInterrupted; run the same command to go on.\n",
    });
    expect(left(STACK)).toEqual(["cdk.tf.json", "interrupts", "saved", "started"]);
    expect(readFileSync(join(project.folder, STACK, "interrupts"), "utf8")).toBe("1\n");
    expect(left("tmp").filter((name) => name.startsWith("retool-"))).toEqual([]);
  });
});
