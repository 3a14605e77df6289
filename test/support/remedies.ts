import type { Violation } from "../../domain/common/violation";

type Tree = Readonly<Record<string, unknown>>;

/** Keys of a path as messages write it: `a.b[0].c`. */
function keysOf(path: string): string[] {
  return path.split(/\.|\[|\]\.?/).filter((key) => key !== "");
}

function put(value: unknown, keys: readonly string[], change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const next = put(list[Number(key)], rest, change);
    return next === undefined
      ? list.filter((_, index) => index !== Number(key))
      : list.map((entry, index) => (index === Number(key) ? next : entry));
  }
  const tree = (typeof value === "object" && value !== null ? value : {}) as Tree;
  return { ...tree, [key]: put(tree[key], rest, change) };
}

/** The value that a remedy names first; undefined where it describes one. */
function namedValue(remedy: string): unknown {
  const text =
    /^(?:use|use a value such as|use one such as|use a region name such as|use an id such as) "([^"]+)"/.exec(remedy);
  if (text !== null) return text[1]?.includes("...") === true ? undefined : text[1];
  const number = /^use (\d+)(?: to \d+(?: [a-z']+)*| or less.*| or more.*|, \d+.*)?$/i.exec(remedy);
  return number === null ? undefined : Number(number[1]);
}

/**
 * A configuration after what a violation says to do; undefined where only a person can do it.
 *
 * @param tree - The configuration that was refused.
 */
export function applied(tree: Tree, { path, remedy }: Violation): Tree | undefined {
  const keys = keysOf(path);
  if (/^(remove it|leave it out)($|[,:;])/.test(remedy)) return put(tree, keys, () => undefined) as Tree;
  const set = /^set ([\w.]+) to ("[^"]*"|true|false|\d+)/.exec(remedy);
  if (set !== null) return put(tree, keysOf(set[1] ?? ""), () => JSON.parse(set[2] ?? "null") as unknown) as Tree;
  const value = namedValue(remedy);
  return value === undefined ? undefined : (put(tree, keys, () => value) as Tree);
}
