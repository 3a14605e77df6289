import { COLOURS } from "./diagram-dot";
import type { Link } from "./diagram-links";
import { countOf, type Frame, type Part, type Picture } from "./diagram-picture";

/** Writes a picture in the language of Mermaid, which hosts of Markdown draw themselves. */
export function mermaidOf(picture: Picture): string {
  return [
    `%% ${picture.title}`,
    "flowchart LR",
    ...picture.parts.filter(({ frame }) => frame === undefined).map(nodeOf),
    ...framesIn(picture, undefined),
    ...picture.links.map(arrowOf),
    ...Object.entries(COLOURS).map(
      ([look, [fill, line]]) => `classDef ${look} fill:${fill},stroke:${line},color:#1f2328`,
    ),
    "",
  ].join("\n");
}

function framesIn(picture: Picture, parent: string | undefined): string[] {
  return picture.frames.filter((frame) => frame.parent === parent).flatMap((frame) => frameOf(picture, frame));
}

function frameOf(picture: Picture, { id, title }: Frame): string[] {
  return [
    `subgraph ${nameOf(id)}_frame ["${title}"]`,
    ...picture.parts.filter(({ frame }) => frame === id).map(nodeOf),
    ...framesIn(picture, id),
    "end",
  ];
}

function nodeOf(part: Part): string {
  const { id, title, look } = part;
  const lines = [`<b>${title}</b>`, ...part.note, ...countOf(part)];
  return `${nameOf(id)}["${lines.join("<br>")}"]:::${look}`;
}

function arrowOf({ from, to, kind }: Link): string {
  return `${nameOf(from)} ${kind === "traffic" ? "-->" : "-.->"} ${nameOf(to)}`;
}

/** Names in Mermaid's own words: what is unknown to us may hold any sign. */
function nameOf(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9]/g, "_");
}
