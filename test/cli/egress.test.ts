import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import type { Manifest } from "../../domain/common/kubernetes";
import { checkEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prod } from "../support/environments/prod";
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
    expect(egress("prod", "--format", "csv").stdout.split("\r\n")[0]).toBe(
      "environment,who,where,port,protocol,why,data,required,addresses,enforced by,source",
    );
    expect(JSON.parse(egress("prod", "--format", "json").stdout)).toMatchObject({
      environment: "prod",
      level: "dns",
      mode: "enforce",
    });
    expect(egress("prod", "--format", "md").stdout).toBe(egress("prod").stdout);
  });

  test("prints every environment where none is named", () => {
    const names = ["prod", "staging", "local"];
    const reports = JSON.parse(egress("--format", "json").stdout) as { environment: string }[];
    const rows = egress("--format", "csv").stdout.split("\r\n");

    expect(reports.map(({ environment }) => environment)).toEqual(names);
    expect(egress().stdout.match(/^# Outbound connections of .*$/gm)).toEqual(
      names.map((name) => `# Outbound connections of ${name}`),
    );
    expect([...new Set(rows.slice(1).map((row) => row.split(",")[0]))].filter((name) => name?.trim() !== "")).toEqual(
      names,
    );
  });

  test("refuses an environment it does not know", () => {
    expect(egress("test")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "test: is not an environment of config/index.ts; use prod, staging, local\n",
    });
  });

  test("prints a check for kubectl, and writes the picture to a file", () => {
    const jobs = parseAllDocuments(egress("prod", "--check").stdout).map((document) => document.toJS() as Manifest);
    const folder = mkdtempSync(join(tmpdir(), "egress-"));
    const file = join(folder, "egress.svg");

    expect(jobs.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      "Job egress-check-api",
      "Job egress-check-code-executor",
      "Job blob-check-api",
      "Job blob-check-code-executor",
    ]);
    expect(egress("prod", "--format", "svg", "--out", file)).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(file, "utf8")).toMatch(/^<svg /);
    rmSync(folder, { recursive: true });
  });

  test("prints what the owner of a shared network in another repository adds to its configuration", () => {
    const { code, stdout } = egress("staging", "--for-owner");
    const added = JSON.parse(stdout) as Pick<EnvironmentSpec, "network" | "egress">;

    expect(code).toBe(0);
    expect(added.egress?.resources?.map(({ to }) => to)).toContain("licensing.tryretool.com");
    expect(checkEnvironment({ ...prod, ...added }).violations).toEqual([]);
  });

  test("refuses a format it does not know", () => {
    expect(egress("prod", "--format", "xml")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "--format: xml is not known; use table, md, csv, json, owner, svg\n",
    });
  });
});
