import { runProgram } from "../support/run";

const plan = (...args: string[]): ReturnType<typeof runProgram> => runProgram("cli/main.ts", ["plan", ...args]);

interface Row {
  readonly path: string;
  readonly value: string;
  readonly origin: string;
}

describe("npm run plan", () => {
  const { code, stdout } = plan("prod", "--json");
  const rows = JSON.parse(stdout) as Row[];
  const row = (path: string): Row | undefined => rows.find((candidate) => candidate.path === path);

  test("prints every setting once", () => {
    expect(code).toBe(0);
    expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(100);
  });

  test.each([
    ["domain", "retool.example.com", "config"],
    ["builders", "20", "default"],
    ["network.zones", "3", "default"],
    ["dataProtection", "protected", "default"],
    ["backup.retentionDays", "35", "default"],
    ["backup.recovery.databaseDamaged.lossMinutes", "5", "computed"],
    ["backup.recovery.databaseDamaged.backAfterMinutes", "55", "computed"],
    ["backup.recovery.regionLost.from", "nothing; give backup.copyTo", "computed"],
    ["capacity.maxTotalJobs", "50", "computed"],
    ["capacity.podsAtPeak", "25", "computed"],
    ["database.parameterGroupFamily", "postgres17", "computed"],
  ])("says where %s comes from", (path, value, origin) => {
    expect(row(path)).toEqual({ path, value, origin });
  });

  test("prints a table a person can search", () => {
    expect(plan("staging").stdout).toMatch(/network\.nat +single +config/);
  });

  test("ends with where requests go, what differs from the documents, warnings, and what is left to a person", () => {
    const { stdout: text } = plan("prod");
    const notes = text.slice(text.indexOf("\n\n") + 2);

    expect(notes.match(/^[A-Z].*$/gm)).toEqual([
      "Where requests go",
      'What may leave (egress.level is "dns")',
      "Differs from Retool's documents on purpose",
      "Worth knowing",
      "After the deployment, by a person",
    ]);
    expect(notes.replaceAll(/\s+/g, " ")).toContain("CPU limit of the sandbox controller: 1 core (documented:");
    expect(notes.replaceAll(/\s+/g, " ")).toContain(
      "https://agent-proxy.retool.example.com/* -> sandbox-proxy:3019, proxy of agent sandboxes, with their WebSockets " +
        "(certificate *.retool.example.com, record *.retool.example.com)",
    );
    expect(notes).toContain("   3. Click Enroll now;");
    expect(Math.max(...notes.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("is coloured for a terminal alone", () => {
    expect(plan("prod").stdout).not.toContain("\u001B");
  });

  test("names the environments there are", () => {
    expect(plan("production")).toEqual({
      code: 1,
      stdout: "",
      stderr: "production: is not an environment of config/; use prod, staging, local\n",
    });
  });
});
