import { isatty } from "node:tty";

import { ConfigurationError } from "../domain/common/violation";
import { whereDescribed } from "../domain/environment/topics";
import { jsonText, pagesIn } from "./pages";
import { wrap } from "./text";

/** An error that the user can fix: printed as lines, without a stack trace. */
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

/** A failure with what the command had found before it; its JSON has both. */
export class FailureWithFindings extends Failure {
  /**
   * @param findings - Typed values, by name.
   * @param lines - As of {@link Failure}.
   */
  public constructor(
    public readonly findings: Readonly<Record<string, unknown>>,
    ...lines: readonly string[]
  ) {
    super(...lines);
  }
}

/** A question that could not be answered, such as without credentials: exit code 2, since it says neither yes nor no. */
export class CouldNotTell extends Failure {
  public override readonly exitCode = 2;
}

/**
 * Runs a command's body; prints what a person can put right and sets the exit code.
 *
 * @param args - The command line: where it asks for JSON, the standard output gets the failure as JSON too.
 */
export async function reportFailures(body: () => Promise<void>, args: readonly string[] = []): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.stderr.write(`${shown(pagesIn(failureText(error)))}\n`);
    const findings = error instanceof FailureWithFindings ? error.findings : {};
    printFailure(args, problemsIn(error), findings);
    process.exitCode = exitCodeOf(error);
  }
}

/** On a terminal, broken between words; elsewhere each problem stays one line. */
function shown(text: string): string {
  if (!isatty(2)) return text;
  const lines = text.split("\n");
  return lines
    .map((line) => (/^\s/.test(line) ? line : wrap(line, "", process.stderr.columns || undefined)))
    .join("\n");
}

/** Prints a failure for a program that reads the standard output: every problem, with path and remedy where they are known. */
export function printFailure(args: readonly string[], problems: readonly object[], findings: object = {}): void {
  const wanted = args.includes("--json") || /(^| )--format[ =]json( |$)/.test(args.join(" "));
  if (!wanted || args.some((arg) => /^--out(=|$)/.test(arg))) return;
  process.stdout.write(`${jsonText({ ...findings, error: { problems } }, 2)}\n`);
}

function problemsIn(error: unknown): readonly object[] {
  if (isConfigurationError(error)) return error.violations;
  const text = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Failure)) return [{ problem: text }];
  return text.split("\n").map((line) => {
    const [, path, problem, remedy] = /^([^\s:;]+): (.+?); (.+)$/.exec(line) ?? [];
    return path === undefined ? { problem: line } : { path, problem, remedy };
  });
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
