import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Command, CommanderError } from "commander";

import { Failure, printFailure } from "./failure";
import { isRunScript, lostFlags } from "./lost-flags";
import { packageFolder } from "./pages";
import { type OutputOptions, printReport, type Report } from "./report";

/** Flags of every command that prints a report. */
export function reporting(command: Command): Command {
  return command
    .option("--json", "print JSON, with typed values")
    .option("--out <file>", "write the report to a file instead");
}

/** Runs a command that prints a report. */
export async function report(options: OutputOptions, found: Report | Promise<Report>): Promise<void> {
  printReport(await found, options);
}

/** The command line itself, still without commands. */
export function createProgram(): Command {
  return new Command("cdktf-retool")
    .description("Operates the Retool environments of the project in this folder.")
    .usage("<command> [options]")
    .version(packageVersion(), "--version", "print the version of the package")
    .addHelpText("after", HELP)
    .hook("preAction", checkWithoutCompiling)
    .hook("postAction", () => {
      ended = true;
    });
}

let ended = false;

/** Whether the command came to its end: it was neither refused nor misunderstood. */
export function hasEnded(): boolean {
  return ended;
}

/** A process checks each schema a few times at most; to compile its checks first takes longer than they do. */
async function checkWithoutCompiling(): Promise<void> {
  (await import("zod")).config({ jitless: true });
}

const HELP = `
Environments are read from cdktf-retool.config.ts or config/index.ts of the
project.
Exit codes: 0 success, 1 findings or refusal, 2 the result could not be
determined.`;

/**
 * Parses the command line and runs the command.
 *
 * @throws Failure if npm kept flags; any other wrong command line sets exit code 1, and commander says why.
 */
export async function parse(program: Command, args: readonly string[]): Promise<void> {
  const [name, ...words] = args;
  const command = program.commands.find((each) => each.name() === name);
  if (command !== undefined) refuseLostFlags(command, words);
  for (const each of [program, ...program.commands]) each.exitOverride();
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (isOfNpm(error))
      process.stderr.write(
        `npm keeps flags for itself; write -- before them: npm run ${scriptNamed(name ?? "")} -- ...\n`,
      );
    if (error.exitCode === 0) {
      ended = command === undefined;
      return;
    }
    printFailure(args, [{ problem: error.message.replace(/^error: /, "") }]);
    process.exitCode = 1;
  }
}

/** Whether a word too many may be the value of a flag that npm kept without a trace. */
function isOfNpm({ code }: CommanderError): boolean {
  return code === "commander.excessArguments" && isRunScript(process.env);
}

/** The script that npm runs, which a project may have called otherwise than its command. */
function scriptNamed(command: string): string {
  return process.env["npm_lifecycle_event"] ?? command;
}

/** Before the command line is parsed: the value of a lost flag would be an argument too many. */
function refuseLostFlags(command: Command, words: readonly string[]): void {
  const flags = command.options.flatMap(({ long, required }) =>
    typeof long === "string" ? [{ long, hasValue: required }] : [],
  );
  const meant = lostFlags(process.env, flags, words, command.registeredArguments.length);
  if (meant === undefined) return;
  const name = command.name();
  throw new Failure(
    `${name}: npm did not pass the flags on; write -- before them: npm run ${scriptNamed(name)} -- ${meant.join(" ")}`,
  );
}

/** The version of this package. */
function packageVersion(): string {
  const file = join(packageFolder(), "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
