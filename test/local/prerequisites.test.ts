import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { checkPrerequisites } from "../../local/prerequisites";
import { runProgram } from "../support/run";

const folder = mkdtempSync(join(tmpdir(), "prerequisites-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A PATH on which each program answers with the given text. */
function pathWith(name: string, programs: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const [program, answer] of Object.entries(programs)) {
    writeFileSync(join(bin, program), `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return { PATH: bin };
}

const TERRAFORM = '{"terraform_version": "1.11.4"}';
const PYTHON = "Python 3.11.7";
const NODE = "20.20.2";

describe("checkPrerequisites", () => {
  test("accepts what is new enough", () => {
    const env = pathWith("good", { terraform: TERRAFORM, python3: PYTHON });

    expect(() => {
      checkPrerequisites(env, NODE);
    }).not.toThrow();
  });

  test("names everything that is missing or too old, each with its remedy", () => {
    const env = pathWith("bad", { terraform: '{"terraform_version": "1.10.5"}' });

    expect(() => {
      checkPrerequisites(env, "24.1.0");
    }).toThrow(
      [
        "node: version 24.1.0 is not supported (cdktf's CLI crashes on 24); use >=20.9.0 <23.0.0",
        "terraform: version 1.10.5 does not satisfy >=1.11.0; install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install)",
        "python3: not found in PATH (1 folders searched); install Python 3.10 or later with its venv module",
      ].join("\n"),
    );
  });

  test.each(["20.9.0", "22.99.0"])("accepts Node %s", (version) => {
    expect(() => {
      checkPrerequisites(pathWith(`node-${version}`, { terraform: TERRAFORM, python3: PYTHON }), version);
    }).not.toThrow();
  });

  test.each(["20.8.1", "23.0.0"])("refuses Node %s", (version) => {
    expect(() => {
      checkPrerequisites(pathWith(`node-${version}`, { terraform: TERRAFORM, python3: PYTHON }), version);
    }).toThrow(`node: version ${version} is not supported`);
  });
});

describe("npm run local", () => {
  test.each([
    ["no Terraform", [], { PATH: "" }, /^✘ Check prerequisites.*\nterraform: not found in PATH .*; install Terraform/],
    [
      // A deployment that is kept in .local adds how to go on.
      "an unreadable kubeconfig",
      ["--kubeconfig", "/nonexistent"],
      {},
      /\n--kubeconfig: \/nonexistent cannot be read \(ENOENT.*\); use a kubeconfig in YAML\n/,
    ],
    ["a port that is none", ["--port", "99999"], {}, /^--port: 99999 is not a port; use a number from 0 to 65535\n$/],
  ])("with %s: one clear line, exit code 1, no trace", (_, args, env, message) => {
    const { code, stdout, stderr } = runProgram("local/main.ts", args, env);

    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
  });
});
