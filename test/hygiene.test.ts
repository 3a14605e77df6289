import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { intersects, satisfies } from "semver";

const ROOT = join(__dirname, "..");
const LOCK = "package-lock.json";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" })
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(ROOT, path)));

/** Every line of a tracked text file that matches, as `path:line: text`. */
const linesMatching = (pattern: RegExp, within: (path: string) => boolean = () => true): string[] =>
  tracked.filter(within).flatMap((path) => {
    const text = read(path);
    return text.includes("\0")
      ? []
      : text.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
  });

// The patterns are built from pieces, so that this file does not match itself.
const anyOf = (...words: readonly string[]): string => `(?:${words.join("|")})`;
const machinePath = new RegExp(`(?<![\\w.$}*-])/${anyOf("work", "root", "opt", "farm", "home", "Users")}/`);
const packageRegistry = new RegExp(
  anyOf(["npmjs", "(?:org|com)"].join("\\."), ["yarnpkg", "com"].join("\\."), ["npm", "pkg", "github"].join("\\.")),
);
const pythonRegistry = new RegExp(anyOf(["pypi", "org"].join("\\."), ["pythonhosted", "org"].join("\\.")));
const leftOver = new RegExp(`\\b${anyOf("TO" + "DO", "FIX" + "ME")}\\b`);
const focusedOrSkipped = new RegExp(
  `\\b${anyOf("describe", "test", "it")}(?:\\.\\w+)*\\.${anyOf("only", "skip")}\\(|\\b[fx]${anyOf("describe", "test", "it")}\\(`,
);

const manifest = JSON.parse(read("package.json")) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};

describe("tracked files", () => {
  test("are found", () => {
    expect(tracked).toEqual(expect.arrayContaining(["package.json", LOCK, "test/hygiene.test.ts"]));
  });

  test("hold no absolute path of a machine", () => {
    expect(linesMatching(machinePath)).toEqual([]);
  });

  test("name no package registry's host", () => {
    expect(linesMatching(packageRegistry)).toEqual([]);
  });

  test("name the Python index only where Retool's own egress list does", () => {
    expect(linesMatching(pythonRegistry, (path) => !path.includes("egress"))).toEqual([]);
  });

  test("hold no note of work left undone", () => {
    expect(linesMatching(leftOver, (path) => path !== LOCK)).toEqual([]);
  });

  test("focus on no test and skip none without a condition", () => {
    expect(linesMatching(focusedOrSkipped, (path) => path.startsWith("test/"))).toEqual([]);
  });
});

/** Words that make a reader stop, each with what to write instead. */
const WORDING: Readonly<
  Record<string, { readonly pattern: RegExp; readonly remedy: string; readonly example: string }>
> = {
  guarantee: wording("sure" + " of", "use request, or guaranteed", "each pod is {}"),
  only: wording("al" + "one", "use only", "over HTTPS {}"),
  besides: wording("be" + "side", "use next to, in addition to, or besides", "{} others"),
  negation: wording("(?<!there )is" + " no(?! longer)", "use is not a, or has no", "it {} host", "is" + " no"),
  opening: wording("(?:who|what)" + "ever", "name the subject; for any, in every", "{} it costs", "what" + "ever"),
  again: wording("a" + "new", "use again", "made {}"),
  duty: wording("sha" + "ll", "use must, or the present tense", "it {} run"),
  own: wording(
    "an? (?:[\\w-]+ ){1,3}of (?:its|their|our|your) " + "own(?! kind)",
    "use its own ..., or a separate ...",
    "in {}",
    "a pod of its " + "own",
  ),
  note: wording("worth " + "knowing", "say what to do with it, or remove the sentence", "{}: it differs"),
  truth: wording("says? " + "true", "use is correct", "they {}", "say " + "true"),
  path: wording("the way " + "from", "use upgrading from, or the path from", "{} 4.0 to 4.34"),
  license: wording("licen" + "ces?", "use license, as Retool and AWS spell it", "the {} key", "licen" + "ce"),
  cost: wording("costs? " + "on", "use you keep paying for", "it {}", "costs " + "on"),
};

function wording(
  text: string,
  remedy: string,
  sentence: string,
  sample = text,
): { readonly pattern: RegExp; readonly remedy: string; readonly example: string } {
  return { pattern: new RegExp(`\\b${text}\\b`, "i"), remedy, example: sentence.replace("{}", sample) };
}

/** Everything that people read: sources with their messages and docstrings, tests with their titles, and pages. */
const isRead = (path: string): boolean => /\.(?:ts|js|cjs|mjs|md|py)$/.test(path) && !path.startsWith("test/golden/");

describe("wording", () => {
  test.each(Object.entries(WORDING))("%s: plain everywhere", (_, { pattern, remedy }) => {
    expect(linesMatching(pattern, isRead).map((line) => `${line}; ${remedy}`)).toEqual([]);
  });

  test.each(Object.values(WORDING))("$example: is found", ({ pattern, example }) => {
    expect(pattern.test(example)).toBe(true);
  });

  test.each(["there is no such host", "it is no longer used", "a value of its own kind", "besides these"])(
    "%s: is not",
    (text) => {
      expect(Object.values(WORDING).filter(({ pattern }) => pattern.test(text))).toEqual([]);
    },
  );
});

describe("the patterns", () => {
  const path = (...parts: readonly string[]): string => ["", ...parts].join("/");

  test.each([
    [machinePath, `see ${path("root", "x")}`],
    [machinePath, `"${path("opt", "tool", "bin")}"`],
    [packageRegistry, ["https://registry", "npmjs", "org"].join(".")],
    [pythonRegistry, ["files", "pythonhosted", "org"].join(".")],
    [leftOver, ["// TO", "DO: later"].join("")],
    [focusedOrSkipped, ["test", `only("a"`].join(".")],
    [focusedOrSkipped, ["describe", "concurrent", `skip("a"`].join(".")],
    [focusedOrSkipped, ["x", `it("a"`].join("")],
  ])("%s finds %s", (pattern, line) => {
    expect(line).toMatch(pattern);
  });

  test.each([
    [machinePath, "https://example.com/work/item"],
    [machinePath, "docs/root/x"],
    [focusedOrSkipped, `template.only("aws_db_instance")`],
    [focusedOrSkipped, "available ? describe : describe.skip"],
  ])("%s passes over %s", (pattern, line) => {
    expect(line).not.toMatch(pattern);
  });
});

describe("package.json", () => {
  test.each(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))(
    "pins %s exactly, got %s",
    (_name, version) => {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    },
  );

  test("has a lock file that resolves from whichever registry is configured", () => {
    expect(read(LOCK)).not.toContain('"resolved":');
  });

  test("has a lock file that names the optional packages of every platform, else `npm ci` refuses it", () => {
    const { packages } = JSON.parse(read(LOCK)) as {
      readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
    };
    const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")));

    expect(optional.filter((name) => !locked.has(name))).toEqual([]);
  });

  test("accepts the Node release that .nvmrc names", () => {
    const major = read(".nvmrc").trim();

    expect(intersects(major, manifest.engines.node)).toBe(true);
    expect(satisfies(`${major}.999.0`, manifest.engines.node)).toBe(true);
  });
});
