/** Values of each setting besides its absence. */
export type Choices = Readonly<Record<string, readonly unknown[]>>;

/**
 * Few sets of settings in which each two values of different settings, and each value with the absence of another, occur together.
 *
 * Greedy: each set begins with a pair that is missing, and takes for every other setting the value that covers most.
 */
export function pairs(choices: Choices): object[] {
  const keys = Object.keys(choices);
  const valuesOf = (key: string): readonly unknown[] => [undefined, ...(choices[key] ?? [])];
  const name = (key: string, index: number): string => `${key}#${index}`;
  const missing = new Set(
    keys.flatMap((left, at) =>
      keys
        .slice(at + 1)
        .flatMap((right) =>
          valuesOf(left).flatMap((_, one) =>
            valuesOf(right).map((__, two) => `${name(left, one)}|${name(right, two)}`),
          ),
        ),
    ),
  );
  const pairOf = (left: string, right: string): string =>
    keys.indexOf(left.split("#")[0] ?? "") < keys.indexOf(right.split("#")[0] ?? "")
      ? `${left}|${right}`
      : `${right}|${left}`;
  const sets: object[] = [];
  while (missing.size > 0) {
    const [first = ""] = missing;
    const chosen = new Map(first.split("|").map((one) => [one.split("#")[0] ?? "", one]));
    for (const key of keys.filter((one) => !chosen.has(one))) {
      const gain = (index: number): number =>
        [...chosen.values()].filter((other) => missing.has(pairOf(name(key, index), other))).length;
      const indexes = valuesOf(key).map((_, index) => index);
      const best = indexes.reduce((top, index) => (gain(index) > gain(top) ? index : top), 0);
      chosen.set(key, name(key, best));
    }
    const all = [...chosen.values()];
    all.forEach((left, at) => all.slice(at + 1).forEach((right) => missing.delete(pairOf(left, right))));
    const entries = keys.map((key) => [key, valuesOf(key)[Number(chosen.get(key)?.split("#")[1])]] as const);
    sets.push(Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
  }
  return sets;
}
