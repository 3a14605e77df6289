import { run } from "../../cli/process";

const IN_SHELL = { cwd: process.cwd(), env: process.env, mustEnd: true } as const;

describe("a program that must end", () => {
  test("is run to its end", async () => {
    const { code, stdout } = await run("sh", ["-c", "echo done; exit 3"], IN_SHELL);

    expect([code, stdout]).toEqual([3, "done"]);
  });

  test("takes what it started along when a signal ends it, as Terraform its providers", async () => {
    // The second program keeps the output open: the run ends only when it has ended, too.
    const { code, signal, stdout } = await run("sh", ["-c", "sleep 600 & echo begun; kill -9 $$"], IN_SHELL);

    expect([code, signal, stdout]).toEqual([128, "SIGKILL", "begun"]);
  });
});
