type Tree = unknown;

/**
 * Paths of the leaves in which two trees differ, sorted; elements of lists are told apart by their place.
 *
 * @example
 * ```ts
 * changedPaths({ a: { b: 1 } }, { a: { b: 2 }, c: [] }); // ["a.b", "c"]
 * ```
 */
export function changedPaths(before: Tree, after: Tree): string[] {
  const [old, now] = [leaves(before), leaves(after)];
  const paths = new Set([...old.keys(), ...now.keys()]);
  return [...paths].filter((path) => old.get(path) !== now.get(path)).sort();
}

function leaves(tree: Tree, path: readonly string[] = []): Map<string, string> {
  const entries = typeof tree === "object" && tree !== null ? Object.entries(tree) : [];
  if (entries.length === 0) return new Map([[path.join("."), tree === undefined ? "undefined" : JSON.stringify(tree)]]);
  return new Map(entries.flatMap(([key, value]) => [...leaves(value, [...path, key])]));
}
