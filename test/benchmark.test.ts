import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describeRuns, type Run } from "../scripts/bench-capacity-page";
import { plotDays } from "../scripts/bench-capacity-plot";
import { run, SEED } from "../scripts/bench-capacity-run";

const read = (file: string): string => readFileSync(join(__dirname, "..", "docs", "capacity", file), "utf8");

/** Rows of a page's tables, without the blanks by which columns are aligned. */
const rowsOf = (page: string): string[] =>
  page.split("\n").flatMap((line) => (/^\|\s*[\d,]+\s*\|/.test(line) ? [line.replaceAll(/\s*\|\s*/g, "|")] : []));

const page = rowsOf(read("benchmark.md"));
const rows = (runs: Partial<Record<"pools" | "threads" | "kept" | "ages", Run[]>>): string[] =>
  rowsOf(describeRuns({ seed: SEED, pools: [], threads: [], kept: [], ages: [], ...runs }));

describe("docs/capacity", () => {
  test.each([20, 200])(
    "shows what the benchmark finds today for %i builders",
    (builders) => {
      const pools = [0, 5, 20].flatMap((prewarmPoolSize) => [
        run(builders, { prewarmPoolSize }),
        run(builders, { prewarmPoolSize, warmHeadroom: 0 }),
      ]);

      expect(rows({ pools })).toHaveLength(6);
      for (const row of rows({ pools })) expect(page).toContain(row);
    },
    60_000,
  );

  test("has a row for every size, every number kept ready, with room kept free and without", () => {
    const first = page.map((row) => row.split("|").slice(1, 4).join(" "));
    for (const builders of ["20", "200", "1,000", "10,000"])
      for (const prewarm of ["0", "5", "20"]) {
        const kept = first.filter((cells) => cells.startsWith(`${builders} ${prewarm} `));
        expect(kept.length).toBeGreaterThanOrEqual(2);
        expect(kept).toContain(`${builders} ${prewarm} 0`);
      }
  });

  test("draws the day that the benchmark simulates", () => {
    const panel = (svg: string): string => /<g transform.*<\/g>/.exec(svg)?.[0] ?? "";

    expect(panel(plotDays([run(20, {})]))).not.toBe("");
    expect(panel(read("day.svg"))).toBe(panel(plotDays([run(20, {})])));
  });

  test("describes its model and what it leaves out, with the seed", () => {
    const text = read("benchmark.md");

    expect(text).toContain(String(SEED));
    expect(text).toContain("## The model, and what it leaves out");
    for (const word of ["no drift", "no spot", "no failure", "made up"]) expect(text).toContain(word);
  });
});
