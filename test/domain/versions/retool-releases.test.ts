import fc from "fast-check";

import { minimumChart, STABLE_LINES, supportWarnings, supportedUntil } from "../../../domain/versions/retool-releases";
import { parseRetoolVersion } from "../../../domain/versions/retool";

const warnings = (tag: string, today: string): string[] => supportWarnings(parseRetoolVersion(tag)!, today);

describe("the support of a stable line", () => {
  test.each([
    ["3.300", { earliest: "2026-06-03", latest: "2026-06-03" }],
    ["3.334", { earliest: "2026-09-03", latest: "2026-09-03" }],
    ["4.0", { earliest: "2026-12-11", latest: "2026-12-11" }],
    ["4.34", { earliest: "2027-01-23", latest: "2027-05-21" }],
    ["5.0", undefined],
  ])("%s ends on %j", (line, days) => {
    expect(supportedUntil(line)).toEqual(days);
  });

  test("holds through its last day", () => {
    expect(warnings("4.0.9-stable", "2026-10-11")).toEqual([]);
    for (const day of ["2026-10-12", "2026-12-11"]) {
      expect(warnings("4.0.9-stable", day)).toEqual([
        "Patches for Retool 4.0 end on 2026-12-11: plan the upgrade to the next stable line now.",
      ]);
    }
    expect(warnings("4.0.9-stable", "2026-12-12")).toEqual([
      "Patches for Retool 4.0 ended on 2026-12-11: upgrade to the next stable line.",
    ]);
  });

  test("of a line without a date is warned of from 60 days before it may end", () => {
    expect(warnings("4.34.1-stable", "2026-11-23")).toEqual([]);
    for (const day of ["2026-11-24", "2027-05-21"]) {
      expect(warnings("4.34.1-stable", day)).toEqual([
        "Patches for Retool 4.34 end between 2027-01-23 and 2027-05-21; the exact day is unknown because Retool did not publish the date of its first release: plan the upgrade to the next stable line now.",
      ]);
    }
    expect(warnings("4.34.1-stable", "2027-05-22")).toEqual([
      "Patches for Retool 4.34 ended on 2027-05-21: upgrade to the next stable line.",
    ]);
  });

  test("says where Retool's pages name no chart", () => {
    expect(warnings("4.86.0-stable", "2026-11-01")).toEqual([
      "Retool's pages name no version of the chart for 4.86: try retool.chartVersion in a staging environment first.",
    ]);
  });

  test.each([
    ["3.334.0-stable", undefined],
    ["4.0.9-stable", "6.11.0"],
    ["4.33.0-edge", "6.11.0"],
    ["4.34.0-stable", "6.11.10"],
    ["4.86.0-stable", "6.11.10"],
  ])("needs a chart: %s %s", (tag, chart) => {
    expect(minimumChart(parseRetoolVersion(tag)!)).toBe(chart);
  });

  test("is to be looked up for a line that is not in the table", () => {
    expect(warnings("4.12.0-stable", "2026-11-01")).toEqual([
      "Retool 4.12 is not a stable line that this package knows: use a version of 4.0, 4.34, 4.86, or ask Retool about its support.",
    ]);
  });

  test("is six months, give or take the length of months", () => {
    fc.assert(
      fc.property(fc.constantFrom(...STABLE_LINES), ({ line, released }) => {
        const first = typeof released === "string" ? released : released.after;
        const days = (Date.parse(supportedUntil(line)!.earliest) - Date.parse(first)) / 86_400_000;

        expect(days).toBeGreaterThanOrEqual(181);
        expect(days).toBeLessThanOrEqual(184);
      }),
    );
  });
});

describe("the support of the edge channel", () => {
  test("is only for its newest line", () => {
    expect(warnings("4.93.0-edge", "2026-11-01")).toEqual([]);
    expect(warnings("4.95.0-edge", "2026-11-01")).toEqual([]);
    expect(warnings("4.92.9-edge", "2026-11-01")).toEqual([
      "Retool 4.92.9-edge is not the newest edge release (4.93), the only one with support.",
    ]);
  });
});
