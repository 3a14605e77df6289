import { changedPaths } from "./changes";

test("names what differs, by its leaves", () => {
  expect(changedPaths({ a: { b: 1, c: 2 } }, { a: { b: 1, c: 2 } })).toEqual([]);
  expect(changedPaths({ a: { b: 1, c: 2 } }, { a: { b: 3, d: 2 } })).toEqual(["a.b", "a.c", "a.d"]);
  expect(changedPaths({ a: ["x", "y"] }, { a: ["x", "z", "y"] })).toEqual(["a.1", "a.2"]);
  expect(changedPaths({ a: {} }, { a: [] })).toEqual(["a"]);
  expect(changedPaths({ a: 1 }, { a: "1" })).toEqual(["a"]);
});
