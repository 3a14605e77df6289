import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BareStack } from "../../cli/bare-stack";

const folder = mkdtempSync(join(tmpdir(), "bare-stack-"));
mkdirSync(join(folder, ".terraform", "providers"), { recursive: true });
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const candidates = ["a", "b", "c", "d"].map((name) => ({ address: `aws_vpc.${name}`, type: "aws_vpc", id: name }));

/** A stack whose `terraform` ends as a shell does, after lines of a script; the number of its refreshes. */
function stackWhoseRefresh(script: string): { stack: BareStack; refreshes: () => number } {
  const calls = join(folder, "calls");
  const lines = ["#!/bin/sh", 'if [ "$1" = providers ]; then echo "{}"; exit; fi', `echo "$1" >>"${calls}"`, script];
  writeFileSync(calls, "");
  writeFileSync(join(folder, "terraform"), lines.join("\n"));
  chmodSync(join(folder, "terraform"), 0o755);
  return {
    stack: new BareStack(folder, { terraform: {} }, { PATH: `${folder}:${process.env["PATH"] ?? ""}` }),
    refreshes: () => readFileSync(calls, "utf8").split("\n").length - 1,
  };
}

const failing = (summary: string): string =>
  `echo '${JSON.stringify({ type: "diagnostic", diagnostic: { severity: "error", summary } })}'; exit 1`;

describe("BareStack.lookAll", () => {
  test.each([
    [
      'Get "http://127.0.0.1:4566/": dial tcp 127.0.0.1:4566: connect: connection refused',
      failing('Get "http://127.0.0.1:4566/": dial tcp 127.0.0.1:4566: connect: connection refused'),
    ],
    ["was stopped by SIGKILL before it finished", "kill -KILL $$"],
  ])("asks once, and fails in a line, where nothing can be read: %s", async (problem, script) => {
    const { stack, refreshes } = stackWhoseRefresh(script);

    await expect(stack.lookAll(candidates)).rejects.toThrow(
      `terraform refresh: ${problem}; run the same command again`,
    );
    expect(refreshes()).toBe(1);
  });

  test("finds by halves which one cannot be read", async () => {
    // A provider may end by itself at one of them.
    const { stack, refreshes } = stackWhoseRefresh(failing("Plugin did not respond"));

    await expect(stack.lookAll(candidates)).rejects.toThrow(
      "terraform refresh: aws_vpc.a a: Plugin did not respond; fix it and run the same command again",
    );
    expect(refreshes()).toBe(3);
  });
});
