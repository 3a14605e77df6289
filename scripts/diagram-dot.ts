import type { Link } from "./diagram-links";
import type { Look } from "./diagram-parts";
import type { Frame, Part, Picture } from "./diagram-picture";

/** Fill and line of each kind of box. */
const COLOURS: Readonly<Record<Look, readonly [fill: string, line: string]>> = {
  outside: ["#f6f8fa", "#57606a"],
  network: ["#f3edff", "#7c4dcc"],
  compute: ["#fff2e5", "#d9730d"],
  pods: ["#e8f3ff", "#1f6feb"],
  data: ["#e9f7ee", "#2a8a4a"],
  security: ["#ffecee", "#cf3049"],
  operations: ["#fdeef8", "#b83b8c"],
};

/** Fills of the frames, from the outermost. */
const FILLS = ["#fafbfc", "#f1f4f7", "#ffffff", "#f4f8fc"];

/** Font that Graphviz measures; others of the same widths stand in for it where it is missing. */
export const FONT = "Verdana";

/** Where a frame's heading stands, so that no arrow crosses it: top left unless it is listed. */
const HEADINGS: Readonly<Record<string, string>> = {
  account: "labelloc=t, labeljust=r",
  vpc: "labelloc=b, labeljust=r",
  cluster: "labelloc=b, labeljust=r",
  public: "labelloc=b, labeljust=l",
  databases: "labelloc=b, labeljust=r",
  exit: "labelloc=t, labeljust=r",
};

const QUIET = "#57606a";

/** A picture in the language of Graphviz, which finds a place for every box and a way for every arrow. */
export function dotOf(picture: Picture): string {
  return [
    "digraph {",
    `graph [rankdir=LR, nodesep=0.18, ranksep=0.38, pad=0.2, bgcolor=white, fontname="${FONT}", fontsize=13, fontcolor="${QUIET}", labeljust=l, label="Solid lines: traffic. Dashed lines: uses.", labelloc=b];`,
    `node [shape=box, style="rounded,filled", penwidth=1.4, margin="0.12,0.06", fontname="${FONT}"];`,
    "edge [arrowsize=0.7];",
    ...picture.parts.filter(({ frame }) => frame === undefined).map(nodeOf),
    ...framesIn(picture, undefined, 0),
    ...picture.links.map(edgeOf),
    "}",
  ].join("\n");
}

function framesIn(picture: Picture, parent: string | undefined, depth: number): string[] {
  return picture.frames.filter((frame) => frame.parent === parent).flatMap((frame) => frameOf(picture, frame, depth));
}

function frameOf(picture: Picture, { id, title }: Frame, depth: number): string[] {
  return [
    `subgraph "cluster ${id}" {`,
    `graph [label="${title}", ${HEADINGS[id] ?? "labelloc=t, labeljust=l"}, style="rounded,filled", color="#d0d7de", fillcolor="${FILLS[depth] ?? "#ffffff"}", margin=10];`,
    ...picture.parts.filter(({ frame }) => frame === id).map(nodeOf),
    ...framesIn(picture, id, depth + 1),
    "}",
  ];
}

function nodeOf({ id, title, note, look }: Part): string {
  const [fill, line] = COLOURS[look];
  const lines = note.map((text) => `<BR/><FONT POINT-SIZE="12" COLOR="${QUIET}">${escapeText(text)}</FONT>`);
  const label = `<<FONT POINT-SIZE="15"><B>${escapeText(title)}</B></FONT>${lines.join("")}>`;
  return `"${id}" [fillcolor="${fill}", color="${line}", label=${label}];`;
}

function edgeOf({ from, to, kind }: Link): string {
  const style = kind === "traffic" ? 'penwidth=1.5, color="#3b434b"' : 'style=dashed, color="#8c959f"';
  return `"${from}" -> "${to}" [${style}];`;
}

/** Text as markup takes it. */
function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
