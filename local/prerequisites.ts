import { execFileSync } from "node:child_process";
import { delimiter } from "node:path";

import { satisfies } from "semver";

import { Failure } from "../cli/failure";

/** A program the driver needs, and how to get it. */
interface Prerequisite {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly version: RegExp;
  readonly range: string;
  readonly remedy: string;
}

const NODE_RANGE = ">=20.9.0 <23.0.0";

const PROGRAMS: readonly Prerequisite[] = [
  {
    name: "terraform",
    command: ["terraform", "version", "-json"],
    version: /"terraform_version":\s*"(\d+\.\d+\.\d+)/,
    range: ">=1.11.0",
    remedy: "install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install)",
  },
  {
    name: "python3",
    command: ["python3", "--version"],
    version: /Python (\d+\.\d+\.\d+)/,
    range: ">=3.10.0",
    remedy: "install Python 3.10 or later with its venv module",
  },
];

/**
 * Checks every program the driver needs.
 *
 * @throws {@link Failure} with one line for each that is missing or too old.
 */
export function checkPrerequisites(env: NodeJS.ProcessEnv = process.env, nodeVersion = process.versions.node): void {
  const problems = [nodeProblem(nodeVersion), ...PROGRAMS.map((program) => programProblem(program, env))];
  const lines = problems.filter((line) => line !== undefined);
  if (lines.length > 0) throw new Failure(...lines);
}

function nodeProblem(version: string): string | undefined {
  if (satisfies(version, NODE_RANGE)) return undefined;
  return `node: version ${version} is not supported (cdktf's CLI crashes on 24); use ${NODE_RANGE}`;
}

function programProblem(
  { name, command, version, range, remedy }: Prerequisite,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const [file, ...args] = command;
  let output: string;
  try {
    output = execFileSync(file, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return `${name}: not found in PATH (${String((env["PATH"] ?? "").split(delimiter).length)} folders searched); ${remedy}`;
  }
  const found = version.exec(output)?.[1];
  if (found !== undefined && satisfies(found, range)) return undefined;
  return `${name}: version ${found ?? "unknown"} does not satisfy ${range}; ${remedy}`;
}
