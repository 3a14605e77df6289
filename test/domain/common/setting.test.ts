import { z } from "zod";

import { checked, integer, settingFacts } from "../../../domain/common/setting";
import { shapeViolations } from "../../../domain/common/shape";
import { formatViolation } from "../../../domain/common/violation";

const lines = (schema: z.ZodType, value: unknown): string[] =>
  shapeViolations(schema, value, "it").map(formatViolation);

describe("integer", () => {
  const schema = integer({ min: 1, max: 600, unit: "minutes" });

  test("accepts both bounds and knows its unit", () => {
    expect([lines(schema, 1), lines(schema, 600)]).toEqual([[], []]);
    expect(settingFacts.get(schema)).toEqual({ unit: "minutes" });
  });

  test.each([
    [900, "it: 900 is out of range; use 1 to 600 minutes"],
    [0, "it: 0 is out of range; use 1 to 600 minutes"],
    [1e300, "it: 1e+300 is out of range; use 1 to 600 minutes"],
    [Infinity, "it: Infinity is out of range; use 1 to 600 minutes"],
    [2.5, "it: 2.5 is not a whole number; use 1 to 600 minutes"],
    ["3", 'it: "3" is not a number; use 1 to 600 minutes'],
    [null, "it: null is not a number; use 1 to 600 minutes"],
    [{ minutes: 3 }, "it: an object is not a number; use 1 to 600 minutes"],
    [undefined, "it: is missing; use 1 to 600 minutes"],
  ])("refuses %p by one message", (value, line) => {
    expect(lines(schema, value)).toEqual([line]);
  });

  test("needs no unit", () => {
    expect(lines(integer({ min: 1, max: 65_535 }), 0)).toEqual(["it: 0 is out of range; use 1 to 65535"]);
  });
});

describe("checked", () => {
  const document = "https://example.com/colours";
  const colour = checked(
    z.string(),
    (given) =>
      given === "red" ? undefined : { problem: `"${given}" is not a color; at all`, remedy: "use red", document },
    { form: "a colour" },
  );

  test("reports the problem with its remedy and its page, and only on values of the right type", () => {
    expect(lines(colour, "red")).toEqual([]);
    expect(lines(colour, "blue")).toEqual([`it: "blue" is not a color; at all; use red (${document})`]);
    expect(lines(colour, 1)).toEqual(["it: 1 has the wrong type; use text in quotes"]);
    expect(settingFacts.get(colour)).toEqual({ form: "a colour" });
  });
});
