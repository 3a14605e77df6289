import { runProgram } from "../support/run";

const egress = (...args: string[]): ReturnType<typeof runProgram> => runProgram("cli/main.ts", ["egress", ...args]);

describe("npm run egress", () => {
  test("prints a table for a ticket, with Retool's hosts and Temporal's", () => {
    const { code, stdout } = egress("prod");

    expect(code).toBe(0);
    for (const host of ["licensing.tryretool.com", "email-service.retool.com", "*.tmprl.cloud", "35.92.202.168/29"]) {
      expect(stdout).toContain(host);
    }
  });

  test("prints the same as CSV and JSON", () => {
    expect(egress("prod", "--format", "csv").stdout.split("\n")[0]).toMatch(/who,where,port/i);
    expect(JSON.parse(egress("prod", "--format", "json").stdout)).toMatchObject({ environment: "prod", level: "open" });
  });

  test("refuses a format it does not know", () => {
    expect(egress("prod", "--format", "xml")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "--format: xml is not known; use markdown, csv, json\n",
    });
  });
});
