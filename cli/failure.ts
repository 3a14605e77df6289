import { ConfigurationError } from "../domain/common/violation";
import { whereDescribed } from "../domain/environment/topics";

/** Something a person can put right: printed as lines, without a stack trace, with exit code 1. */
export class Failure extends Error {
  /**
   * @param lines - What is wrong and what to do, one line each: `what: problem; remedy`.
   */
  public constructor(...lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "Failure";
  }
}

/** Runs a command's body; prints what a person can put right and sets the exit code. */
export async function reportFailures(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.stderr.write(`${failureText(error)}\n`);
    process.exitCode = 1;
  }
}

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigurationError) {
    return [error.message, whereDescribed(error.violations.map(({ path }) => path))].join("\n").trimEnd();
  }
  if (error instanceof Failure) return error.message;
  return `unexpected: ${error.message}; please report it with this trace\n${error.stack ?? ""}`;
}
