import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs a body while no other process runs one under the same lock.
 *
 * @param folder - Folder that stands for the lock; left behind by a process that died, it is taken over.
 */
export async function withLock<Result>(folder: string, body: () => Promise<Result>): Promise<Result> {
  mkdirSync(dirname(folder), { recursive: true });
  while (!acquired(folder)) await sleep(500);
  try {
    return await body();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function acquired(folder: string): boolean {
  const owner = join(folder, "pid");
  try {
    mkdirSync(folder);
    writeFileSync(owner, String(process.pid));
    return true;
  } catch {
    if (isDead(owner)) rmSync(folder, { recursive: true, force: true });
    return false;
  }
}

/** Whether the process that wrote the file has ended; one that has only just made the folder may not have written yet. */
function isDead(owner: string): boolean {
  try {
    process.kill(Number(readFileSync(owner, "utf8")), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
