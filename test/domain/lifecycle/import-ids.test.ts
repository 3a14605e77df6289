import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { FINDERS } from "../../../domain/lifecycle/import-ids";

const ROOT = join(__dirname, "..", "..", "..");

const filesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));

/** Type of every resource that a construct or a stack can make, read from the bindings that they import. */
function typesInUse(): string[] {
  const sources = ["constructs", "stacks"].flatMap((folder) => filesBelow(folder));
  const modules = sources.flatMap((file) =>
    Array.from(
      readFileSync(join(ROOT, file), "utf8").matchAll(/"(@cdktf\/provider-\w+\/lib\/[\w-]+)"/g),
      ([, name]) => name ?? "",
    ),
  );
  const types = [...new Set(modules)]
    .filter((name) => !/\/lib\/(data-|provider$)/.test(name))
    .map(
      (name) => /tfResourceType = "(\w+)"/.exec(readFileSync(require.resolve(`${name}/index.js`), "utf8"))?.[1] ?? name,
    );
  return [...types, "terraform_data"].sort();
}

test("every type of resource is found, or cannot be in the way, and no other is named", () => {
  expect(Object.keys(FINDERS).sort()).toEqual(typesInUse());
});
