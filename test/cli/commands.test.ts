import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

import { allCommands } from "../../cli/commands";
import { reportFailures } from "../../cli/failure";
import { parse } from "../../cli/program";
import { configurationFile, Project, TEAM_SPEC } from "../support/project";
import type { Ran } from "../support/run";

let isTerminal = false;
jest.mock("node:tty", () => ({ isatty: () => isTerminal }));

const CONFIGURATION = configurationFile({
  tools: TEAM_SPEC,
  trial: { ...TEAM_SPEC, name: "trial", domain: "trial.example.com" },
});
const project = new Project().write("cdktf-retool.config.ts", CONFIGURATION);
const columns = process.stdout.columns;

/** Without these, a machine with an instance role or a profile would let the commands call AWS. */
const NO_CREDENTIALS = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: project.path("missing"),
  AWS_SHARED_CREDENTIALS_FILE: project.path("missing"),
};

/** Runs the command line as a shell with a terminal of 80 columns, or with a pipe, would. */
async function run(args: readonly string[], at: "terminal" | "pipe", env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  isTerminal = at === "terminal";
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    jest.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    });
  }
  jest.spyOn(process, "cwd").mockReturnValue(project.folder);
  jest.replaceProperty(process, "env", { PATH: process.env["PATH"], HOME: project.folder, ...NO_CREDENTIALS, ...env });
  process.exitCode = 0;
  try {
    await reportFailures(() => parse(allCommands(), args), args);
    return { code: process.exitCode, ...printed };
  } finally {
    process.exitCode = 0;
    jest.restoreAllMocks();
  }
}

beforeAll(() => {
  process.stdout.columns = 80;
});
afterAll(() => {
  process.stdout.columns = columns;
  project.remove();
});

/** Commands that answer without credentials, and whether they can answer as JSON by `--json`. */
const OFFLINE: readonly (readonly [string, "json" | "text"])[] = [
  ["plan tools", "json"],
  ["plan tools --all", "json"],
  ["plan tools --changed", "json"],
  ["plan tools --diff trial", "json"],
  ["cost tools", "json"],
  ["cost tools --builders 20,50,200", "json"],
  ["settings", "json"],
  ["settings database", "json"],
  ["egress", "json"],
  ["egress tools", "json"],
  ["egress tools --format owner", "text"],
  ["upgrade tools --platform", "json"],
  ["upgrade tools --to 4.34.1-stable --permissions-migration complete", "json"],
];

/** A line that cannot be broken: an address, a single word, or code to paste. */
const mustStayWhole = (line: string): boolean => /https:\/\/|^\s*\S+$|^\s+["{]/.test(line);

/** Texts of digits that are names: accounts, versions, dates, address ranges. */
const NAME = /^\d{12}$|^\d{4}-\d\d-\d\d|^\d+(\.\d+)+[/-]?|\/\d+$/;

/** Values that AWS, Kubernetes and PostgreSQL take as a text. */
const TEXTS = /version|account|quietHours\.duration|database\.parameters|labels|taint|annotations|addons\./i;

const NUMBER = /^[$+-]?\d[\d,.]*( ?(%|GiB|MiB|GB|CPUs|nodes|min|h|days|ms|s))?$|^(true|false|null)$/;

const isNumber = (text: string): boolean => NUMBER.test(text) && !NAME.test(text);

/** Values in JSON that are a number or a truth, but written as a text, by their path. */
function textsThatAreNumbers(value: unknown, path = ""): string[] {
  if (typeof value === "string") return isNumber(value) && !TEXTS.test(path) ? [`${path}: ${value}`] : [];
  if (typeof value !== "object" || value === null) return [];
  const at = "path" in value ? String(value.path) : path;
  return Object.entries(value).flatMap(([key, each]) => textsThatAreNumbers(each, `${at}.${key}`));
}

const everyCommand = allCommands().commands.map((command) => command.name());
const ofAnEnvironment = allCommands()
  .commands.filter(({ registeredArguments: [argument] }) => argument?.name() === "environment")
  .map((command) => command.name());

describe("every command", () => {
  test.each(ofAnEnvironment)("%s refuses an environment that is not there in one line", async (command) => {
    expect(await run([command, "nobody"], "pipe")).toEqual({
      code: 1,
      stdout: "",
      stderr: "nobody: is not an environment of cdktf-retool.config.ts; use tools, trial\n",
    });
  });

  test.each(ofAnEnvironment)("%s --json says so as JSON too", async (command) => {
    const { code, stdout } = await run([command, "nobody", "--json"], "pipe");

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        problems: [
          { path: "nobody", problem: "is not an environment of cdktf-retool.config.ts", remedy: "use tools, trial" },
        ],
      },
    });
  });

  test.each(everyCommand)("%s has a help that fits into 80 columns", async (command) => {
    const { code, stdout } = await run([command, "--help"], "pipe");

    expect(code).toBe(0);
    expect(stdout.split("\n").filter(({ length }) => length > 80)).toEqual([]);
  });

  test.each(["doctor", "status", "bootstrap", "helm-records", "adopt", "layers", "destroy", "permissions"])(
    "%s says in plain lines what is missing before it can answer",
    async (command) => {
      const { code, stdout, stderr } = await run([command, "tools"], "pipe");

      expect([1, 2]).toContain(code);
      expect(`${stdout}${stderr}`).toMatch(
        /no AWS credentials|aws\s+was not found in PATH|not synthesized; run|it is one stack; set layers|protected/,
      );
      expect(`${stdout}${stderr}`).not.toMatch(/^ {4}at |unexpected:|undefined|\[object/m);
    },
    30_000,
  );

  test.each(["helm-records", "adopt", "layers", "destroy", "permissions"])(
    "%s says that as JSON too",
    async (command) => {
      const { code, stdout, stderr } = await run([command, "tools", "--json"], "pipe");

      expect(code).toBe(1);
      const { error } = JSON.parse(stdout) as {
        error: { problems: { path?: string; problem: string; remedy?: string }[] };
      };
      const said = error.problems.map(({ path, problem, remedy }) =>
        path === undefined ? problem : `${path}: ${problem}; ${String(remedy)}`,
      );
      expect(said).toEqual(stderr.trimEnd().split("\n"));
    },
  );

  test("an error that no command foresaw is one problem in JSON, however its text is divided", async () => {
    const stdout = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    jest.spyOn(process.stderr, "write").mockReturnValue(true);
    await reportFailures(() => Promise.reject(new Error("AccessDenied: no; ask\nsomebody")), ["--json"]);
    const said = String(stdout.mock.calls[0]?.[0]);
    process.exitCode = 0;
    jest.restoreAllMocks();

    expect(JSON.parse(said)).toEqual({ error: { problems: [{ problem: "AccessDenied: no; ask\nsomebody" }] } });
  });

  test("breaks a long failure between words on a terminal, and nowhere else", async () => {
    process.stderr.columns = 80;
    const [terminal, pipe] = [await run(["destroy", "tools"], "terminal"), await run(["destroy", "tools"], "pipe")];

    expect(pipe.stderr.split("\n")).toHaveLength(3);
    expect(terminal.stderr.split("\n").filter(({ length }) => length > 80)).toEqual([]);
    expect(terminal.stderr.replaceAll("\n", " ")).toBe(pipe.stderr.replaceAll("\n", " "));
  });

  test("lists every problem of a configuration as JSON", async () => {
    project.write("cdktf-retool.config.ts", configurationFile({ tools: { ...TEAM_SPEC, builders: -1, zonez: 3 } }));
    const { code, stdout } = await run(["plan", "tools", "--json"], "pipe");
    project.write("cdktf-retool.config.ts", CONFIGURATION);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        problems: [
          { path: "builders", problem: expect.any(String), remedy: expect.any(String) },
          { path: "zonez", problem: expect.any(String), remedy: expect.any(String) },
        ],
      },
    });
  });
});

describe.each(OFFLINE)("%s", (line, form) => {
  const args = line.split(" ");

  test("prints no escape code into a pipe, and none on a terminal with NO_COLOR", async () => {
    const piped = await run(args, "pipe");
    const uncolored = await run(args, "terminal", { NO_COLOR: "1" });

    for (const { stdout, stderr } of [piped, uncolored]) {
      expect(stdout).not.toContain("\u001b");
      expect(stderr).toBe("");
      expect(stdout).toMatch(/\S\n$/);
    }
    expect(uncolored.stdout).toBe(stripVTControlCharacters((await run(args, "terminal")).stdout));
  });

  test.each(["terminal", "pipe"] as const)("fits into 80 columns of a %s", async (at) => {
    const { stdout } = await run(args, at);

    const lines = stripVTControlCharacters(stdout).split("\n");
    // Markdown is what egress prints into a pipe.
    const isPage = at === "pipe" && args[0] === "egress" && args.length < 3;
    expect(isPage ? [] : lines.filter((each) => each.length > 80 && !mustStayWhole(each))).toEqual([]);
  });

  if (form === "json")
    test("prints JSON and nothing else with --json", async () => {
      const { code, stdout, stderr } = await run([...args, "--json"], "terminal");

      expect([code, stderr]).toEqual([0, ""]);
      expect(textsThatAreNumbers(JSON.parse(stdout))).toEqual([]);
    });
});

test("every setting uses the width of a terminal", async () => {
  process.stdout.columns = 160;
  const { stdout } = await run(["plan", "tools", "--all"], "terminal", { NO_COLOR: "1" });
  process.stdout.columns = 80;

  expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(160);
  expect(stdout).toMatch(/^backup\.recovery\.databaseDamaged\.backAfterMinutes +55 +computed$/m);
});

describe("cost --svg", () => {
  test("writes the picture with the report", async () => {
    const file = project.path("sizes.svg");

    expect((await run(["cost", "tools", "--builders", "20,50", "--svg", file], "pipe")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toMatch(/^<svg /);
  });

  test("says in one line why it cannot be written", async () => {
    expect(await run(["cost", "tools", "--builders", "20,50", "--svg", "missing/sizes.svg"], "pipe")).toEqual({
      code: 1,
      stdout: "",
      stderr: "--svg: missing/sizes.svg cannot be written (ENOENT); use a file in an existing folder\n",
    });
  });
});
