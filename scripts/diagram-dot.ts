import { BOX_WIDTH, centreOf, heightOf, type Rectangle } from "./diagram-layout";
import type { Link } from "./diagram-links";
import type { Look } from "./diagram-parts";
import { countOf, type Part, type Picture } from "./diagram-picture";

/** Fill and line of each kind of box. */
export const COLOURS: Readonly<Record<Look, readonly [fill: string, line: string]>> = {
  outside: ["#f6f8fa", "#57606a"],
  network: ["#f3edff", "#7c4dcc"],
  compute: ["#fff2e5", "#d9730d"],
  pods: ["#e8f3ff", "#1f6feb"],
  data: ["#e9f7ee", "#2a8a4a"],
  security: ["#ffecee", "#cf3049"],
  operations: ["#fdeef8", "#b83b8c"],
};

const INK = "#1f2328";
const QUIET = "#57606a";

/** Font that Graphviz measures. */
export const FONT = "Verdana";

/** Name of the point at the upper left corner of the outermost frame. */
export const TOP_CORNER = "upper left";

/** Graphviz places nothing: boxes stand on the grid, and it draws them and finds the ways of the arrows. */
export function dotOf(picture: Picture, bounds: Rectangle): string {
  return [
    "digraph {",
    `graph [splines=true, sep="+8", esep="+6", inputscale=72, pad=0.2, bgcolor=white];`,
    `node [shape=box, style="rounded,filled", penwidth=1.4, fixedsize=true, width=${inches(BOX_WIDTH)}, fontname="${FONT}"];`,
    "edge [arrowsize=0.7];",
    corner(TOP_CORNER, bounds.left, bounds.top),
    corner("lower right", bounds.right, bounds.bottom),
    ...picture.parts.map(nodeOf),
    ...picture.links.map(edgeOf),
    "}",
  ].join("\n");
}

/** Keeps room for the frames, which Graphviz does not know. */
function corner(id: string, x: number, y: number): string {
  return `"${id}" [shape=point, color=transparent, width=0.01, height=0.01, pos="${position(x, y)}"];`;
}

function nodeOf(part: Part): string {
  const { id, title, note, look } = part;
  const [fill, line] = COLOURS[look];
  const rows = [
    row(`<B>${escapeText(title)}</B>`, 13.5, INK),
    ...(note.length === 0 ? [] : [row(note.map(escapeText).join("<BR/>"), 10.5, QUIET)]),
    ...countOf(part).map((text) => row(text, 9, line)),
  ];
  const label = `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">${rows.join("")}</TABLE>>`;
  return `"${id}" [pos="${position(...centreOf(part))}", height=${inches(heightOf(part))}, fillcolor="${fill}", color="${line}", label=${label}];`;
}

function row(text: string, size: number, colour: string): string {
  return `<TR><TD><FONT POINT-SIZE="${String(size)}" COLOR="${colour}">${text}</FONT></TD></TR>`;
}

function edgeOf({ from, to, kind }: Link): string {
  const style = kind === "traffic" ? 'penwidth=1.4, color="#3b434b"' : 'style=dashed, color="#8c959f"';
  return `"${from}" -> "${to}" [${style}];`;
}

/** Position in points; the vertical axis of Graphviz points up. */
function position(x: number, y: number): string {
  return `${String(x)},${String(-y)}!`;
}

function inches(points: number): string {
  return String(points / 72);
}

/** Text as markup takes it. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
