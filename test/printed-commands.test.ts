import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

import { allCommands } from "../cli/commands";
import reference from "../cli/settings.json";
import { ROOT } from "./support/run";

/** What is part of the package: all that a reader of a team's own project can see. */
const ROOMS = ["cli", "constructs", "domain", "library", "stacks"];

/** `npm run` of a script that the reader's project is known to have: read from its package.json, or from npm's environment. */
const KNOWN_SCRIPTS = ["npm run synth", "npm run <>"];

/** A text that is printed, and where it stands. */
interface Printed {
  readonly file: string;
  readonly text: string;
}

/** The texts of a source, with `<>` for what is filled in; comments are not printed. */
function textsOf(file: string): Printed[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);
  const texts: Printed[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push({ file, text: node.text });
    if (ts.isTemplateExpression(node)) {
      const text = node.templateSpans.reduce((all, span) => `${all}<>${span.literal.text}`, node.head.text);
      texts.push({ file, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

const sources = ROOMS.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(room, path)),
);
const printed: readonly Printed[] = [
  ...sources.filter((file) => /cdktf-retool|npm run|npx/.test(readFileSync(join(ROOT, file), "utf8"))).flatMap(textsOf),
  ...reference.map(({ text, default: value = "" }) => ({ file: "cli/settings.json", text: `${text} ${value}` })),
];
/** Pages that are part of the package, besides the generated ones. */
const pages = ["docs/guides", "docs/runbooks", "docs/capacity"].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name)),
);

/** Everything that a pattern finds, with the file. */
function found(pattern: RegExp): { readonly file: string; readonly match: RegExpMatchArray }[] {
  return printed.flatMap(({ file, text }) => [...text.matchAll(pattern)].map((match) => ({ file, match })));
}

const commands = new Map(allCommands().commands.map((command) => [command.name(), command]));
const calls = found(/(npx )?\bcdktf-retool (?:<>|([a-z][a-z-]*))((?: (?:<[a-z]*>|--?[a-z-]+|[\w./-]+))*)/g).filter(
  ({ match: [, npx, name] }) => npx !== undefined || (name !== undefined && commands.has(name)),
);

describe("a command that is printed works in a team's own project as well", () => {
  test("none is a script of this package", () => {
    const scripts = found(/npm run [\w:<>-]+/g).map(({ file, match: [text] }) => ({ file, text }));

    expect(scripts.filter(({ text }) => !KNOWN_SCRIPTS.includes(text))).toEqual([]);
  });

  test("there are as many as were counted: a pattern that finds none proves nothing", () => {
    expect(calls.length).toBeGreaterThan(20);
  });

  test("each begins with npx, since the package is not installed for the whole machine", () => {
    expect(
      calls.filter(({ match: [, npx] }) => npx === undefined).map(({ file, match: [text] }) => [file, text]),
    ).toEqual([]);
  });

  test("each names its environment where it takes one", () => {
    const takesOne = (name = ""): boolean => commands.get(name)?.registeredArguments[0]?.required === true;
    // The reference of settings is written for all environments.
    const nameless = calls.filter(
      ({ file, match: [, , name, words = ""] }) =>
        file !== "cli/settings.json" && takesOne(name) && !/^ <[a-z]*>/.test(words),
    );

    expect(nameless.map(({ file, match: [text] }) => `${file}: ${text}`)).toEqual([]);
  });

  test("no page of the package calls one as a script of this package", () => {
    const scripts = new RegExp(`npm run (${[...commands.keys()].join("|")})(?![\\w:-])`, "g");
    const wrong = pages.flatMap((page) =>
      [...readFileSync(join(ROOT, page), "utf8").matchAll(scripts)].map(([text]) => `${page}: ${text}`),
    );

    expect(pages.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  test("each is a command with flags that it has", () => {
    const wrong = calls.flatMap(({ file, match: [text, , name, words = ""] }) => {
      if (name === undefined) return [];
      const flags = commands.get(name)?.options.map(({ long }) => long) ?? [];
      const unknown = (words.match(/--[a-z-]+/g) ?? []).filter((flag) => !flags.includes(flag));
      return commands.has(name) && unknown.length === 0 ? [] : [`${file}: ${text}`];
    });

    expect(wrong).toEqual([]);
  });
});
