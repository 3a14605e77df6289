import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const { engines, scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};

const guides = readdirSync(join(ROOT, "docs", "guides")).map((name) => `docs/guides/${name}`);
const pages = new Map(["README.md", ...guides].map((page) => [page, readFileSync(join(ROOT, page), "utf8")]));
const textOf = (page: string): string => pages.get(page) ?? "";

const matchesOf = (pattern: RegExp, text: string): string[] =>
  [...text.matchAll(pattern)].map(([, found = ""]) => found);

/** The first program of the guide to the library; what follows there are parts of programs. */
const [program = ""] = matchesOf(/^```ts\n([\s\S]*?)^```$/gm, textOf("docs/guides/library.md"));

/** What the compiler says, in one run, about programs that import the package by its name. */
const errorsIn = (programs: Readonly<Record<string, string>>): string[] => {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
    for (const [file, text] of Object.entries(programs)) writeFileSync(join(folder, file), text);
    const paths = {
      "cdktf-retool": [join(ROOT, "library", "index.ts")],
      "cdktf-retool/*": [join(ROOT, "*", "index.ts")],
    };
    const settings = { extends: join(ROOT, "tsconfig.json"), compilerOptions: { paths }, include: ["*.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { cwd: ROOT, encoding: "utf8" });
    return stdout.split("\n").filter((line) => line.includes("error TS"));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe("README.md", () => {
  test("leads to a program that compiles, and the compiler would notice a mistake", () => {
    const mistake = program.replace("allowFrom", "allowForm");

    expect(program).toContain('from "cdktf-retool"');
    expect(errorsIn({ "program.ts": program, "mistake.ts": mistake })).toEqual([
      expect.stringMatching(/mistake\.ts.*'allowForm'/),
    ]);
  }, 240_000);

  test.each([...pages.keys()])("%s names npm scripts, files and folders that exist", (page) => {
    const named = matchesOf(/npm run ([\w:-]+)/g, textOf(page));
    const linked = matchesOf(/\]\((?!https?:|#)([^)#]+)/g, textOf(page));

    expect(named.filter((script) => !(script in scripts))).toEqual([]);
    expect(linked.filter((path) => !existsSync(join(ROOT, dirname(page), path)))).toEqual([]);
  });

  test("leads to every guide, in at most 900 words", () => {
    const linked = matchesOf(/\]\((docs\/guides\/[^)#]+)/g, readme);

    expect(guides.filter((guide) => !linked.includes(guide))).toEqual([]);
    expect(readme.split(/\s+/).length).toBeLessThanOrEqual(900);
  });

  test("says on its first screen what it costs, where it was not run, and what it depends on", () => {
    const [first = ""] = readme.split("![");

    for (const fact of [
      /For\*\* operators/,
      /about [\d,]+ USD a month/,
      /Not run in a real AWS account/,
      /cdktf is archived/,
      /Enterprise plan/,
    ]) {
      expect(first).toMatch(fact);
    }
  });

  test("explains every flag of `npm run local` in its guide", () => {
    const { stdout } = spawnSync(process.execPath, ["--import", "tsx", join("local", "main.ts"), "--help"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const flags = matchesOf(/^ {2}(--[\w-]+)/gm, stdout);

    expect(flags).toContain("--kubeconfig");
    expect(matchesOf(/^\| `(--[\w-]+)/gm, textOf("docs/guides/try-it.md")).sort()).toEqual(flags.sort());
  }, 60_000);

  test("asks for the Node releases that the package accepts", () => {
    expect(readme).toContain(engines.node.replace(/>=(\d+\.\d+)\.0 <(\d+)/, ">= $1 and < $2"));
  });
});
