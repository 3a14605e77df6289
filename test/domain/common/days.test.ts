import { addDays, dayProblem, daysBetween } from "../../../domain/common/days";

describe("days", () => {
  test("are counted over months and years, and back", () => {
    expect(addDays("2027-02-28", 2)).toBe("2027-03-02");
    expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
    expect(addDays("2027-01-10", -60)).toBe("2026-11-11");
    expect(daysBetween("2026-11-11", "2027-01-10")).toBe(60);
  });

  test.each(["2027-02-30", "2027-2-3", "30.06.2027", "2027-06-30T00:00:00Z", ""])("%j is refused", (text) => {
    expect(dayProblem(text)?.remedy).toBe('use one such as "2027-06-30"');
  });

  test("of the calendar are taken", () => {
    expect(dayProblem("2028-02-29")).toBeUndefined();
  });
});
