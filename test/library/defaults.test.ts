import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** Interfaces that users write, by their names. */
const WRITTEN =
  /^export interface (\w+(?:Props|Spec|Target|Taint|Ids|Lookup|Destination|Host|Database))\b[^{]*\{\n([\s\S]*?)^\}/gm;
const MEMBER = /^((?: {2}\/\*\*[\s\S]*?\*\/\n)?) {2}readonly (\w+)(\??):/gm;

/** Optional members of what users write whose comment does not say what holds without them. */
const withoutDefault = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), "utf8").matchAll(WRITTEN)].flatMap(([, owner = "", body = ""]) =>
    [...body.matchAll(MEMBER)]
      .filter(([, comment = "", , optional]) => optional === "?" && !comment.includes("@default"))
      .map(([, , name]) => `${file}: ${owner}.${name ?? ""}`),
  );

test("every optional setting says what holds without it", () => {
  const files = ["library", "domain", "constructs", "stacks"].flatMap((layer) =>
    readdirSync(join(ROOT, layer), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(layer, file)),
  );

  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(withoutDefault)).toEqual([]);
});
