import type { EgressReport, EgressReportRow } from "../domain/egress/report";

/** A box at one side of the picture: lines of a text, and what it is for. */
interface Box {
  readonly lines: readonly (readonly [text: string, note: string])[];
}

const WIDTH = 1180;
const LEFT = { x: 20, width: 190 };
const RIGHT = { x: 400, width: 760 };
const NOTE = 330;
const LINE = 14;
const PADDING = 8;
const GAP = 10;
const TOP = 50;
const COLOURS = ["#1f6feb", "#2a8a4a", "#d9730d", "#7c4dcc", "#cf3049", "#0b7c86", "#8a6100", "#57606a"];

/** Draws who may leave to where: each container once at the left, at the right boxes of what the same containers may call. */
export function egressPicture({ environment, level, mode, connections }: EgressReport): string {
  const groups = grouped(connections);
  const sources = [...new Set(connections.flatMap(({ who }) => who))];
  const right = placed(groups.map(({ box }) => box));
  const bottom = Math.max(...right.map(({ y, height }) => y + height));
  const left = placed(
    sources.map((source) => ({ lines: [[source, ""]] })),
    bottom,
  );
  const height = Math.max(bottom, ...left.map((one) => one.y + one.height)) + 12;
  const title = `What may leave ${environment}: level ${level}${level === "open" ? "" : `, mode ${mode}`}`;
  const ways = groups.flatMap(({ who }, index) =>
    who.map((source) => way(left[sources.indexOf(source)], right[index], index)),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="20" y="30" font-size="16" font-weight="bold">${escaped(title)}</text>
${ways.join("\n")}
${[...left.map((one) => drawn(one, LEFT)), ...right.map((one, index) => drawn(one, RIGHT, colourOf(index)))].join("\n")}
</svg>
`;
}

/** Rows that the same containers may use are one box. */
function grouped(rows: readonly EgressReportRow[]): { readonly who: readonly string[]; readonly box: Box }[] {
  const groups = new Map<string, EgressReportRow[]>();
  for (const row of rows) {
    const key = row.who.join();
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((same) => {
    const lines = same.map(({ where, port, why }) => [cut(`${where}:${port}`, 48), cut(why, 62)] as const);
    return { who: same[0]?.who ?? [], box: { lines } };
  });
}

interface Placed extends Box {
  readonly y: number;
  readonly height: number;
}

/** Boxes below each other, spread over the height down to a line where they leave room. */
function placed(boxes: readonly Box[], bottom = 0): Placed[] {
  const heights = boxes.map(({ lines }) => lines.length * LINE + 2 * PADDING);
  const used = heights.reduce((sum, height) => sum + height, 0);
  const gap = Math.max(GAP, Math.floor((bottom - TOP - used) / Math.max(1, boxes.length - 1)));
  let y = TOP;
  return boxes.map((box, index) => {
    const one = { ...box, y, height: heights[index] ?? 0 };
    y += one.height + gap;
    return one;
  });
}

function way(start: Placed | undefined, end: Placed | undefined, index: number): string {
  if (start === undefined || end === undefined) return "";
  const [x1, y1] = [LEFT.x + LEFT.width, start.y + start.height / 2];
  const [x2, y2] = [RIGHT.x, end.y + end.height / 2];
  const bend = (x2 - x1) / 2;
  return `<path d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" fill="none" stroke="${colourOf(index)}" stroke-width="1.2"/>`;
}

function drawn({ lines, y, height }: Placed, { x, width }: typeof LEFT, colour = "#57606a"): string {
  const texts = lines.map(([text, note], index) => {
    const at = y + PADDING + LINE * (index + 1) - 3;
    const more = note === "" ? "" : `<text x="${x + NOTE}" y="${at}" fill="#57606a">${escaped(note)}</text>`;
    return `<text x="${x + PADDING}" y="${at}">${escaped(text)}</text>${more}`;
  });
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5" fill="#f6f8fa" stroke="${colour}"/>${texts.join("")}`;
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? "#57606a";
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Text as markup takes it. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
