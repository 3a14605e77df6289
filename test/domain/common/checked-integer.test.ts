import { checkedInteger } from "../../../domain/common/checked-integer";

const rule = { min: 1, max: 5, unit: "zones" };

describe("checkedInteger", () => {
  it.each([1, 3, 5])("takes %d", (given) => {
    expect(checkedInteger("zones", given, rule)).toEqual({ value: given, violations: [] });
  });

  it.each([
    { given: 0, nearest: 1, problem: "0 is out of range" },
    { given: 6, nearest: 5, problem: "6 is out of range" },
    { given: 2.5, nearest: 1, problem: "2.5 is not a whole number" },
    { given: NaN, nearest: 1, problem: "NaN is out of range" },
    { given: Infinity, nearest: 5, problem: "Infinity is out of range" },
    { given: "3", nearest: 1, problem: '"3" is not a number' },
  ])("refuses $given and goes on with $nearest", ({ given, nearest, problem }) => {
    expect(checkedInteger("network.zones", given, rule)).toEqual({
      value: nearest,
      violations: [
        {
          path: "network.zones",
          problem,
          remedy: "use 1 to 5 zones",
        },
      ],
    });
  });
});
