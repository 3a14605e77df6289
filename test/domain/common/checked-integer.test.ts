import { checkedInteger, collect } from "../../../domain/common/checked-integer";

const rule = { min: 1, max: 5, unit: "zones" };

describe("checkedInteger", () => {
  it.each([1, 3, 5])("takes %d", (given) => {
    expect(checkedInteger("zones", given, rule)).toEqual({ value: given, violations: [] });
  });

  it.each([
    { given: 0, nearest: 1 },
    { given: 6, nearest: 5 },
    { given: 2.5, nearest: 1 },
    { given: NaN, nearest: 1 },
    { given: Infinity, nearest: 5 },
    { given: "3", nearest: 1 },
  ])("refuses $given and goes on with $nearest", ({ given, nearest }) => {
    expect(checkedInteger("network.zones", given, rule)).toEqual({
      value: nearest,
      violations: [
        {
          path: "network.zones",
          problem: `${String(given)} is not possible`,
          remedy: "use a whole number of zones from 1 to 5",
        },
      ],
    });
  });
});

describe("collect", () => {
  it("keeps all values beside all violations", () => {
    const { value, violations } = collect({
      first: checkedInteger("first", 0, rule),
      second: checkedInteger("second", 2, rule),
      third: checkedInteger("third", 9, rule),
    });
    expect(value).toEqual({ first: 1, second: 2, third: 5 });
    expect(violations.map(({ path }) => path)).toEqual(["first", "third"]);
  });
});
