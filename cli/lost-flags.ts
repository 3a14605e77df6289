/** What npm calls the running of a script, by its major version. */
const RUN_SCRIPT = new Set(["run", "run-script"]);

/**
 * Finds the flags that `npm run plan prod --json` lost: without `--` before them npm keeps them for itself and says so only in
 * the environment.
 *
 * @param env - Environment of the process.
 * @param flags - Long flags of the command, such as `--json`.
 * @param given - What the command was given.
 */
export function lostFlags(env: NodeJS.ProcessEnv, flags: readonly string[], given: readonly string[]): string[] {
  if (!RUN_SCRIPT.has(env["npm_command"] ?? "")) return [];
  return flags.filter((flag) => {
    const kept = env[`npm_config_${flag.slice(2).replaceAll("-", "_")}`] ?? "";
    return kept !== "" && !given.some((word) => word === flag || word.startsWith(`${flag}=`));
  });
}
