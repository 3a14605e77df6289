import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { whileRunning } from "../../cli/interrupt";
import { asOnlyRun } from "../../local/killed-run";
import { paths } from "../../local/paths";
import { processesIn, processOf, stillRunning } from "../../local/running";

const folder = mkdtempSync(join(tmpdir(), "killed-run-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const { pid, exitCode, signalCode } of children) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
  }
  rmSync(folder, { recursive: true });
});

/** A program that waits under the name of another, in a process group that it leads; one that it starts stays with it. */
async function program(name: string, started = name): Promise<number> {
  const script = `(exec -a bin/${started} sleep 60) & echo; exec -a ${name} sleep 60`;
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

  const note = (noted: object): void => {
    writeFileSync(terraform, JSON.stringify(noted));
  };
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

  test("ends a provider that has outlived its Terraform, and names it", async () => {
    const pid = await program("terraform", "terraform-provider-x_v1.2.3");
    note({ pid, started: processOf(pid)?.started });
    process.kill(pid, "SIGKILL");
    while (processOf(pid) !== undefined) await new Promise(setImmediate);
    expect(processesIn(pid).map(({ command }) => command)).toEqual(["bin/terraform-provider-x_v1.2.3 60"]);

    expect(await run()).toBe(
      "An earlier run was killed while terraform-provider-x worked for it; they have been ended now.",
    );
    expect(processesIn(pid)).toEqual([]);
  });

  test("goes on where they end by themselves just before", async () => {
    const pid = await program("terraform");
    note({ pid, started: processOf(pid)?.started });
    const kill = process.kill.bind(process);
    jest.spyOn(process, "kill").mockImplementationOnce((group, signal) => {
      kill(group, signal);
      throw new Error("kill ESRCH");
    });

    expect(await run()).toContain("they have been ended now");
  });

  test.each([
    ["another program", "editor", (started: string) => started],
    ["a Terraform that started at another time", "terraform", (started: string) => `${started}0`],
  ])("does not end %s that has the noted id", async (_what, name, noted) => {
    const pid = await program(name);
    const started = processOf(pid)?.started ?? "";
    note({ pid, started: noted(started) });

    expect(await run()).toBeUndefined();
    expect(stillRunning({ pid, started })?.command).toBe(`${name} 60`);
  });

  test("never writes into its note: a kill leaves the last one or the new one", async () => {
    const last = join(folder, "last.json");
    await run(async () => {
      await program("terraform");
      linkSync(terraform, last);
      const before = readFileSync(last, "utf8");
      await program("terraform");

      expect(readFileSync(last, "utf8")).toBe(before);
      expect(readFileSync(terraform, "utf8")).not.toBe(before);
    });
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
