import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Root of the project. */
export const ROOT = join(__dirname, "..", "..");

/** What the programs of the project need, apart from `config/`. */
const SOURCES = [
  "main.ts",
  "package.json",
  "tsconfig.json",
  "cdktf.json",
  "domain",
  "constructs",
  "library",
  "stacks",
  "cli",
  "local",
  "bin",
  "scripts",
];
const ENVIRONMENTS = join(__dirname, "environments");

let made: string | undefined;

/**
 * A copy of the project whose `config/` is the tests' own environments, made once a test file and removed when it has ended.
 *
 * What a fork writes into its `config/` and what it keeps in `.local` cannot be seen from there, nor be touched.
 */
export function workspace(): string {
  made ??= makeWorkspace();
  return made;
}

/** Makes another such copy; the caller removes it. */
export function makeWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), "workspace-"));
  for (const source of SOURCES) cpSync(join(ROOT, source), join(folder, source), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  mkdirSync(join(folder, "config"));
  for (const file of readdirSync(ENVIRONMENTS)) {
    const text = readFileSync(join(ENVIRONMENTS, file), "utf8").replaceAll("../../../domain/", "../domain/");
    writeFileSync(join(folder, "config", file), text);
  }
  return folder;
}

afterAll(() => {
  if (made !== undefined) rmSync(made, { recursive: true, force: true });
});
