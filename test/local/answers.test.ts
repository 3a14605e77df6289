import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { answers, findEmulator, startEmulator, stopEmulator } from "../../local/emulator";
import { paths } from "../../local/paths";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

/** A server on loopback that leaves its first requests without an answer, and its port. */
async function slowServer(unanswered: number) {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (asked > unanswered) response.end();
  });
  return { ...(await listening(server)), askedTimes: () => asked };
}

async function listening(server: Server) {
  // Nothing that a failed test leaves open keeps the process alive.
  server.unref();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

describe("answers", () => {
  test("waits for an emulator that is busy", async () => {
    const busy = await slowServer(2);

    await expect(answers(busy, { milliseconds: 200, times: 50 })).resolves.toBe(true);
    expect(busy.askedTimes()).toBeGreaterThanOrEqual(3);
  });

  test("asks again where a busy emulator closes the connection", async () => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      if (asked < 3) request.socket.destroy();
      else response.end();
    });
    const { port } = await listening(server);

    await expect(answers({ port }, { milliseconds: 500, times: 20 })).resolves.toBe(true);
    expect(asked).toBe(3);
  });

  test("does not wait for ever", async () => {
    const silent = await slowServer(Infinity);

    await expect(answers(silent, { milliseconds: 50, times: 3 })).resolves.toBe(false);
  });

  test("asks a port that nobody listens on once", async () => {
    const { port, server } = await slowServer(0);
    await new Promise((resolve) => server.close(resolve));
    const started = Date.now();

    await expect(answers({ port }, { milliseconds: 10_000, times: 100 })).resolves.toBe(false);
    expect(Date.now() - started).toBeLessThan(9000);
  });
});

describe("a noted emulator", () => {
  test("is not taken for one where another program has its process id and its port, and that program is not ended", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    const emulatorRecord = join(folder, "emulator.json");
    jest.replaceProperty(paths, "emulatorRecord", emulatorRecord);
    const kill = jest.spyOn(process, "kill");
    const { port } = await slowServer(0);
    const noted = { pid: process.pid, port };
    writeFileSync(emulatorRecord, JSON.stringify(noted));

    await expect(findEmulator()).resolves.toBeUndefined();
    await stopEmulator(noted);

    expect(kill).not.toHaveBeenCalled();
    expect(existsSync(emulatorRecord)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});

describe("startEmulator", () => {
  const folder = mkdtempSync(join(tmpdir(), "emulator-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("notes no process where Python cannot be started, and says so in one line", async () => {
    const virtualEnvironment = join(folder, "venv");
    const emulatorLog = join(folder, "emulator.log");
    const emulatorRecord = join(folder, "emulator.json");
    jest.replaceProperty(paths, "virtualEnvironment", virtualEnvironment);
    jest.replaceProperty(paths, "emulatorLog", emulatorLog);
    jest.replaceProperty(paths, "emulatorRecord", emulatorRecord);

    await expect(startEmulator(0, {})).rejects.toThrow(
      `emulator: ${virtualEnvironment}/bin/python cannot be started; delete ${virtualEnvironment} and run the same command again`,
    );
    await sleep(10);

    expect(existsSync(emulatorRecord)).toBe(false);
    expect(readFileSync(emulatorLog, "utf8")).toContain("ENOENT");
  });
});
