import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Project } from "../support/project";
import { ROOT } from "../support/run";

const clones: Project[] = [];
afterAll(() => clones.forEach((clone) => clone.remove()));

/** A clone whose command prints the folder of its sources. */
const cloneOf = (files: Readonly<Record<string, string>> = {}): Project => {
  const clone = new Project();
  clones.push(clone);
  for (const name of ["bin", "scripts/cli-of-clone.js", "scripts/cli-bundle.js"]) {
    cpSync(join(ROOT, name), clone.path(name), { recursive: true });
  }
  const main = `${functions(400)}\nprocess.stdout.write(__dirname + " " + all());
export const hasEnded = () => process.argv[2] !== "refused";`;
  Object.entries({ "cli/main.ts": main, ...files }).forEach(([name, text]) => clone.write(name, text));
  return clone;
};

/** Enough code for a cache in whose middle a byte matters. */
const functions = (count: number): string => {
  const names = Array.from({ length: count }, (_, index) => `f${index}`);
  const each = names.map((name, index) => `function ${name}(a: number) { return [a, "${name}"].length + ${index}; }`);
  return `${each.join("\n")}\nconst all = () => ${names.map((name) => `${name}(1)`).join(" + ")};`;
};

const withEsbuild = (clone: Project): Project => {
  mkdirSync(clone.path("node_modules"), { recursive: true });
  for (const name of ["esbuild", "@esbuild"]) {
    symlinkSync(join(ROOT, "node_modules", name), clone.path(join("node_modules", name)));
  }
  return clone;
};

const run = (clone: Project, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
  runCommand(clone, "plan", ...args);

const runCommand = (clone: Project, command: string, ...args: readonly string[]): ReturnType<typeof run> => {
  const env = { ...process.env, NODE_OPTIONS: "", TMPDIR: clone.path("tmp") };
  mkdirSync(clone.path("tmp"), { recursive: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...args, clone.path(join("bin", "cdktf-retool.js")), command],
    { encoding: "utf8", env },
  );
  return { status, stdout, stderr };
};

const ran = (clone: Project): object => ({
  ...{ status: 0, stderr: "" },
  stdout: `${clone.path("cli")} ${(400 * 399) / 2 + 400 * 2}`,
});

const kept = (clone: Project): readonly string[] => {
  const cache = clone.path(join("node_modules", ".cache"));
  return readdirSync(cache, { recursive: true, encoding: "utf8" }).map((name) => join(cache, name));
};

describe("the command of a clone", () => {
  const clone = withEsbuild(cloneOf());
  const cachesOf = (): readonly string[] => kept(clone).filter((name) => name.endsWith(".cache"));

  test("runs, and compiles again where its cache is damaged", () => {
    expect(run(clone)).toEqual(ran(clone));
    const [cache = ""] = cachesOf();
    const damaged = readFileSync(cache);
    damaged.fill(0xff, Math.floor(damaged.length / 4), Math.floor((damaged.length * 3) / 4));
    writeFileSync(cache, damaged);

    expect(run(clone)).toEqual(ran(clone));
    expect(readFileSync(cache).equals(damaged)).toBe(false);
  });

  test("keeps no code of a command that ended early", () => {
    const before = cachesOf();

    expect(runCommand(clone, "refused")).toEqual(ran(clone));
    expect(cachesOf()).toEqual(before);
  });

  test("has a cache for each set of V8's flags", () => {
    expect(run(clone, "--no-opt")).toEqual(ran(clone));
    expect(cachesOf()).toHaveLength(2);
  });

  test("is bundled again after a change, past a link that leads nowhere; only what is an hour old is removed", () => {
    const before = kept(clone);
    const [old = "", ...young] = before.filter((name) => name.endsWith(".cache"));
    utimesSync(old, 0, 0);
    symlinkSync("someone@host.1234", clone.path(join("cli", ".#main.ts")));

    expect(run(clone)).toEqual(ran(clone));
    expect(kept(clone)).toEqual(expect.arrayContaining(young));
    expect(kept(clone)).not.toContain(old);
  });

  test("removes the bundles of clones that are gone", () => {
    const cache = join("node_modules", ".cache");
    clone.write(join(cache, "cdktf-retool-0000000a", "root"), clone.path("gone"));
    clone.write(join(cache, "cdktf-retool-0000000b", "root"), clone.folder);
    clone.write(join(cache, "jiti", "other.cjs"), "");
    clone.write(join("cli", "more.ts"), "");

    expect(run(clone)).toEqual(ran(clone));
    const names = readdirSync(clone.path(cache)).map((name) =>
      name.replace(/^cdktf-retool-(?!0000)[0-9a-f]{8}$/, "own"),
    );
    expect(names.sort()).toEqual(["cdktf-retool-0000000b", "jiti", "own"]);
  });

  test("is bundled for one run where node_modules cannot be written to", () => {
    const readOnly = withEsbuild(cloneOf({ "node_modules/.cache": "" }));

    expect(run(readOnly)).toEqual(ran(readOnly));
    expect(readdirSync(readOnly.path("tmp"))).toEqual([]);
  });

  test("says in one line what is missing", () => {
    expect(run(cloneOf())).toEqual({
      ...{ status: 2, stdout: "" },
      stderr: "cli/main.ts: cannot be bundled: Cannot find module 'esbuild'; run npm ci\n",
    });
  });

  test("says only what esbuild says of a wrong source", () => {
    const { status, stderr } = run(withEsbuild(cloneOf({ "cli/main.ts": "const = 1;" })));

    expect(status).toBe(2);
    expect(stderr).toMatch(/\[ERROR\] Expected identifier/);
    expect(stderr).not.toContain("npm ci");
  });
});
