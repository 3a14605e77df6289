import { z } from "zod";

import { checkedSpec, withShape } from "../../../domain/common/checked-spec";
import { integer } from "../../../domain/common/setting";

const schema = z.strictObject({
  name: z.string(),
  minutes: integer({ min: 1, max: 60, unit: "minutes" }).default(10),
  days: integer({ min: 1, max: 7, unit: "days" }).optional(),
  hosts: z.array(z.string()).min(1, "is empty; list a host").optional(),
  server: z.strictObject({ host: z.string(), port: integer({ min: 1, max: 9 }).default(5) }).optional(),
  state: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("s3"), bucket: z.string().optional() }),
      z.strictObject({ kind: z.literal("local"), path: z.string() }),
    ])
    .default({ kind: "s3" }),
});
const DEFAULTS = { name: "unnamed", minutes: 10, state: { kind: "s3" } };

const check = (given: unknown): { spec: unknown; paths: string[] } => {
  const { spec, shape } = checkedSpec(schema, given, { name: "unnamed" }, "root");
  return { spec, paths: shape.map(({ path }) => path) };
};

describe("checkedSpec", () => {
  test("fills in defaults, and stands the fallback for what is absent", () => {
    expect(check({ name: "a" })).toEqual({ spec: { ...DEFAULTS, name: "a" }, paths: [] });
    expect(check(undefined)).toEqual({ spec: DEFAULTS, paths: [] });
  });

  test.each([
    ["a wrong type", { name: "a", days: "3", minutes: 20 }, { name: "a", minutes: 20 }, ["root.days"]],
    ["a value out of range", { name: "a", minutes: 90, days: 3 }, { name: "a", days: 3 }, ["root.minutes"]],
    ["an unknown key", { name: "a", day: 3 }, { name: "a" }, ["root.day"]],
    ["a missing setting", { minutes: 20 }, { minutes: 20 }, ["root.name"]],
    ["null", { name: null, minutes: null, days: 3 }, { days: 3 }, ["root.name", "root.minutes"]],
    ["a part without its host", { name: "a", server: { port: 3 } }, { name: "a" }, ["root.server.host"]],
    [
      "a setting of a part",
      { name: "a", server: { host: "h", port: 10 } },
      { name: "a", server: { host: "h", port: 5 } },
      ["root.server.port"],
    ],
    [
      "an entry of a list and what follows it",
      { name: "a", hosts: ["x", 1, "y"] },
      { name: "a", hosts: ["x"] },
      ["root.hosts[1]"],
    ],
    ["a list whose first entry is wrong", { name: "a", hosts: [1] }, { name: "a" }, ["root.hosts[0]"]],
    ["a kind that there is not", { name: "a", state: { kind: "gcs" } }, { name: "a" }, ["root.state.kind"]],
    ["a kind without what it needs", { name: "a", state: { kind: "local" } }, { name: "a" }, ["root.state.path"]],
    [
      "a setting of another kind",
      { name: "a", state: { kind: "s3", path: "p", bucket: "bbb" } },
      { name: "a", state: { kind: "s3", bucket: "bbb" } },
      ["root.state.path"],
    ],
  ])("leaves out %s, and keeps the rest", (_what, given, spec, paths) => {
    expect(check(given)).toEqual({ spec: { ...DEFAULTS, ...spec }, paths });
  });

  test.each([null, "text", 5, [], [1], true])("puts the fallback in the place of %p", (given) => {
    expect(check(given)).toEqual({ spec: DEFAULTS, paths: ["root"] });
  });

  test("does not change what it is given", () => {
    const given = Object.freeze({ name: "a", server: Object.freeze({ host: "h", port: 10 }) });

    expect(check(given).paths).toEqual(["root.server.port"]);
    expect(given.server.port).toBe(10);
  });
});

describe("withShape", () => {
  const at = (path: string): { path: string; problem: string; remedy: string } => ({ path, problem: "p", remedy: "r" });

  test("refuses a place whose shape is wrong once, with everything below it", () => {
    const shape = [at("a.list"), at("b")];
    const others = [at("a.list[1].x"), at("a.listed"), at("b"), at("b.c"), at("a")];

    expect(withShape(shape, others).map(({ path }) => path)).toEqual(["a.list", "b", "a.listed", "a"]);
  });
});
