/** What npm calls the running of a script, by its major version. */
const RUN_SCRIPT = new Set(["run", "run-script"]);

/** Whether a script of npm runs. */
export function isRunScript(env: NodeJS.ProcessEnv): boolean {
  return RUN_SCRIPT.has(env["npm_command"] ?? "");
}

/** Flags that npm reads as an abbreviation of one of npm's flags. */
const TAKEN_FOR: Readonly<Record<string, string>> = { to: "token_description" };

/** A flag of a command. */
export interface Flag {
  /** How it is written: `--json`. */
  readonly long: string;
  /** Whether a value follows it. */
  readonly hasValue: boolean;
}

/**
 * Finds the flags that `npm run plan prod --json` lost: without `--` before them npm keeps them for itself and says so only in
 * the environment. The value of a flag that npm does not know is left among the words: `npm run plan prod --out file`.
 *
 * @param env - Environment of the process.
 * @param flags - Flags of the command.
 * @param given - Words that the command was given, without its name.
 * @param expected - How many of them are arguments of the command.
 * @returns The words as they should have been given; undefined where nothing is lost.
 */
export function lostFlags(
  env: NodeJS.ProcessEnv,
  flags: readonly Flag[],
  given: readonly string[],
  expected: number,
): string[] | undefined {
  if (!isRunScript(env)) return undefined;
  const values = given.slice(expected).filter((word) => !word.startsWith("-"));
  const lost = flags.flatMap(({ long, hasValue }) => {
    const kept = keptBy(env, long.slice(2));
    if (kept === "" || given.some((word) => word === long || word.startsWith(`${long}=`))) return [];
    if (!hasValue) return [long];
    return [long, kept === "true" ? (values.shift() ?? "<value>") : kept];
  });
  const words = given.filter((word, index) => index < expected || word.startsWith("-"));
  return lost.length === 0 ? undefined : [...words, ...values, ...lost];
}

function keptBy(env: NodeJS.ProcessEnv, flag: string): string {
  const keys = [flag.replaceAll("-", "_"), TAKEN_FOR[flag] ?? flag];
  return keys.map((key) => env[`npm_config_${key}`] ?? "").find((value) => value !== "") ?? "";
}
