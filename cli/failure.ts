import { ConfigurationError } from "../domain/common/violation";
import { whereDescribed } from "../domain/environment/topics";

/** Something a person can put right: printed as lines, without a stack trace. */
export class Failure extends Error {
  /** Exit code: 1, a refusal. */
  public readonly exitCode: number = 1;

  /**
   * @param lines - What is wrong and what to do, one line each: `what: problem; remedy`.
   */
  public constructor(...lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "Failure";
  }
}

/** A question that could not be answered, such as without credentials: exit code 2, since it says neither yes nor no. */
export class CouldNotTell extends Failure {
  public override readonly exitCode = 2;
}

/** Runs a command's body; prints what a person can put right and sets the exit code. */
export async function reportFailures(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.stderr.write(`${failureText(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Failure) return error.exitCode;
  return isConfigurationError(error) ? 1 : 2;
}

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Failure) return error.message;
  if (isConfigurationError(error)) {
    return [error.message, whereDescribed(error.violations.map(({ path }) => path))].join("\n").trimEnd();
  }
  return `unexpected: ${error.message}; please report it with this trace\n${error.stack ?? ""}`;
}

function isConfigurationError(error: unknown): error is ConfigurationError {
  return error instanceof ConfigurationError;
}
