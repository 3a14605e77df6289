import { nearest } from "../domain/common/nearest";
import { TOPICS } from "../domain/environment/topics";
import { Failure } from "./failure";
import type { Report } from "./report";
import reference from "./settings.json";
import { bullets, colors, section, wrap } from "./text";

/** One setting as the generated reference has it. */
interface Entry {
  readonly path: string;
  readonly type: string;
  readonly default?: string;
  readonly kinds?: readonly string[];
  readonly text: string;
}

const ENTRIES: readonly Entry[] = reference;

/**
 * What may be configured: the parts of a configuration, or the setting of a path with everything below it. A word that
 * is not a path finds every setting whose path has it.
 */
export function settings(path: string | undefined): Report {
  const entries = path === undefined ? ENTRIES : found(path);
  return {
    json: entries.map(typed),
    text: () => (path === undefined ? overview() : entries.map(described).join("\n")),
  };
}

/** An entry whose default has its type; one that is said in words is `defaultText`, and what has neither is required. */
function typed({ default: written, ...entry }: Entry): object {
  if (written === undefined) return entry;
  try {
    return { ...entry, default: JSON.parse(written) as unknown };
  } catch {
    return { ...entry, defaultText: written.replace(/^- /, "") };
  }
}

function overview(): string {
  const parts = TOPICS.map(({ title, keys }) => section(title, bullets(keys.map(summary))));
  return `${parts.join("").trimStart()}\n${wrap("npx cdktf-retool settings <path> shows one of them with everything below it; docs/settings.md lists all on one page.")}\n`;
}

function summary(key: string): string {
  const text = ENTRIES.find(({ path }) => path === key)?.text ?? "";
  return `${key}: ${/^.*?[^.][.](?=\s|$)/s.exec(text)?.[0] ?? text}`;
}

/** Indexes of lists may be written, as messages have them: `egress.resources[0].to`. */
function found(written: string): readonly Entry[] {
  const path = written.replaceAll(/\[\d*\]/g, "[]");
  const pattern = new RegExp(`^${path.split(".").map(segmentPattern).join("[.]")}($|[.[])`);
  const exact = ENTRIES.filter((entry) => pattern.test(entry.path));
  if (exact.length > 0) return exact;
  const map = ENTRIES.filter((entry) => entry.type.includes("map of") && path.startsWith(`${entry.path}.`));
  if (map.length > 0) return map;
  const word = path.toLowerCase();
  const containing = ENTRIES.filter((entry) => entry.path.toLowerCase().includes(word));
  if (containing.length > 0) return containing;
  throw new Failure(`${written}: is not a setting; ${didYouMean(path)}`);
}

/** A name in a path may also be a key that the configuration itself chooses, such as a tag's. */
function segmentPattern(segment: string): string {
  return `(${segment.replaceAll(/[\\^$*+?.()|[\]{}]/g, "\\$&")}|<name>)`;
}

function didYouMean(path: string): string {
  const paths = ENTRIES.map((entry) => entry.path);
  const parent = path.slice(0, path.lastIndexOf(".") + 1);
  const last = path.slice(parent.length);
  const siblings = paths.filter((other) => other.startsWith(parent) && !other.slice(parent.length).includes("."));
  const sibling = nearest(
    last,
    siblings.map((other) => other.slice(parent.length)),
  );
  const meant = sibling === undefined ? (nearest(path, paths) ?? sameName(last, paths)) : `${parent}${sibling}`;
  return meant === undefined ? "npx cdktf-retool settings lists all" : `did you mean ${meant}?`;
}

/** A setting whose last name is alike, wherever it stands. */
function sameName(name: string, paths: readonly string[]): string | undefined {
  const byName = new Map(paths.map((path) => [path.slice(path.lastIndexOf(".") + 1), path]));
  const meant = nearest(name, [...byName.keys()]);
  return meant === undefined ? undefined : byName.get(meant);
}

function described({ path, type, default: value, kinds = [], text }: Entry): string {
  const only = kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
  const paragraphs = text.split("\n\n").map((paragraph) => wrap(paragraph, "    "));
  const facts = [`takes ${type}`, value === undefined ? "required" : `default ${value.replace(/^- /, "")}`];
  return [`${colors().bold(path)}${only}`, ...facts.map((fact) => wrap(fact, "    ")), ...paragraphs, ""].join("\n");
}
