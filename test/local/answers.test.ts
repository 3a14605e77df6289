import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { answers } from "../../local/emulator";

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
  // Nothing that a failed test leaves open keeps the process alive.
  server.unref();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, server, askedTimes: () => asked };
}

describe("answers", () => {
  test("waits for an emulator that is busy", async () => {
    const busy = await slowServer(2);

    await expect(answers(busy, { milliseconds: 200, times: 50 })).resolves.toBe(true);
    expect(busy.askedTimes()).toBeGreaterThanOrEqual(3);
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
