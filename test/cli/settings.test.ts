import { reportFailures } from "../../cli/failure";
import { printReport } from "../../cli/report";
import { settings as settingsOf } from "../../cli/settings";
import { runProgram } from "../support/run";

/** Runs the command in this process, which is twenty times as fast. */
async function settings(path?: string): Promise<{ stdout: string; stderr: string }> {
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, "write").mockReturnValue(true),
  );
  const exitCode = process.exitCode;
  await reportFailures(() => {
    printReport(settingsOf(path), {});
    return Promise.resolve();
  });
  process.exitCode = exitCode;
  const written = [stdout, stderr].map((spy) => spy!.mock.calls.join(""));
  jest.restoreAllMocks();
  return { stdout: written[0]!, stderr: written[1]! };
}

describe("npm run settings", () => {
  test("lists every part of a configuration by what people look for", () => {
    const { code, stdout } = runProgram("cli/main.ts", ["settings"]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Size: builders, users, sandboxes, nodes$/m);
    expect(stdout).toMatch(/ - sandbox: The agent sandboxes, one for each open editing session\./);
    expect(stdout).toContain(' - network: The network: a new one, or `{ kind: "existing", ... }`.');
  });

  test("prints one setting with its type, bounds, unit, default and sentence", async () => {
    const { stdout } = await settings("sandbox.lifetimeMinutes");

    expect(stdout).toContain("sandbox.lifetimeMinutes\n    takes 5 to 1440 minutes\n    default 150\n");
    expect(stdout).toContain("Chart key: `sandboxGlobalLifetimeMs`.");
  });

  test("gives a default in JSON with its type, or in words", () => {
    const [builders] = settingsOf("builders").json as Record<string, unknown>[];
    const [users] = settingsOf("users").json as Record<string, unknown>[];
    const [domain] = settingsOf("domain").json as Record<string, unknown>[];

    expect(builders).toMatchObject({ default: 20 });
    expect(users).toMatchObject({ defaultText: "five for each builder, and 100 at least" });
    expect(Object.keys(domain ?? {})).toEqual(["path", "type", "text"]);
  });

  test("takes a path as messages write it, and a word", async () => {
    expect((await settings("egress.resources[3].port")).stdout).toContain("egress.resources[].port");
    expect((await settings("tags.Team")).stdout).toContain("tags");
    expect((await settings("sso")).stdout).toContain("retool.sso");
  });

  test.each([
    ["sandbox.idelTimeoutMinutes", "sandbox.idleTimeoutMinutes"],
    ["sandbx", "sandbox"],
    ["networks.zones", "network.zones"],
    ["redoolVersion", "retoolVersion"],
  ])("asks of %s whether %s was meant", async (written, meant) => {
    expect(await settings(written)).toEqual({
      stdout: "",
      stderr: `${written}: is not a setting; did you mean ${meant}?\n`,
    });
  });

  test("says where all are listed when nothing is alike", async () => {
    expect((await settings("xyzzy.foo")).stderr).toBe(
      "xyzzy.foo: is not a setting; npx cdktf-retool settings lists all\n",
    );
  });
});
