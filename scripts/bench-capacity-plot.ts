import type { Run } from "./bench-capacity-page";

const PANEL = { width: 440, height: 190, left: 52, top: 34, gap: 30, gutter: 72 } as const;
const INK = { text: "#24292f", axis: "#8c959f", room: "#0969da", sandboxes: "#2da44e" } as const;
const HOURS = [0, 6, 9, 12, 15, 18, 24];
const DAY = 86_400;

/** Draws one panel a day: sandboxes as an area, the room on the nodes as a line above it. */
export function plotDays(days: readonly Run[]): string {
  const columns = 2;
  const rows = Math.ceil(days.length / columns);
  const width = PANEL.left + columns * (PANEL.width + PANEL.gutter) - PANEL.gutter + PANEL.gap;
  const height = PANEL.top + rows * (PANEL.height + 2 * PANEL.gap) + 8;
  const panels = days.map((day, index) => {
    const x = PANEL.left + (index % columns) * (PANEL.width + PANEL.gutter);
    const y = PANEL.top + PANEL.gap + Math.floor(index / columns) * (PANEL.height + 2 * PANEL.gap);
    return `<g transform="translate(${x} ${y})">${panel(day)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    legend(),
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

function legend(): string {
  return [
    `<rect x="${PANEL.left}" y="12" width="14" height="10" fill="${INK.sandboxes}" fill-opacity="0.45"/>`,
    label(PANEL.left + 20, 21, "sandboxes"),
    `<line x1="${PANEL.left + 110}" y1="17" x2="${PANEL.left + 126}" y2="17" stroke="${INK.room}" stroke-width="2"/>`,
    label(PANEL.left + 132, 21, "room for sandboxes on the nodes, over one day (hours)"),
  ].join("");
}

function panel({ plan, result }: Run): string {
  const most = Math.max(...result.samples.map(({ room, sandboxes }) => Math.max(room, sandboxes)));
  const top = niceCeiling(most);
  const x = (at: number): string => ((at * PANEL.width) / DAY).toFixed(1);
  const y = (value: number): string => (PANEL.height - (value * PANEL.height) / top).toFixed(1);
  const points = result.samples.map(({ at, sandboxes }) => `${x(at)},${y(sandboxes)}`).join(" ");
  const room = result.samples.map(
    (one, index) => `${index === 0 ? "M" : "H"}${x(one.at)}${index === 0 ? "," : "V"}${y(one.room)}`,
  );
  return [
    `<text x="0" y="-10" fill="${INK.text}" font-weight="bold">${plan.builders.toLocaleString("en-US")} builders</text>`,
    ...[0, top / 2, top].map((value) => gridLine(Number(y(value)), value)),
    ...HOURS.map((hour) => label(Number(x(hour * 3600)) - 6, PANEL.height + 16, String(hour))),
    `<polygon points="0,${PANEL.height} ${points} ${x(result.samples.at(-1)?.at ?? 0)},${PANEL.height}" fill="${INK.sandboxes}" fill-opacity="0.45"/>`,
    `<path d="${room.join("")}" fill="none" stroke="${INK.room}" stroke-width="1.5"/>`,
  ].join("");
}

function gridLine(y: number, value: number): string {
  const text = value.toLocaleString("en-US");
  return [
    `<line x1="0" y1="${y}" x2="${PANEL.width}" y2="${y}" stroke="${INK.axis}" stroke-opacity="0.4"/>`,
    `<text x="-6" y="${y + 4}" fill="${INK.text}" text-anchor="end">${text}</text>`,
  ].join("");
}

function label(x: number, y: number, text: string): string {
  return `<text x="${x}" y="${y}" fill="${INK.text}">${text}</text>`;
}

/** The next number of the form 1, 2 or 5 times a power of ten, doubled where halves would not be whole. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 4, 6, 8, 10].map((factor) => factor * power).find((candidate) => candidate >= value) ?? 10 * power;
}
