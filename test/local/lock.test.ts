import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withLock } from "../../local/lock";

const folder = mkdtempSync(join(tmpdir(), "lock-"));
afterAll(() => {
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
    expect(existsSync(lock)).toBe(false);
  });

  test("takes over the lock of a process that died", async () => {
    const lock = join(folder, "stale");
    mkdirSync(lock);
    writeFileSync(join(lock, "pid"), "4194399");

    await expect(withLock(lock, () => Promise.resolve("done"))).resolves.toBe("done");
  });

  test("frees the lock when the body fails", async () => {
    const lock = join(folder, "failing");

    await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(lock)).toBe(false);
  });
});
