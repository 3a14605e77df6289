import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { paths as own, PROJECT } from "../../local/paths";
import { Bench, type Ran } from "./terraform-bench";
import { workspace } from "./workspace";

/** A file of the local deployment in the copy of the project that a test file has. */
export const kept = (path: string): string => join(workspace(), relative(PROJECT, path));

/** An emulator that `npm run local` takes up, behind the proxy that sees what is asked of it; nothing is kept of earlier runs. */
export async function localBench(): Promise<Bench> {
  rmSync(join(workspace(), ".local"), { recursive: true, force: true });
  mkdirSync(join(workspace(), ".local"));
  symlinkSync(own.virtualEnvironment, kept(own.virtualEnvironment));
  const bench = await Bench.start(kept(own.stack));
  writeFileSync(kept(own.emulatorRecord), JSON.stringify(bench.emulatorRecord));
  return bench;
}

/**
 * Runs `npm run local`; its emulator stays.
 *
 * @param until - What ends the run, with SIGKILL, once it is printed.
 */
export async function runLocal(
  bench: Bench,
  { flags = [], until }: { readonly flags?: readonly string[]; readonly until?: RegExp } = {},
): Promise<Ran> {
  const command = [`"${process.execPath}"`, "--import", "tsx", "local/main.ts", "--keep", ...flags].join(" ");
  const ran = await bench.shell(`exec ${command}`, workspace(), until);
  if (ran.output.includes("✔ Synthesize")) keepSynthesized();
  return ran;
}

/** Lets cdktf go on with what is synthesized: nothing in it changes from one run of a file to the next, and it takes long. */
function keepSynthesized(): void {
  const file = join(workspace(), "cdktf.json");
  const project = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...project, app: "true" }));
}

/** What a deployment that is complete has failed to show; empty where nothing. */
export function faultOf({ code, output }: Ran): string {
  if (code !== 0) return output;
  if (!output.includes("Second plan: no changes")) return `no second plan: ${output}`;
  return existsSync(kept(own.applying)) ? "the apply is still noted as unfinished" : "";
}

/** Lines of an output that say why a run ended, and how to go on. */
export const reasonsIn = (output: string): string[] =>
  output.split("\n").filter((line) => /^(terraform|destroy|emulator|The emulator|unexpected|second plan)/.test(line));
