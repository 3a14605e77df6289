import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { answers } from "../../local/emulator";

/** A server on loopback that leaves its first requests without an answer, and its port. */
async function slowServer(unanswered: number) {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (asked > unanswered) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, stop, askedTimes: () => asked };
}

describe("answers", () => {
  const patience = { milliseconds: 50, times: 3 };

  test("waits for an emulator that is busy, and not for ever", async () => {
    const server = await slowServer(2);

    await expect(answers(server, patience)).resolves.toBe(true);
    expect(server.askedTimes()).toBe(3);
    server.stop();

    const silent = await slowServer(Infinity);

    await expect(answers(silent, patience)).resolves.toBe(false);
    expect(silent.askedTimes()).toBe(3);
    silent.stop();
  });

  test("asks a port that nobody listens on once", async () => {
    const { port, stop } = await slowServer(0);
    stop();
    const started = Date.now();

    await expect(answers({ port }, { milliseconds: 10_000, times: 100 })).resolves.toBe(false);
    expect(Date.now() - started).toBeLessThan(5000);
  });
});
