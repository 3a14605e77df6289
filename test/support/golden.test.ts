import { readFileSync } from "node:fs";
import { join } from "node:path";

import { differing, expectGolden, goldenJson } from "./golden";

const NAME = "data.prod.txt";
const update = process.env["UPDATE_GOLDEN"];

describe("a golden file", () => {
  const text = readFileSync(join(__dirname, "..", "golden", NAME), "utf8");

  beforeEach(() => {
    delete process.env["UPDATE_GOLDEN"];
  });
  afterEach(() => {
    if (update !== undefined) process.env["UPDATE_GOLDEN"] = update;
  });

  test("accepts what was reviewed", () => {
    expect(() => {
      expectGolden(NAME, text);
    }).not.toThrow();
  });

  test.each([
    ["one character", text.replace("retool", "retoo1")],
    ["a line that is missing", text.slice(text.indexOf("\n") + 1)],
  ])("refuses %s", (_, changed) => {
    expect(() => {
      expectGolden(NAME, changed);
    }).toThrow("toBe");
  });

  test("that does not exist is refused with the way to make it", () => {
    expect(() => {
      expectGolden("absent.txt", text);
    }).toThrow("UPDATE_GOLDEN=1");
  });
});

test("goldenJson sorts keys, and differing shows only what differs", () => {
  expect(goldenJson({ b: 1, a: [2, 1] })).toBe('{\n  "a": [\n    2,\n    1\n  ],\n  "b": 1\n}\n');
  expect(differing({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 4, c: 2 } })).toEqual({ a: { b: 4 }, d: "absent" });
});
