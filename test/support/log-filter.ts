/** A text may have stars, which stand for any text. */
function isLike(found: unknown, wanted: string | number): boolean {
  if (typeof wanted === "number" || !wanted.includes("*")) return found === wanted;
  return new RegExp(`^${wanted.replaceAll("*", ".*")}$`).test(String(found));
}

/** A filter of CloudWatch Logs on JSON: selectors, comparisons, NOT EXISTS, and, or. */
export function counts({ pattern }: { readonly pattern: string }, line: object): boolean {
  const value = (path: string): unknown =>
    path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], line);
  const compare = (_: string, path: string, operator: string, text: string): string => {
    const [found, wanted] = [value(path), JSON.parse(text) as string | number];
    if (found === undefined) return "false";
    const answers: Readonly<Record<string, boolean>> = {
      "=": isLike(found, wanted),
      "!=": !isLike(found, wanted),
      ">=": Number(found) >= Number(wanted),
      "<=": Number(found) <= Number(wanted),
    };
    return String(answers[operator]);
  };
  let rest = pattern
    .slice(1, -1)
    .replaceAll(/\$\.([\w.]+) NOT EXISTS/g, (_, path: string) => String(value(path) === undefined))
    .replaceAll(/\$\.([\w.]+) (!=|>=|<=|=) ("[^"]*"|\d+)/g, compare)
    .replaceAll(" ", "");
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest
      .replaceAll(/\((true|false)\)/g, "$1")
      .replace(/(true|false)(&&|\|\|)(true|false)/, (_, left: string, operator: string, right: string) =>
        String(operator === "&&" ? left === "true" && right === "true" : left === "true" || right === "true"),
      );
  }
  expect(rest).toMatch(/^(true|false)$/);
  return rest === "true";
}
