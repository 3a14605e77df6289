import { CouldNotTell } from "./failure";
import { Interrupted } from "./interrupt";
import { run, type RunResult } from "./process";

/** Milliseconds that one command may take. */
const LIMIT_MS = 120_000;

/** Without them the CLI waits a minute for a connection, several times. */
const LIMITS = ["--cli-connect-timeout", "10", "--cli-read-timeout", "20"];

/**
 * Runs the AWS CLI with the credentials it finds.
 *
 * @param variables - Added to the environment; what is undefined is taken out of it.
 * @throws {@link CouldNotTell} where it is not installed.
 */
export async function aws(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  try {
    const env = { ...process.env, AWS_PAGER: "", AWS_MAX_ATTEMPTS: "2", ...variables };
    return await run("aws", [...args, ...LIMITS], { cwd: process.cwd(), env, timeoutMs: LIMIT_MS });
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    throw new CouldNotTell("aws: not found in PATH; install the AWS CLI version 2 (https://aws.amazon.com/cli/)");
  }
}

/**
 * Runs the AWS CLI and reads what it prints.
 *
 * @throws {@link CouldNotTell} with what AWS said, where it refused.
 */
export async function awsJson<Answer>(args: readonly string[], variables?: NodeJS.ProcessEnv): Promise<Answer> {
  const result = await aws([...args, "--output", "json"], variables);
  assertDone(result, args.slice(0, 2).join(" "));
  return JSON.parse(result.stdout) as Answer;
}

/** Turns a failed command into one line with what AWS said. */
export function assertDone({ code, signal, stderr }: RunResult, what: string): void {
  if (code === 0) return;
  if (signal !== undefined)
    throw new CouldNotTell(`aws ${what}: timed out after ${LIMIT_MS / 1000} s; check that this machine reaches AWS`);
  throw new CouldNotTell(
    `aws ${what}: ${stderr.trim().replaceAll(/\s+/g, " ")}; fix it and run the same command again`,
  );
}
