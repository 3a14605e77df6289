import fc from "fast-check";

import { commandLines, fold, section, width, wrap } from "../../cli/text";

describe("wrap", () => {
  test("breaks between words and indents what follows as far as the first line's start", () => {
    expect(wrap("one two three four", "  - ", 14)).toBe("  - one two\n    three four");
  });

  test("keeps a longer word whole, so that it can be copied", () => {
    expect(wrap("see https://example.com/a/long/path now", "", 12)).toBe("see\nhttps://example.com/a/long/path\nnow");
  });

  test("loses nothing, and is wider than asked only for a single long word", () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 10, max: 40 }), (words, columns) => {
        const lines = wrap(words.join(" "), "- ", columns).split("\n");

        expect(lines.flatMap((line) => line.slice(2).split(" "))).toEqual(words);
        for (const line of lines) expect(line.length <= columns || !line.slice(2).includes(" ")).toBe(true);
      }),
    );
  });
});

describe("fold", () => {
  test.each([
    ["short", ["short"]],
    ["", [""]],
    ["one, two, three", ["one, two,", "three"]],
    ["abcdefghijklm", ["abcdefghij", "klm"]],
    ['["a","b","c","d"]', ['["a","b",', '"c","d"]']],
  ])("breaks %j", (text, lines) => {
    expect(fold(text, { columns: 10, behind: ", " })).toEqual(lines);
  });

  test("ends what is too long with an ellipsis", () => {
    expect(fold("x".repeat(40), { columns: 10, behind: ", ", most: 2 })).toEqual(["x".repeat(10), `${"x".repeat(9)}…`]);
  });

  test("breaks a path behind its dots", () => {
    expect(fold("network.natZones.first", { columns: 18, behind: "." })).toEqual(["network.natZones.", "first"]);
  });
});

test("a section without lines is nothing at all", () => {
  expect(section("Snapshot", [])).toBe("");
  expect(section("Snapshot", ["  one"])).toBe("\nSnapshot\n  one\n");
});

test("output that is not a terminal is 80 wide", () => {
  expect(width()).toBe(80);
});

test("a long command is broken before its options, so that it can still be pasted", () => {
  expect(commandLines(`aws ${"x".repeat(60)} --one 1 --two 2`)).toBe(
    `  aws ${"x".repeat(60)} \\\n      --one 1 \\\n      --two 2`,
  );
});
