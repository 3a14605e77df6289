import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withLock } from "../../local/lock";
import { type Noted, processOf } from "../../local/running";
import { ROOT } from "../support/run";

const { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } = fs;
const folder = mkdtempSync(join(tmpdir(), "lock-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Calls of the file system in a process that meets another one and claims of dead ones, with some to spare. */
const STEPS = 8;

/** What was seen of three processes that wanted a lock at the same time. */
interface Outcome {
  readonly second: number;
  readonly third: number;
  /** How many had it at once. */
  readonly atOnce: number;
  /** How many got it. */
  readonly turns: number;
  /** Files left at the end. */
  readonly left: readonly string[];
}

/**
 * Three processes that want a lock, of which there are claims of dead ones: the second comes between two calls of the file system of the
 * first, the third between two of the second.
 */
class Race {
  private inside = 0;
  private atOnce = 0;
  private turns = 0;
  private readonly ended: Promise<void>[] = [];

  /**
   * @param at - Folder of the lock.
   * @param second - Calls of the first process before the second one comes.
   * @param third - Calls of the second process before the third one comes.
   */
  public constructor(
    private readonly at: string,
    private readonly second: number,
    private readonly third: number,
  ) {}

  /** Runs until all have had the lock. */
  public async run(): Promise<Outcome> {
    mkdirSync(this.at);
    for (const pid of DEAD) writeFileSync(join(this.at, `lock.${String(pid)}.1`), "");
    this.comes(1, this.second, () => {
      this.comes(2, this.third, () => {
        this.comes(3, 0, () => undefined);
      });
    });
    while (this.ended.length < 3) await sleep(5);
    await Promise.all(this.ended);
    const { second, third, atOnce, turns } = this;
    return { second, third, atOnce, turns, left: readdirSync(this.at) };
  }

  /** Takes the lock in another process, as far as it can without a wait. */
  private comes(pid: number, calls: number, then: () => void): void {
    let left = calls;
    const take = lockOf(pid, () => {
      left -= 1;
      if (left === -1) then();
    });
    const ended = take(join(this.at, "lock"), async () => {
      this.turns += 1;
      this.inside += 1;
      this.atOnce = Math.max(this.atOnce, this.inside);
      await sleep(10);
      this.inside -= 1;
    }).then(() => {
      if (left >= 0) then();
    });
    this.ended.push(ended);
  }
}

/** Ids of processes of a race that do not run any more, before and after those that do. */
const DEAD = [0, 9];

/** `withLock` as another process has it, which shows each of its calls of the file system before it makes it. */
function lockOf(pid: number, onCall: () => void): typeof withLock {
  const shown = Object.fromEntries(
    Object.entries(fs).map(([name, call]: [string, unknown]) => [
      name,
      typeof call !== "function" || !name.endsWith("Sync")
        ? call
        : (...args: unknown[]): unknown => {
            onCall();
            return (call as (...args: unknown[]) => unknown)(...args);
          },
    ]),
  );
  let lock: { readonly withLock: typeof withLock } | undefined;
  jest.isolateModules(() => {
    jest.doMock("node:fs", () => shown);
    jest.doMock("../../local/running", () => ({
      noteOf: () => ({ pid, started: "1" }),
      stillRunning: (noted: Noted) => (DEAD.includes(noted.pid) ? undefined : noted),
    }));
    lock = jest.requireActual("../../local/lock");
  });
  jest.dontMock("node:fs").dontMock("../../local/running");
  if (lock === undefined) throw new Error("local/lock.ts: cannot be loaded");
  return lock.withLock;
}

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

  test("is free as soon as the process that holds it is killed", async () => {
    const lock = join(folder, "killed");
    const script = `require("${join(ROOT, "local", "lock.ts")}").withLock("${lock}", () => {
      console.log("held");
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
    const holder = spawn(process.execPath, ["--import", "tsx", "-e", script], { cwd: ROOT, stdio: "pipe" });
    children.push(holder);
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const owners = new Set<number>();
    const taken = withLock(
      lock,
      () => Promise.resolve([...owners]),
      ({ pid }) => {
        owners.add(pid);
        holder.kill("SIGKILL");
      },
    );

    await expect(taken).resolves.toEqual([holder.pid]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is held by one of three processes at a time, between any two steps of which the next one comes", async () => {
    const steps = [...Array(STEPS).keys()];
    const races = steps.flatMap((second) =>
      steps.map((third) => new Race(join(folder, `${String(second)}-${String(third)}`), second, third)),
    );
    const outcomes = await Promise.all(races.map((race) => race.run()));
    for (const race of readdirSync(folder)) rmSync(join(folder, race), { recursive: true });

    expect(outcomes.filter(({ atOnce, turns, left }) => atOnce !== 1 || turns !== 3 || left.length > 0)).toEqual([]);
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
