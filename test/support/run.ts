import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { workspace } from "./workspace";

export { ROOT } from "./workspace";

/** What a command left behind. */
export interface Ran {
  /** Exit code. */
  readonly code: number | null;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/** Runs one of the project's TypeScript programs as its npm scripts do, with the tests' environments. */
export function runProgram(
  program: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  root: string = workspace(),
): Ran {
  const result = spawnSync(process.execPath, ["--import", "tsx", join(root, program), ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}
