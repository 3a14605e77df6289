import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { type Noted, noteOf, stillRunning } from "./running";

/** Looks at a lock that is not free before another process counts as its holder: two that ask at the same time both step back. */
const LOOKS = 3;

/**
 * Runs a body while no other process runs one under the same lock.
 *
 * Each process has its own claim, an empty file whose name says who made it, and holds the lock if it finds no other claim after it
 * has made its own. So a claim is whole or not there, a kill leaves nothing but the claim of a dead process, and the one that looks
 * next removes that without touching another one.
 *
 * @param file - Path that stands for the lock; claims are next to it, with its name in front.
 * @param onHeld - Called with the process that holds the lock before it is waited for; what it throws ends the wait.
 */
export async function withLock<Result>(
  file: string,
  body: () => Promise<Result>,
  onHeld: (owner: Noted) => void = () => undefined,
): Promise<Result> {
  mkdirSync(dirname(file), { recursive: true });
  const mine = claimOf(file, noteOf(process.pid));
  for (let looks = 1, owner = claim(file, mine); owner !== undefined; looks += 1, owner = claim(file, mine)) {
    if (looks >= LOOKS) onHeld(owner);
    await sleep(20 + Math.random() * 80);
  }
  try {
    return await body();
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Makes a claim, and takes it back where another running process has one; returns that process. */
function claim(file: string, mine: string): Noted | undefined {
  if (!made(mine)) return ownerOf(file, basename(mine));
  for (const name of readdirSync(dirname(file))) {
    const owner = ownerOf(file, name);
    if (owner === undefined || name === basename(mine)) continue;
    if (stillRunning(owner) !== undefined) {
      rmSync(mine);
      return owner;
    }
    rmSync(join(dirname(file), name), { recursive: true, force: true });
  }
  return undefined;
}

/** False where this process has the claim already. */
function made(path: string): boolean {
  try {
    closeSync(openSync(path, "wx"));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

function claimOf(file: string, { pid, started }: Noted): string {
  return `${file}.${String(pid)}.${encodeURIComponent(started)}`;
}

/** Who made a claim on a lock; undefined for the name of any other file. */
function ownerOf(file: string, name: string): Noted | undefined {
  if (!name.startsWith(`${basename(file)}.`)) return undefined;
  const [, pid, started = ""] = /^(\d+)\.([^.]*)$/.exec(name.slice(basename(file).length + 1)) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), started: decodeURIComponent(started) };
}
