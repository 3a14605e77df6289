import type { Part, Picture } from "./diagram-picture";

/** Width of every box, in points. */
export const BOX_WIDTH = 156;

/** Distance of each column from the left, in points; frames need room between some of them. */
const COLUMNS = [0, 214, 442, 630, 820, 1048, 1262];

/** Distance of each row from the top, in points; frames need room between some of them. */
const ROWS = [-100, 0, 148, 318, 418, 540, 652, 740];

/** Room between a frame and what it holds, and for its heading, in points. */
const MARGIN = { side: 12, top: 28 };

/** A rectangle; the vertical axis points down. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Centre of a box. */
export function centreOf({ place: [column, row] }: Part): readonly [x: number, y: number] {
  return [COLUMNS[column] ?? 0, ROWS[row] ?? 0];
}

/** Rectangle of each frame: as large as what it holds, inner frames included. */
export function frameRectangles({ frames, parts }: Picture): ReadonlyMap<string, Rectangle> {
  const rectangles = new Map<string, Rectangle>();
  for (const { id } of [...frames].reverse()) {
    const boxes = parts.filter(({ frame }) => frame === id).map(boxOf);
    const inner = frames.filter(({ parent }) => parent === id).flatMap((frame) => rectangles.get(frame.id) ?? []);
    rectangles.set(id, around([...boxes, ...inner]));
  }
  return rectangles;
}

/** Height of a box, in points. */
export function heightOf({ note }: Part): number {
  return 48 + 13 * note.length;
}

function boxOf(part: Part): Rectangle {
  const [x, y] = centreOf(part);
  const [across, down] = [BOX_WIDTH / 2, heightOf(part) / 2];
  return { left: x - across, top: y - down, right: x + across, bottom: y + down };
}

function around(held: readonly Rectangle[]): Rectangle {
  return {
    left: Math.min(...held.map(({ left }) => left)) - MARGIN.side,
    top: Math.min(...held.map(({ top }) => top)) - MARGIN.top,
    right: Math.max(...held.map(({ right }) => right)) + MARGIN.side,
    bottom: Math.max(...held.map(({ bottom }) => bottom)) + MARGIN.side,
  };
}
