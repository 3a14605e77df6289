import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { type Noted, processOf, stillRunning } from "./running";

/**
 * Runs a body while no other process runs one under the same lock.
 *
 * @param folder - Folder that stands for the lock; left behind by a process that died, it is taken over.
 * @param onHeld - Called with the process that holds the lock before it is waited for; what it throws ends the wait.
 */
export async function withLock<Result>(
  folder: string,
  body: () => Promise<Result>,
  onHeld: (owner: Noted) => void = () => undefined,
): Promise<Result> {
  mkdirSync(dirname(folder), { recursive: true });
  while (!acquired(folder)) {
    const owner = ownerOf(folder);
    if (owner !== undefined && stillRunning(owner) !== undefined) {
      onHeld(owner);
      await sleep(500);
    } else takeAway(folder, owner);
  }
  try {
    return await body();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder is renamed with the note of its owner in it: a kill leaves the lock with an owner or no lock. */
function acquired(folder: string): boolean {
  const made = mkdtempSync(`${folder}.`);
  writeFileSync(join(made, "owner"), JSON.stringify(noteOf(process.pid)));
  try {
    renameSync(made, folder);
    return true;
  } catch (error) {
    rmSync(made, { recursive: true });
    if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return false;
  }
}

function noteOf(pid: number): Noted {
  return { pid, started: processOf(pid)?.started ?? "" };
}

function ownerOf(folder: string): Noted | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "owner"), "utf8")) as Noted;
  } catch {
    return undefined;
  }
}

/** Removes the lock of a process that died; another one may have taken it over meanwhile, and keeps it then. */
function takeAway(folder: string, dead: Noted | undefined): void {
  const aside = `${folder}.${String(process.pid)}.dead`;
  try {
    renameSync(folder, aside);
  } catch {
    return;
  }
  if (JSON.stringify(ownerOf(aside)) === JSON.stringify(dead)) rmSync(aside, { recursive: true });
  else renameSync(aside, folder);
}
