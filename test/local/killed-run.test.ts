import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { whileRunning } from "../../cli/interrupt";
import { asOnlyRun } from "../../local/killed-run";
import { paths } from "../../local/paths";
import { processOf, stillRunning } from "../../local/running";

const folder = mkdtempSync(join(tmpdir(), "killed-run-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const { pid, exitCode, signalCode } of children) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
  }
  rmSync(folder, { recursive: true });
});

/** A program that waits under the name of another, in a process group that it leads; one that it starts stays with it. */
async function program(name: string): Promise<number> {
  const script = `(exec -a bin/${name} sleep 60) & echo; exec -a ${name} sleep 60`;
  const child = spawn("bash", ["-c", script], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.stdout.destroy();
  child.unref();
  while (processOf(child.pid ?? 0)?.command.startsWith("bash") === true) await new Promise(setImmediate);
  whileRunning(child, true);
  return child.pid ?? 0;
}

describe("asOnlyRun", () => {
  const terraform = join(folder, "terraform.json");
  beforeEach(() => {
    jest.replaceProperty(paths, "terraform", terraform);
    jest.replaceProperty(paths, "runLock", join(folder, "run.lock"));
  });

  const run = async (body: () => Promise<unknown> = () => Promise.resolve()): Promise<string | undefined> => {
    let said: string | undefined;
    await asOnlyRun(async (ended) => {
      said = ended;
      await body();
    });
    return said;
  };

  test("ends the Terraform of a run that was killed, with its providers, and says so", async () => {
    let left = 0;
    const killed = run(async () => {
      left = await program("terraform");
      throw new Error("killed");
    });
    await expect(killed).rejects.toThrow("killed");
    expect(processOf(left)?.group).toBe(left);

    expect(await run()).toBe("An earlier run was killed while terraform worked for it; they have been ended now.");
    expect(processOf(left)).toBeUndefined();
    expect(existsSync(terraform)).toBe(false);
  });

  test("ends nothing that is not the noted Terraform", async () => {
    const pid = await program("editor");
    const started = processOf(pid)?.started;
    for (const noted of [
      { pid, started },
      { pid: process.pid, started: "another time" },
    ]) {
      writeFileSync(terraform, JSON.stringify(noted));

      expect(await run()).toBeUndefined();
    }
    expect(stillRunning({ pid, started: started ?? "" })?.command).toBe("editor 60");
  });

  test("is refused while another one runs", async () => {
    await run(async () => {
      await expect(run()).rejects.toThrow(
        `npm run local: it is already running here as process ${String(process.pid)}; wait until it has ended`,
      );
    });
    expect(await run()).toBeUndefined();
  });
});
