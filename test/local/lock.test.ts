import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withLock } from "../../local/lock";
import { processOf } from "../../local/running";
import { ROOT } from "../support/run";

const folder = mkdtempSync(join(tmpdir(), "lock-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

describe("withLock", () => {
  test("lets one body run at a time, and leaves nothing behind", async () => {
    const lock = join(folder, "one");
    const events: string[] = [];
    const body = (name: string) => async (): Promise<void> => {
      events.push(`${name} starts`);
      await sleep(50);
      events.push(`${name} ends`);
    };
    await Promise.all([withLock(lock, body("a")), withLock(lock, body("b"))]);

    expect(events).toEqual(["a starts", "a ends", "b starts", "b ends"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ["a process that died", "4194399.1"],
    ["a process whose id another one has now", `${String(process.pid)}.1`],
  ])("removes the claim of %s, and no other file", async (_name, claim) => {
    const lock = join(folder, "stale");
    const other = join(folder, "stale.txt");
    writeFileSync(`${lock}.${claim}`, "");
    writeFileSync(other, "");

    await expect(withLock(lock, () => Promise.resolve("done"))).resolves.toBe("done");
    expect(readdirSync(folder)).toEqual(["stale.txt"]);
    rmSync(other);
  });

  test("leaves the claim of another process that runs, and takes its own back", async () => {
    const lock = join(folder, "theirs");
    const claim = `${lock}.${String(process.ppid)}.${encodeURIComponent(processOf(process.ppid)?.started ?? "")}`;
    writeFileSync(claim, "");
    const refuse = ({ pid }: { readonly pid: number }): never => {
      throw new Error(`held by ${String(pid)}`);
    };

    await expect(withLock(lock, () => Promise.resolve(), refuse)).rejects.toThrow(`held by ${String(process.ppid)}`);
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([claim]);
    rmSync(claim);
  });

  test("is held by one of three processes at a time, also while one of them is killed", async () => {
    const log = join(folder, "log");
    const script = `
      const { appendFileSync } = require("node:fs");
      const { withLock } = require("${join(ROOT, "local", "lock.ts")}");
      const { setTimeout: sleep } = require("node:timers/promises");
      const note = (what) => appendFileSync("${log}", what + " " + process.pid + "\\n");
      (async () => {
        for (let round = 0; round < 1000; round += 1) {
          await withLock("${join(folder, "three")}", async () => { note("in"); await sleep(2); note("out"); });
          await sleep(Math.random() * 20);
        }
      })();`;
    appendFileSync(log, "");
    const lines = (): string[] => readFileSync(log, "utf8").trim().split("\n");
    const insideSince = (from: number): Set<string> => new Set(lines().slice(from));
    const [first, ...others] = [1, 2, 3].map(() => {
      const child = spawn(process.execPath, ["--import", "tsx", "-e", script], { cwd: ROOT, stdio: "ignore" });
      children.push(child);
      return child;
    });
    const allTook = async (those: readonly (ChildProcess | undefined)[], from: number): Promise<void> => {
      while (!those.every((child) => insideSince(from).has(`in ${String(child?.pid)}`))) await sleep(20);
    };
    await allTook([first, ...others], 0);
    while (lines().at(-1) !== `in ${String(first?.pid)}`) await new Promise(setImmediate);
    first?.kill("SIGKILL");
    await new Promise((resolve) => first?.once("exit", resolve));
    const atKill = lines().length;
    await allTook(others, atKill);
    for (const child of others) child.kill("SIGKILL");

    // Each process comes out before another one is in, except the one that was killed, at its end.
    const killed = lines().lastIndexOf(`in ${String(first?.pid)}`);
    const overlaps = lines().filter(
      (line, index, all) => line.startsWith("in") && all[index - 1]?.startsWith("in") === true && index - 1 !== killed,
    );
    expect(overlaps).toEqual([]);
  });

  test("says who holds it, and does not wait where that is refused", async () => {
    const lock = join(folder, "held");
    const refuse = ({ pid }: { readonly pid: number }): never => {
      throw new Error(`held by ${String(pid)}`);
    };
    await withLock(lock, async () => {
      await expect(withLock(lock, () => Promise.resolve(), refuse)).rejects.toThrow(`held by ${String(process.pid)}`);
    });

    expect(readdirSync(folder).filter((name) => name.startsWith("held"))).toEqual([]);
  });

  test("frees the lock when the body fails", async () => {
    const lock = join(folder, "failing");

    await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(readdirSync(folder).filter((name) => name.startsWith("failing"))).toEqual([]);
  });
});
