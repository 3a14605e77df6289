import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const ROOT = join(__dirname, "..");
const CRUISE = join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
const LAYERS = ["main.ts", "config", "domain", "constructs", "library", "stacks", "cli", "local"];

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

  test("what the layers and rooms are for is allowed", () => {
    expect(
      violationsOf({
        "main.ts": `import "cdktf"; import "./stacks"; import "./config"; import "./domain";`,
        "config/index.ts": `import type { A } from "../domain"; export const a: A = 1; import "./prod";`,
        "config/prod.ts": `import { type A } from "../domain/common/a"; export const a: A = 1;`,
        "domain/index.ts": `export * from "./common"; export * from "./environment";`,
        "domain/common/index.ts": `export * from "./a";`,
        "domain/common/a.ts": `import "zod"; export type A = number;`,
        "domain/database/index.ts": `export const database = 1; import "../common";`,
        "domain/backup/index.ts": `import "../common"; import "../database";`,
        "domain/environment/index.ts": `import "../backup"; import "../database"; import "../common";`,
        "constructs/index.ts": `export * from "./network"; export * from "./common";`,
        "constructs/common/index.ts": `export * from "./contracts"; import "./render";`,
        "constructs/common/contracts.ts": `export interface INetwork { id: string }`,
        "constructs/common/render.ts": `import { join } from "node:path"; export const path = join;`,
        "constructs/network/index.ts": `export * from "./network";`,
        "constructs/network/network.ts": `import "./routes"; import "${VPC}"; import "cdktf"; import "constructs"; import "../common/render"; import "../../domain";`,
        "constructs/network/routes.ts": `export const routes = 1;`,
        "stacks/index.ts": `export * from "./platform"; import "@cdktf/provider-aws/lib/provider";`,
        "stacks/platform.ts": `import "../constructs"; import "../domain"; import "cdktf";`,
        "cli/main.ts": `import "node:fs"; import "commander"; import "./probe"; import "../domain"; import "../config";`,
        "cli/probe.ts": `export const probe = 1;`,
        "local/main.ts": `import "node:fs"; import "../domain"; import "../config"; import "../cli/probe";`,
      }),
    ).toEqual([]);
  });

  test("every other arrow is refused, by the name of the rule it breaks", () => {
    const forbidden: readonly (readonly [rule: string, from: string, specifier: string, to: string])[] = [
      ["domain-is-pure", "domain/common/bad.ts", "cdktf", resolved("cdktf")],
      ["domain-is-pure", "domain/common/bad.ts", "node:fs", "fs"],
      ["domain-is-pure", "domain/common/bad.ts", "commander", resolved("commander")],
      ["domain-is-pure", "domain/common/bad.ts", "../../constructs/fine", "constructs/fine.ts"],
      ["room-common", "domain/common/bad.ts", "../database/fine", "domain/database/fine.ts"],
      ["room-database", "domain/database/bad.ts", "../backup/fine", "domain/backup/fine.ts"],
      ["room-backup", "domain/backup/bad.ts", "../environment/fine", "domain/environment/fine.ts"],
      ["room-unknown", "domain/attic/bad.ts", "../common/fine", "domain/common/fine.ts"],
      ["config-is-data", "config/bad.ts", "../stacks/fine", "stacks/fine.ts"],
      ["config-is-data", "config/bad.ts", "node:process", "process"],
      ["config-takes-types-only", "config/bad.ts", "../domain/common/fine", "domain/common/fine.ts"],
      ["constructs-draw-plans", "constructs/network/bad.ts", "../../config/fine", "config/fine.ts"],
      ["constructs-draw-plans", "constructs/network/bad.ts", "../../stacks/fine", "stacks/fine.ts"],
      ["constructs-draw-plans", "constructs/network/bad.ts", "node:fs", "fs"],
      ["no-sibling-construct", "constructs/network/bad.ts", "../cluster/fine", "constructs/cluster/fine.ts"],
      ["no-sibling-construct", "constructs/common/bad.ts", "../cluster/fine", "constructs/cluster/fine.ts"],
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
      ["no-development-dependency", "domain/common/bad.ts", "jest", resolved("jest")],
      ["no-unresolvable", "cli/bad.ts", "./nowhere", "./nowhere"],
    ];
    const fine = ["config", "constructs", "constructs/cluster", "stacks", "cli", "local"].concat(
      ["common", "database", "backup", "environment"].map((room) => `domain/${room}`),
    );
    const files: Record<string, string> = {};
    for (const folder of fine) files[`${folder}/fine.ts`] = "export const fine = 1;";
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
        "constructs/network/bad.ts": `import "@cdktf/provider-aws";`,
        "library/bad.ts": `import "@cdktf/provider-aws/lib";`,
      }),
    ).toEqual(
      expect.arrayContaining([
        `no-provider-barrel: constructs/network/bad.ts -> ${barrel}`,
        `no-provider-barrel: library/bad.ts -> ${barrel}`,
      ]),
    );
  });

  test("a cycle is refused, of types too", () => {
    expect(
      violationsOf({
        "domain/common/a.ts": `import type { B } from "./b"; export interface A { readonly b: B }`,
        "domain/common/b.ts": `import type { A } from "./a"; export interface B { readonly a: A }`,
      }),
    ).toEqual(["no-cycle: domain/common/a.ts -> domain/common/b.ts"]);
  });
});

/** TypeScript files below a folder of the project, without the lists of what a room exports. */
const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && basename(file) !== "index.ts")
    .sort();

describe("constructs", () => {
  const directory = join(ROOT, "constructs");
  const text = (file: string): string => readFileSync(join(directory, file), "utf8");
  const files = filesOf("constructs");
  const exportsOf = (index: string): string[] =>
    [...text(index).matchAll(/ from "\.\/([^"]+)"/g)]
      .map(([, name = ""]) => join(dirname(index), name))
      .flatMap((path) =>
        existsSync(join(directory, path, "index.ts")) ? exportsOf(join(path, "index.ts")) : `${path}.ts`,
      );

  /** A part of a construct is named `<construct>-<part>` and tested with it. */
  const isPart = (file: string): boolean => files.some((other) => file.startsWith(`${other.replace(/\.ts$/, "")}-`));
  const constructs = files.filter(
    (file) => /^export class \w+ extends (Construct|StoredSecret)\b/m.test(text(file)) && !isPart(file),
  );

  test("are found", () => {
    expect(constructs).toEqual(expect.arrayContaining(["network/network.ts", "secrets/sandbox-keys.ts"]));
  });

  test("each have a test of the same name", () => {
    const tests = filesOf("test/constructs");

    expect(constructs.filter((file) => !tests.includes(file.replace(/\.ts$/, ".test.ts")))).toEqual([]);
  });

  test("are exported by constructs/index.ts, with the interfaces that they share", () => {
    const exported = exportsOf("index.ts");

    expect([...constructs, "common/contracts.ts"].filter((file) => !exported.includes(file))).toEqual([]);
  });
});

test.each(["domain", "constructs", "cli"])("tests of %s have the name of what they test", (layer) => {
  const sources = filesOf(layer);

  expect(filesOf(`test/${layer}`).filter((file) => !sources.includes(file.replace(/\.test\.ts$/, ".ts")))).toEqual([]);
});
