import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./workspace";

const FOLDER = join("test", "golden");
const REMOVED = join(FOLDER, "addresses.removed.json");

/** Synthesized stacks by a label that stays the same, such as `prod-foundation`. */
export type Stacks = Readonly<Record<string, object>>;

/** Addresses that a release gives up on purpose: Terraform destroys what they made. */
export interface Removal {
  /** Lines of the released list. */
  readonly addresses: readonly string[];
  /** Why they are given up. */
  readonly reason: string;
  /** Where an operator reads what to do: a page and one of its headings, such as `docs/guides/upgrades.md#when-a-deployment-stops`. */
  readonly note: string;
}

/** What the last release promised, and what was said since. */
export interface Promises {
  /** Its version. */
  readonly version: string;
  /** `<label>: <type>.<name>`. */
  readonly addresses: readonly string[];
  /** What is given up. */
  readonly removals: readonly Removal[];
  /** The changelog, whose section `Moved` names the old and the new address of each that moved. */
  readonly changelog: string;
}

interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/** The lines of a released list that stacks would write today. */
export function addressLines(stacks: Stacks): string[] {
  return Object.entries(stacks).flatMap(([label, json]) =>
    [...addressesIn(json)].sort().map((address) => `${label}: ${address}`),
  );
}

/**
 * What is wrong with today's addresses, one line for each that was released and is gone without a word.
 *
 * In a running environment Terraform destroys what had the address, and makes it again under another one.
 */
export function brokenPromises(promises: Promises, stacks: Stacks): string[] {
  const { version, addresses, removals } = promises;
  const removed = new Set(removals.flatMap((removal) => removal.addresses));
  const problems = addresses.map((line) => [line, problemWith(line, removed.has(line), promises, stacks)] as const);
  const unknown = [...removed]
    .filter((line) => !addresses.includes(line))
    .map((line) => [line, `is in ${REMOVED}, but ${version} did not release it; remove the entry`] as const);
  return [...problems, ...unknown].flatMap(([line, problem]) => (problem === undefined ? [] : [`${line}: ${problem}`]));
}

function problemWith(line: string, isGivenUp: boolean, promises: Promises, stacks: Stacks): string | undefined {
  const [label = "", address = ""] = line.split(": ");
  const json = stacks[label] ?? {};
  if (addressesIn(json).has(address))
    return isGivenUp ? `is in ${REMOVED}, and still made; remove the entry` : undefined;
  const target = targetOf(address, json);
  if (target !== undefined) return movedWithoutWord(address, target, promises.changelog);
  if (isGivenUp) return undefined;
  return `released in ${promises.version} and gone: Terraform would destroy it in every running environment; ${remedyFor(line, stacks)}`;
}

function movedWithoutWord(from: string, to: string, changelog: string): string | undefined {
  const isSaid = movedSection(changelog).some((line) => [from, to].every((name) => line.includes(`\`${name}\``)));
  return isSaid
    ? undefined
    : `moved to ${to}; write both addresses in backquotes on one line of "### Moved" in CHANGELOG.md`;
}

function remedyFor(line: string, stacks: Stacks): string {
  const [label = "", address = ""] = line.split(": ");
  const elsewhere = Object.keys(stacks).find(
    (other) => other !== label && isSibling(other, label) && addressesIn(stacks[other] ?? {}).has(address),
  );
  if (elsewhere !== undefined)
    return `put it back: it is in ${elsewhere} now, and no moved block leads into another state`;
  return `keep the ids of its construct, call moveFromId("${address}") on the resource that follows it, or give it up in ${REMOVED} with a reason and a note`;
}

/** Whether two labels are layers of one environment. */
function isSibling(one: string, other: string): boolean {
  return one.replace(/-[^-]+$/, "") === other.replace(/-[^-]+$/, "");
}

/** Where `moved` blocks lead to; undefined where that is not made. */
function targetOf(address: string, json: StackJson): string | undefined {
  const targets = new Map(json.moved?.map(({ from, to }) => [from, to]));
  let target = targets.get(address);
  while (target !== undefined && targets.has(target)) target = targets.get(target);
  return target !== undefined && addressesIn(json).has(target) ? target : undefined;
}

function movedSection(changelog: string): string[] {
  const [, section = ""] = /^### Moved\n([\s\S]*?)(?=^##|(?![\s\S]))/m.exec(changelog) ?? [];
  return section.split("\n");
}

function addressesIn({ resource = {} }: StackJson): ReadonlySet<string> {
  return new Set(
    Object.entries(resource).flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`)),
  );
}

/** Removals whose note no page has. */
export function notesThatAreMissing(removals: readonly Removal[]): string[] {
  return removals
    .filter(({ note, reason }) => {
      const [page = "", heading = ""] = note.split("#");
      const path = join(ROOT, page);
      const headings = existsSync(path) ? readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm) : [];
      return reason === "" || !Array.from(headings, ([, title = ""]) => slug(title)).includes(heading);
    })
    .map(
      ({ note, reason }) =>
        `${note}: has no such heading, or its reason "${reason}" is empty; write both in ${REMOVED}`,
    );
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .trim()
    .replace(/\s+/g, "-");
}

/**
 * Compares the addresses of stacks with those of the last release.
 *
 * The list is written when package.json has another version than the list, and only if no promise is broken then:
 * `UPDATE_GOLDEN=1` does not change it in between.
 *
 * @param name - File in test/golden.
 */
export function expectReleasedAddresses(name: string, stacks: Stacks): void {
  const path = join(ROOT, FOLDER, name);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const [first = "", ...addresses] = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  const released = first.replace("version ", "");
  const labels = new Set(Object.keys(stacks));
  const all = JSON.parse(readFileSync(join(ROOT, REMOVED), "utf8")) as readonly Removal[];
  // A removal belongs to the list that has its label.
  const removals = all.map((one) => ({
    ...one,
    addresses: one.addresses.filter((line) => labels.has(line.split(": ")[0] ?? "")),
  }));
  const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  expect([
    ...brokenPromises({ version: released, addresses, removals, changelog }, stacks),
    ...notesThatAreMissing(all),
  ]).toEqual([]);
  if (released === version) return;
  if (process.env["UPDATE_GOLDEN"] !== "1")
    throw new Error(
      `${name}: lists what ${released} released, and package.json says ${version}; run this test with UPDATE_GOLDEN=1, and empty ${REMOVED}`,
    );
  writeFileSync(path, `version ${version}\n${addressLines(stacks).join("\n")}\n`);
}
