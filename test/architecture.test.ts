import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const ROOT = join(__dirname, "..");
const CRUISE = join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
const LAYERS = ["main.ts", "config", "domain", "constructs", "stacks", "cli", "local", "examples"];

interface Rule {
  readonly name: string;
  readonly to: { readonly pathNot?: readonly string[] };
}

/** Whether constructs share a file of constructs/, by the rule that lets them; the package need not export it. */
const isHelper = (file: string): boolean => {
  const { forbidden } = createRequire(__filename)("../.dependency-cruiser.cjs") as { readonly forbidden: Rule[] };
  const helpers = forbidden.find(({ name }) => name === "no-sibling-construct")?.to.pathNot ?? [];
  return helpers.some((pattern) => new RegExp(pattern).test(`constructs/${file}`));
};

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { name: string } }[];
  };
}

const cruise = (directory: string): Cruise["summary"] => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [CRUISE, "--config", ".dependency-cruiser.cjs", "--output-type", "json", ...LAYERS],
    { cwd: directory, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (!stdout.startsWith("{")) {
    throw new Error(`dependency-cruiser said no JSON: ${stdout}${stderr}`);
  }
  return (JSON.parse(stdout) as Cruise).summary;
};

const violations = (directory: string): string[] =>
  cruise(directory)
    .violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
    .sort();

/** Cruises a tree of the given files, under this project's rules and with its package.json. */
const violationsOf = (files: Readonly<Record<string, string>>): string[] => {
  const directory = mkdtempSync(join(tmpdir(), "architecture-"));
  const write = (path: string, text: string): void => {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  try {
    for (const file of [".dependency-cruiser.cjs", "package.json"]) {
      cpSync(join(ROOT, file), join(directory, file));
    }
    for (const name of ["cdktf", "constructs", "zod", "commander", "jest", "@cdktf/provider-aws"]) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: "lib/index.js" }));
      write(`node_modules/${name}/lib/index.js`, "");
    }
    write("node_modules/@cdktf/provider-aws/lib/vpc/index.js", "");
    write("node_modules/@cdktf/provider-aws/lib/provider/index.js", "");
    LAYERS.filter((layer) => layer !== "main.ts").forEach((layer) => write(`${layer}/.keep`, ""));
    write("main.ts", "");
    Object.entries(files).forEach(([path, text]) => write(path, text));
    return violations(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const VPC = "@cdktf/provider-aws/lib/vpc";
const resolved = (name: string): string => `node_modules/${name}/lib/index.js`;

describe("layers", () => {
  test("no file of the project crosses a layer, closes a cycle or imports a barrel", () => {
    expect(violations(ROOT)).toEqual([]);
  });

  test("what the layers are for is allowed", () => {
    expect(
      violationsOf({
        "main.ts": `import "cdktf"; import "./stacks"; import "./config"; import "./domain";`,
        "config/index.ts": `import type { A } from "../domain"; export const a: A = 1; import "./prod";`,
        "config/prod.ts": `import { type A } from "../domain/a"; export const a: A = 1;`,
        "domain/index.ts": `export * from "./a";`,
        "domain/a.ts": `import "zod"; export type A = number;`,
        "constructs/index.ts": `export * from "./network"; export * from "./contracts";`,
        "constructs/network-routes.ts": `export const routes = 1;`,
        "constructs/network/network.ts": `import "./network-routes"; import "${VPC}"; import "cdktf"; import "constructs"; import "./render"; import "./contracts"; import "./workloads-core"; import "../domain";`,
        "constructs/common/contracts.ts": `export interface INetwork { id: string }`,
        "constructs/common/render.ts": `import { join } from "node:path"; export const path = join;`,
        "constructs/workloads-core.ts": `export const core = 1;`,
        "stacks/index.ts": `export * from "./platform"; import "@cdktf/provider-aws/lib/provider";`,
        "stacks/platform.ts": `import "../constructs"; import "../domain"; import "cdktf";`,
        "cli/main.ts": `import "node:fs"; import "commander"; import "./probe"; import "../domain"; import "../config";`,
        "cli/probe.ts": `export const probe = 1;`,
        "local/main.ts": `import "node:fs"; import "../domain"; import "../config";`,
        "examples/minimal/main.ts": `import "cdktf"; import "../../constructs"; import "../../stacks"; import "../../domain"; import "./own";`,
        "examples/minimal/own.ts": `export const own = 1;`,
      }),
    ).toEqual([]);
  });

  test("every other arrow is refused, by the name of the rule it breaks", () => {
    const forbidden: readonly (readonly [rule: string, from: string, specifier: string, to: string])[] = [
      ["domain-is-pure", "domain/bad.ts", "cdktf", resolved("cdktf")],
      ["domain-is-pure", "domain/bad.ts", "node:fs", "fs"],
      ["domain-is-pure", "domain/bad.ts", "commander", resolved("commander")],
      ["domain-is-pure", "domain/bad.ts", "../constructs/fine", "constructs/fine.ts"],
      ["config-is-data", "config/bad.ts", "../stacks/fine", "stacks/fine.ts"],
      ["config-is-data", "config/bad.ts", "node:process", "process"],
      ["config-takes-types-only", "config/bad.ts", "../domain/fine", "domain/fine.ts"],
      ["constructs-draw-plans", "constructs/bad.ts", "../config/fine", "config/fine.ts"],
      ["constructs-draw-plans", "constructs/bad.ts", "../stacks/fine", "stacks/fine.ts"],
      ["constructs-draw-plans", "constructs/bad.ts", "node:fs", "fs"],
      ["no-sibling-construct", "constructs/bad.ts", "./fine", "constructs/fine.ts"],
      ["no-sibling-construct", "constructs/bad-part.ts", "./fine", "constructs/fine.ts"],
      ["no-sibling-construct", "constructs/common/render.ts", "./fine", "constructs/fine.ts"],
      ["stacks-compose-constructs", "stacks/bad.ts", "../config/fine", "config/fine.ts"],
      ["stacks-compose-constructs", "stacks/bad.ts", VPC, `node_modules/${VPC}/index.js`],
      ["main-composes-stacks", "main.ts", "./constructs/fine", "constructs/fine.ts"],
      ["main-composes-stacks", "main.ts", VPC, `node_modules/${VPC}/index.js`],
      ["cli-starts-at-once", "cli/bad.ts", "cdktf", resolved("cdktf")],
      ["cli-starts-at-once", "cli/bad.ts", "constructs", resolved("constructs")],
      ["cli-starts-at-once", "cli/bad.ts", "../stacks/fine", "stacks/fine.ts"],
      ["cli-starts-at-once", "cli/bad.ts", "../local/fine", "local/fine.ts"],
      ["local-drives-from-outside", "local/bad.ts", VPC, `node_modules/${VPC}/index.js`],
      ["local-drives-from-outside", "local/bad.ts", "../constructs/fine", "constructs/fine.ts"],
      ["examples-use-the-public-api", "examples/one/main.ts", "../../constructs/fine", "constructs/fine.ts"],
      ["examples-use-the-public-api", "examples/one/main.ts", "../two/main", "examples/two/main.ts"],
      ["no-development-dependency", "cli/bad.ts", "jest", resolved("jest")],
      ["no-unresolvable", "cli/bad.ts", "./nowhere", "./nowhere"],
    ];
    const files: Record<string, string> = { "examples/two/main.ts": "" };
    for (const layer of ["config", "domain", "constructs", "stacks", "cli", "local"]) {
      files[`${layer}/fine.ts`] = "export const fine = 1;";
    }
    for (const [, from, specifier] of forbidden) {
      files[from] = `${files[from] ?? ""}import "${specifier}";\n`;
    }

    const found = violationsOf(files);

    expect(found).toEqual(expect.arrayContaining(forbidden.map(([rule, from, , to]) => `${rule}: ${from} -> ${to}`)));
  });

  test("a provider's barrel is refused from every layer", () => {
    const barrel = resolved("@cdktf/provider-aws");
    expect(
      violationsOf({
        "constructs/bad.ts": `import "@cdktf/provider-aws";`,
        "examples/one/main.ts": `import "@cdktf/provider-aws/lib";`,
      }),
    ).toEqual(
      expect.arrayContaining([
        `no-provider-barrel: constructs/bad.ts -> ${barrel}`,
        `no-provider-barrel: examples/one/main.ts -> ${barrel}`,
      ]),
    );
  });

  test("a cycle is refused, of types too", () => {
    expect(
      violationsOf({
        "domain/a.ts": `import type { B } from "./b"; export interface A { readonly b: B }`,
        "domain/b.ts": `import type { A } from "./a"; export interface B { readonly a: A }`,
      }),
    ).toEqual(["no-cycle: domain/a.ts -> domain/b.ts"]);
  });
});

describe("constructs", () => {
  const directory = join(ROOT, "constructs");
  const text = (file: string): string => readFileSync(join(directory, file), "utf8");
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.startsWith("assets") && basename(file) !== "index.ts",
  );
  const isConstruct = (file: string): boolean => /^export (abstract )?class \w+ /m.test(text(file)) && !isHelper(file);
  const exportsOf = (index: string): string[] =>
    [...text(index).matchAll(/ from "\.\/([^"]+)"/g)].flatMap(([, name = ""]) =>
      existsSync(join(directory, name, "index.ts"))
        ? exportsOf(join(name, "index.ts"))
        : [join(dirname(index), `${name}.ts`)],
    );

  /** A part of a construct is named `<construct>-<part>` and tested with it. */
  const isPart = (file: string): boolean => files.some((other) => file.startsWith(`${other.replace(/\.ts$/, "")}-`));
  const tests = ["constructs", "stacks"].flatMap((folder) =>
    readdirSync(join(ROOT, "test", folder)).map((file) => readFileSync(join(ROOT, "test", folder, file), "utf8")),
  );

  test.each(
    files.filter((file) => (isConstruct(file) && !isPart(file)) || (isHelper(file) && file !== "contracts.ts")),
  )("%s is imported by a test", (file) => {
    const path = `/constructs/${file.replace(/\.ts$/, "")}"`;
    expect(tests.filter((content) => content.includes(path))).not.toEqual([]);
  });

  test.each(files.filter((file) => file === "contracts.ts" || (isConstruct(file) && !isPart(file))))(
    "%s is exported by constructs/index.ts",
    (file) => {
      expect(exportsOf("index.ts")).toContain(file);
    },
  );
});
