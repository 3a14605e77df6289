import { z } from "zod";

import { shapeViolations } from "../../../domain/common/shape";
import { formatViolation } from "../../../domain/common/violation";

const schema = z.strictObject({
  zones: z.number(),
  nat: z.enum(["single", "none"]).optional(),
  access: z.union([z.literal("internal"), z.array(z.string())]),
  nested: z.strictObject({ name: z.string().regex(/^a/, "does not start with a; start with a") }).optional(),
});

const lines = (value: unknown, root?: string): string[] => shapeViolations(schema, value, root).map(formatViolation);

describe("shapeViolations", () => {
  test("accepts what fits", () => {
    expect(lines({ zones: 3, access: "internal" })).toEqual([]);
  });

  test("reports everything at once, each with path, problem and remedy", () => {
    expect(
      lines({ zones: "3", nat: "many", acces: 1, access: "internal", nested: { name: "b", size: 2 } }, "network"),
    ).toEqual([
      'network.zones: "3" has the wrong type; use a number',
      'network.nat: "many" is not one of the allowed values; use "single" or "none"',
      "network.nested.name: does not start with a; start with a",
      "network.nested.size: is not a known setting; remove it or correct its spelling",
      "network.acces: is not a known setting; use access",
    ]);
  });

  test("names what is missing", () => {
    expect(lines({})).toEqual([
      "zones: is missing; use a number",
      'access: is missing; use "internal", or a list: [ ... ]',
    ]);
  });

  test("shows the entry of a list that is wrong", () => {
    expect(lines({ zones: 1, access: ["10.0.0.0/8", 5] })).toEqual([
      "access[1]: 5 has the wrong type; use text in quotes",
    ]);
  });

  test("lists the kinds there are where none of them was given", () => {
    const kinds = z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("s3") }),
      z.strictObject({ kind: z.literal("local") }),
    ]);

    expect(shapeViolations(kinds, { kind: "gcs" }, "state").map(formatViolation)).toEqual([
      'state.kind: "gcs" fits none of the allowed forms; use "s3" or "local"',
    ]);
    expect(shapeViolations(kinds, { key: "secret" }, "state").map(formatViolation)).toEqual([
      'state.kind: is missing; use "s3" or "local"',
    ]);
  });
});
