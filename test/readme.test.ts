import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const { engines, scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};

const matchesOf = (pattern: RegExp): string[] => [...readme.matchAll(pattern)].map(([, found = ""]) => found);

const blocks = matchesOf(/^```ts\n([\s\S]*?)^```$/gm);

/** What the compiler says about a program that imports the package by its name. */
const errorsOf = (program: string): string[] => {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
    writeFileSync(join(folder, "program.ts"), program);
    const paths = {
      "cdktf-retool": [join(ROOT, "library", "index.ts")],
      "cdktf-retool/*": [join(ROOT, "*", "index.ts")],
    };
    const settings = { extends: join(ROOT, "tsconfig.json"), compilerOptions: { paths }, include: ["program.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { cwd: ROOT, encoding: "utf8" });
    return stdout.split("\n").filter((line) => line.includes("error TS"));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe("README.md", () => {
  test("shows programs that compile", () => {
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.flatMap(errorsOf)).toEqual([]);
  }, 120_000);

  test("would not get away with a program that does not", () => {
    const [program = ""] = blocks;

    expect(errorsOf(program.replace("retoolVersion", "retoolVerison"))).toEqual([
      expect.stringContaining("'retoolVerison' does not exist"),
    ]);
  }, 120_000);

  test("names npm scripts that exist", () => {
    const named = new Set(matchesOf(/npm run ([\w:-]+)/g));

    expect([...named].filter((script) => !(script in scripts))).toEqual([]);
    expect(named).toContain("local");
  });

  test("names files and folders that exist", () => {
    const linked = matchesOf(/\]\((?!https?:)([^)#]+)\)/g);

    expect(linked).toContain("docs/diagram.svg");
    expect(linked.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("explains every flag of `npm run local`", () => {
    const { stdout } = spawnSync(process.execPath, ["--import", "tsx", join("local", "main.ts"), "--help"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const flags = [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag);

    expect(flags).toContain("--kubeconfig");
    expect([...matchesOf(/^\| `(--[\w-]+)/gm)].sort()).toEqual(flags.sort());
  }, 60_000);

  test("asks for the Node releases that the package accepts", () => {
    expect(readme).toContain(engines.node.replace(/>=(\d+\.\d+)\.0 <(\d+)/, ">= $1 and < $2"));
  });
});
