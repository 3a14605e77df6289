import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { clearTimeout, setTimeout } from "node:timers";

import { endGroup, Interrupted, wasInterrupted, whileRunning } from "./interrupt";

/** How a command is run. */
export interface RunOptions {
  /** Folder the command runs in. */
  readonly cwd: string;
  /** The command's whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Called with every line the command writes to its standard output.
   *
   * @default - lines are only collected
   */
  readonly onLine?: (line: string) => void;
  /**
   * Milliseconds after which the command is ended.
   *
   * @default - it may take as long as it takes
   */
  readonly timeoutMs?: number;
  /**
   * Whether an interrupt waits for the command.
   *
   * @default false
   */
  readonly mustEnd?: true;
}

/** What a finished command left behind. */
export interface RunResult {
  /** Exit code; 128 where a signal ended it. */
  readonly code: number;
  /** Signal that ended it, such as `SIGKILL`; undefined where it ended by itself. */
  readonly signal?: string;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/**
 * Runs a command to its end.
 *
 * A command that must end runs in its own process group, out of reach of the terminal's Ctrl-C: it gets exactly the interrupt
 * that we pass on, and we wait for it, since Terraform saves its state before it stops. The others share our group and keep the
 * terminal, where the AWS CLI asks for an MFA code.
 *
 * @throws {@link Interrupted} after an interrupt, once the child has ended.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env, timeoutMs } = options;
  if (wasInterrupted()) throw new Interrupted();
  const mustEnd = options.mustEnd ?? false;
  const child = spawn(command, [...args], { cwd, env, detached: mustEnd, stdio: ["ignore", "pipe", "pipe"] });
  // The limit that spawn has goes on for a program that was not found, and keeps this process alive.
  const limit = timeoutMs === undefined ? undefined : setTimeout(() => child.kill(), timeoutMs);
  const ended = whileRunning(child, mustEnd);
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    stdout.push(line);
    options.onLine?.(line);
  });
  createInterface({ input: child.stderr }).on("line", (line) => stderr.push(line));
  // The providers of a Terraform that was killed run on (half an hour was measured) and make what nobody notes any more.
  child.once("exit", (_status, signal) => {
    if (mustEnd && signal !== null) endGroup(child.pid);
  });
  const end = await new Promise<Pick<RunResult, "code" | "signal">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => {
      resolve(signal === null ? { code: status ?? 128 } : { code: 128, signal });
    });
  }).finally(() => {
    clearTimeout(limit);
    ended();
  });
  if (wasInterrupted()) throw new Interrupted();
  return { ...end, stdout: stdout.join("\n"), stderr: stderr.join("\n") };
}
