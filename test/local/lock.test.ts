import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

  test.each([
    ["a process that died", "owner", JSON.stringify({ pid: 4_194_399, started: "1" })],
    ["a process whose id another one has now", "owner", JSON.stringify({ pid: process.pid, started: "1" })],
    ["nobody, as a kill left it", "", ""],
  ])("takes over the lock of %s", async (_name, file, content) => {
    const lock = join(folder, "stale");
    mkdirSync(lock);
    if (file !== "") writeFileSync(join(lock, file), content);

    await expect(withLock(lock, () => Promise.resolve("done"))).resolves.toBe("done");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("says who holds it, and does not wait where that is refused", async () => {
    const lock = join(folder, "held");
    const refuse = ({ pid }: { readonly pid: number }): never => {
      throw new Error(`held by ${String(pid)}`);
    };
    await withLock(lock, async () => {
      await expect(withLock(lock, () => Promise.resolve(), refuse)).rejects.toThrow(`held by ${String(process.pid)}`);
    });

    expect(readdirSync(folder)).toEqual([]);
  });

  test("frees the lock when the body fails", async () => {
    const lock = join(folder, "failing");

    await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(lock)).toBe(false);
  });
});
