import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";

import { Failure } from "../cli/failure";
import { writeWhole } from "./whole-file";

/** What a file of Terraform's state says. */
export interface StateContent {
  /** Number of the change that wrote it. */
  readonly serial: number;
  /** Addresses of its managed resources, without indexes. */
  readonly resources: readonly string[];
}

interface StateFile {
  readonly serial: number;
  readonly resources: readonly { readonly mode: string; readonly type: string; readonly name: string }[];
}

/** Reads a state; undefined where the file is missing, empty or cut off. */
export function readState(file: string): StateContent | undefined {
  return contentOf(textOf(file));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function contentOf(text: string): StateContent | undefined {
  try {
    const { serial, resources } = JSON.parse(text) as StateFile;
    const managed = resources.filter(({ mode }) => mode === "managed");
    return { serial, resources: managed.map(({ type, name }) => `${type}.${name}`) };
  } catch {
    return undefined;
  }
}

/** What lives in the cluster of a kubeconfig, and not in the emulator. */
export function inCluster(resources: readonly string[]): string[] {
  return resources.filter((address) => /^(helm|kubernetes)_/.test(address));
}

/** Copies of a state: Terraform's own of before its run, and ours of while it ran. */
const copiesOf = (state: string): readonly string[] => [`${state}.backup`, `${state}.running`];

/**
 * Keeps a copy of a state that can be read: Terraform writes the file in place, so a kill can leave it empty.
 *
 * The file is read once. Node's `copyFile` asks for the size first and waits for ever for the bytes of a file that Terraform makes
 * shorter meanwhile.
 */
export function keepCopy(state: string): void {
  const text = textOf(state);
  if (contentOf(text) !== undefined) writeWhole(`${state}.running`, text);
}

/**
 * Makes sure that a state, if there is one, can be read: one that a kill left empty is replaced by its newest copy.
 *
 * @returns What was done; undefined where nothing was to be done.
 * @throws {@link Failure} where no copy can be read either.
 */
export function mendState(state: string): string | undefined {
  if (!existsSync(state) || readState(state) !== undefined) return undefined;
  const size = String(statSync(state).size);
  const copies = copiesOf(state).map((file) => ({ file, serial: readState(file)?.serial ?? -1 }));
  const newest = copies.sort((left, right) => right.serial - left.serial)[0];
  if (newest === undefined || newest.serial < 0) {
    throw new Failure(
      `${state}: cannot be read (${size} bytes), and neither can a copy; restore it from your backup, or delete the remaining resources by hand and then the file`,
    );
  }
  renameSync(state, `${state}.broken`);
  copyFileSync(newest.file, state);
  return `Terraform's state could not be read (${size} bytes: Terraform was killed while it wrote it); restored its copy ${newest.file} of ${statSync(newest.file).mtime.toISOString()}`;
}

/** Puts a state and its copies aside under another name, once nothing of what they name exists any more. */
export function retireState(state: string): void {
  if (existsSync(state)) renameSync(state, `${state}.former`);
  for (const file of copiesOf(state)) rmSync(file, { force: true });
}
