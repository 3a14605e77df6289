import { writeFileSync } from "node:fs";

import { Failure } from "./failure";
import { jsonText } from "./pages";

/** What a command found, for people and for programs. */
export interface Report {
  /** As a person reads it, with a newline at its end; called only where text is wanted. */
  readonly text: () => string;
  /** As a program reads it, with typed values. */
  readonly json: unknown;
  /**
   * Exit code: 0 good, 1 findings, 2 could not tell.
   *
   * @default 0
   */
  readonly exitCode?: 0 | 1 | 2;
  /** Picture that goes into a file as well. */
  readonly picture?: { readonly file: string; readonly svg: () => string };
}

/** Where a report goes. */
export interface OutputOptions {
  /** Print JSON instead of text. */
  readonly json?: true;
  /** File that takes the report instead of the standard output. */
  readonly out?: string;
}

/** Prints a report, or writes it to a file, with its picture, and sets the exit code. */
export function printReport(report: Report, { json, out }: OutputOptions): void {
  const text = json === true ? `${jsonText(report.json, 2)}\n` : report.text();
  if (report.picture !== undefined) write("--svg", report.picture.file, report.picture.svg());
  if (out === undefined) process.stdout.write(text);
  else write("--out", out, text);
  process.exitCode = report.exitCode ?? 0;
}

function write(flag: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new Failure(`${flag}: ${file} cannot be written (${code}); use a file in an existing folder`);
  }
}
