import type { Origin, Setting, SettingChange } from "../domain/environment/settings";
import { colors, fold, lineWidth, width } from "./text";

/** Longest value in a line, however wide the terminal is. */
const LONGEST_VALUE = 70;

/** Shortest value in a line, however narrow the terminal is. */
const SHORTEST_VALUE = 25;

/** Longest path in a line that leaves a value more than that. */
const LONGEST_PATH = 78;

/** Lines of one value; of a longer one its beginning, since --json has the whole. */
const MOST_LINES = 3;

const GAP = "  ";

/** The widths of the columns. */
interface Columns {
  readonly path: number;
  readonly value: number;
}

/** A table without lines between columns, so that it can be searched and pasted. A path that is too long for its column has its own line. */
export function settingsTable(settings: readonly Setting[]): string {
  const rows = settings.map(({ path, value, origin }) => ({ path, value: shown(value), origin }));
  const columns = columnsOf(rows, lineWidth());
  const header = row(columns, { path: "setting", value: "value", origin: "origin" });
  const lines = rows.map((each) => painted(row(columns, each), each.origin));
  return `${[colors().bold(header), ...lines].join("\n")}\n`;
}

/** One line a change, `path: from -> to`, or three where it is too long; of long values that begin alike, how much they hold. */
export function changeLines(changes: readonly SettingChange[]): string[] {
  return changes.map(({ path, from, to }) => {
    const isAlike = side(from) === side(to);
    const [before, after] = isAlike ? [extent(from), extent(to)] : [side(from), side(to)];
    const changed = isAlike && before === after ? ", changed" : "";
    const inOneLine = `  ${path}: ${before} -> ${after}${changed}`.length <= width();
    return [`  ${path}:`, before, `-> ${colors().cyan(`${after}${changed}`)}`].join(inOneLine ? " " : "\n      ");
  });
}

function extent(value: unknown): string {
  return Array.isArray(value)
    ? `${value.length} ${value.length === 1 ? "entry" : "entries"}`
    : `${shown(value).length} characters`;
}

function side(value: unknown): string {
  return value === undefined ? "(none)" : shortened(shown(value), LONGEST_VALUE);
}

/** A value as text in one line. */
export function shown(value: unknown): string {
  return typeof value === "string" ? value.replaceAll("\n", " ") : JSON.stringify(value);
}

interface Row<Last = Origin> {
  readonly path: string;
  readonly value: string;
  readonly origin: Last;
}

function columnsOf(rows: readonly Row[], room: number): Columns {
  const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
  const both = room - longest(rows.map(({ origin }) => origin)) - 2 * GAP.length;
  const value = Math.min(LONGEST_VALUE, Math.max(SHORTEST_VALUE, both - LONGEST_PATH));
  const path = Math.min(longest(rows.map((setting) => setting.path)), both - value);
  return { path, value: Math.min(LONGEST_VALUE, both - path, longest(rows.map((setting) => setting.value))) };
}

function row(columns: Columns, { path, value, origin }: Row<string>): string {
  const indent = " ".repeat(columns.path);
  const room = columns.path + GAP.length + columns.value;
  const start =
    path.length > columns.path
      ? [...fold(path, { columns: room, behind: "." }), indent].join("\n")
      : path.padEnd(columns.path);
  const [first = "", ...more] = fold(value, { columns: columns.value, behind: ", ", most: MOST_LINES });
  return [[start, first.padEnd(columns.value), origin].join(GAP), ...more.map((line) => indent + GAP + line)].join(
    "\n",
  );
}

/** Configured values are highlighted; derived ones are dimmed. */
function painted(line: string, origin: Origin): string {
  if (origin === "config") return colors().cyan(line);
  return origin === "computed" ? colors().dim(line) : line;
}

function shortened(value: string, longest: number): string {
  return value.length <= longest ? value : `${value.slice(0, longest - 1)}…`;
}
