import { isatty } from "node:tty";

import type { Origin, Setting, SettingChange } from "../domain/environment/settings";
import { colors, width } from "./text";

/** Longest value in a line that is not bound by a terminal's width. */
const LONGEST_VALUE = 70;

/** Shortest value in a line, however narrow the terminal is. */
const SHORTEST_VALUE = 24;

const GAP = "  ";

/** The widths of the columns. */
interface Columns {
  readonly path: number;
  readonly value: number;
}

/**
 * One line a setting, without lines between columns, so that it can be searched and pasted. On a terminal a path that is too
 * long for its column has its own line.
 */
export function settingsTable(settings: readonly Setting[]): string {
  const rows = settings.map(({ path, value, origin }) => ({ path, value: shown(value), origin }));
  const columns = columnsOf(rows);
  const header = row(columns, "setting", "value", "origin");
  const lines = rows.map(({ path, value, origin }) =>
    painted(row(columns, path, shortened(value, columns.value), origin), origin),
  );
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

interface Row {
  readonly path: string;
  readonly value: string;
  readonly origin: Origin;
}

function columnsOf(rows: readonly Row[]): Columns {
  const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
  const path = longest(rows.map((setting) => setting.path));
  const value = Math.min(LONGEST_VALUE, longest(rows.map((setting) => setting.value)));
  if (!isatty(1)) return { path, value };
  const room = width() - longest(rows.map(({ origin }) => origin)) - 2 * GAP.length;
  const shownPath = Math.min(path, room - SHORTEST_VALUE);
  return { path: shownPath, value: Math.min(value, room - shownPath) };
}

function row(columns: Columns, path: string, value: string, origin: string): string {
  const start = path.length > columns.path ? `${path}\n${" ".repeat(columns.path)}` : path.padEnd(columns.path);
  return [start, value.padEnd(columns.value), origin].join(GAP);
}

/** What a team wrote stands out, what follows by itself stands back. */
function painted(line: string, origin: Origin): string {
  if (origin === "config") return colors().cyan(line);
  return origin === "computed" ? colors().dim(line) : line;
}

function shortened(value: string, longest: number): string {
  return value.length <= longest ? value : `${value.slice(0, longest - 1)}…`;
}
