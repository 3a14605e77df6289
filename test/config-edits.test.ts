import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { makeWorkspace, ROOT } from "./support/workspace";

jest.setTimeout(240_000);

const folder = makeWorkspace();
const config = (file: string): string => join(folder, "config", file);
const fresh = new Map(["index.ts", "prod.ts"].map((file) => [file, readFileSync(config(file), "utf8")]));

beforeAll(() => {
  for (const part of ["test", "jest.config.js"]) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
});
beforeEach(() => {
  for (const [file, text] of fresh) writeFileSync(config(file), text);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function edit(file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(config(file), "utf8");
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  writeFileSync(config(file), edited);
}

/** Runs test files in the copy; the last words of a red run are its result. */
function run(...files: readonly string[]): string {
  const jest = join(folder, "node_modules", "jest", "bin", "jest.js");
  const result = spawnSync(process.execPath, [jest, "--runInBand", ...files], { cwd: folder, encoding: "utf8" });
  return result.status === 0 ? "green" : result.stderr.slice(-3000);
}

/** What a team that forks the project writes first. */
const EDITS: Readonly<Record<string, () => void>> = {
  "another account": () => {
    edit("prod.ts", "111122223333", "999988887777");
  },
  "another domain": () => {
    edit("prod.ts", "retool.example.com", "tools.acme.dev");
  },
  "another region": () => {
    edit("prod.ts", "us-east-1", "eu-central-1");
  },
  "more builders": () => {
    edit("prod.ts", "} satisfies", "  builders: 60,\n} satisfies");
  },
  "one environment only": () => {
    edit("index.ts", /\{ prod, staging, local \}/, "{ prod }");
  },
  "a fourth environment": () => {
    edit(
      "index.ts",
      /\{ prod, staging, local \}/,
      '{ prod, staging, local, blue: { ...staging, name: "blue", domain: "retool.blue.example.com" } }',
    );
  },
};

describe("a fork's config/", () => {
  test.each(Object.keys(EDITS))("with %s is valid, and the test of it is green", (what) => {
    EDITS[what]!();

    expect(run("test/config.test.ts")).toBe("green");
  });

  test("with a mistake is refused by that test", () => {
    edit("prod.ts", '"111122223333"', '"1111"');

    expect(run("test/config.test.ts")).toContain("account");
  });

  test("is read by no other test: what uses it is green although it cannot be loaded", () => {
    for (const file of fresh.keys()) writeFileSync(config(file), 'throw new Error("config/ is read");\n');

    expect(run("test/local/report.test.ts", "test/domain/environment/neighbours.test.ts")).toBe("green");
    expect(run("test/config.test.ts")).toContain("config/ is read");
  });
});
