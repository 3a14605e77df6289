import type { MonthlyCost } from "../domain/cost/line";
import { dollars } from "./money";

/** What an environment costs with a number of builders. */
export interface SizeCost extends MonthlyCost {
  /** People who build at the same time. */
  readonly builders: number;
}

const SERIES = [
  { key: "atRest", label: "at rest", color: "#9ecae1" },
  { key: "workingDays", label: "working days", color: "#3182bd" },
  { key: "atMost", label: "at most", color: "#d9d9d9" },
] as const;

const BAR = 14;
const GROUP = SERIES.length * BAR + 14;
const LEFT = 90;
const RIGHT = 90;
const TOP = 46;
const WIDTH = 760;

/** Draws what sizes cost as bars, one group a number of builders. */
export function drawSizes(sizes: readonly SizeCost[]): string {
  const most = Math.max(...sizes.map(({ atMost }) => atMost));
  const height = TOP + sizes.length * GROUP + 12;
  const groups = sizes.map((size, index) => group(size, TOP + index * GROUP, (WIDTH - LEFT - RIGHT) / most));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">
<title>USD a month by builders</title>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${SERIES.map(legend).join("\n")}
<text x="${WIDTH - 10}" y="24" text-anchor="end">USD a month</text>
${groups.join("\n")}
</svg>
`;
}

function legend({ label, color }: (typeof SERIES)[number], index: number): string {
  const x = LEFT + index * 130;
  return `<rect x="${x}" y="14" width="12" height="12" fill="${color}"/><text x="${x + 18}" y="24">${label}</text>`;
}

function group(size: SizeCost, y: number, scale: number): string {
  const bars = SERIES.map(({ key, color }, index) => {
    const [length, top] = [Math.round(size[key] * scale), y + index * BAR];
    return `<rect x="${LEFT}" y="${top}" width="${length}" height="${BAR - 2}" fill="${color}"/><text x="${LEFT + length + 6}" y="${top + 10}">${dollars(size[key])}</text>`;
  });
  const label = `<text x="${LEFT - 8}" y="${y + BAR * 1.5 + 2}" text-anchor="end">${size.builders.toLocaleString("en-US")} builders</text>`;
  return [label, ...bars].join("\n");
}
