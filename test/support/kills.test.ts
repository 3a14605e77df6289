import { clearInterval, setInterval } from "node:timers";

import type { AwsCall } from "./aws-proxy";
import { Strike } from "./kills";

const call = (operation: string): AwsCall => ({
  operation,
  request: "POST /",
  agent: "Terraform",
  invocation: "",
  parameters: {},
});
const lost = ({ operation }: AwsCall) =>
  operation === "Create" ? "lost" : operation === "Wait" ? "passes" : undefined;

describe("a kill", () => {
  test("comes at once, before anything else happens, and only once", async () => {
    const carryOut = jest.fn(() => true);
    const strike = new Strike(lost, 0, carryOut);
    await strike.meet(call("Describe"), "asked");

    expect(carryOut).not.toHaveBeenCalled();
    const meeting = strike.meet(call("Create"), "asked");

    expect(carryOut).toHaveBeenCalledTimes(1);
    await expect(meeting).rejects.toThrow("one of the two is gone");
    await strike.meet(call("Create"), "asked");

    expect([strike.isDone, carryOut.mock.calls.length]).toEqual([true, 1]);
  });

  test("is waited for by what is lost with it, and not by what passes", async () => {
    const strike = new Strike(lost, 20, () => true);
    await strike.meet(call("Wait"), "answered");

    expect(strike.isDone).toBe(false);
    await expect(strike.meet(call("Create"), "asked")).rejects.toThrow("one of the two is gone");
    expect(strike.isDone).toBe(true);
  });

  test("waits for others that join it, but not for ever", async () => {
    const started = Date.now();
    const strike = new Strike(lost, 40, () => true);
    const joining = setInterval(() => void strike.meet(call("Wait"), "answered"), 10);
    await expect(strike.meet(call("Create"), "asked")).rejects.toThrow();
    clearInterval(joining);

    expect(Date.now() - started).toBeGreaterThanOrEqual(155);
  });

  test("comes at the next request where there was nothing to kill yet", async () => {
    const there = [false, true];
    const strike = new Strike(lost, 0, () => there.shift() ?? false);

    await expect(strike.meet(call("Create"), "asked")).rejects.toThrow();
    expect(strike.isDone).toBe(false);
    await expect(strike.meet(call("Create"), "asked")).rejects.toThrow();
    expect(strike.isDone).toBe(true);
  });
});
