import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Root of the project. */
export const ROOT = join(__dirname, "..", "..");

/** What a command left behind. */
export interface Ran {
  /** Exit code. */
  readonly code: number | null;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/** Runs one of the project's TypeScript programs as its npm scripts do. */
export function runProgram(program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Ran {
  const result = spawnSync(process.execPath, ["--import", "tsx", join(ROOT, program), ...args], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}
