import { isatty } from "node:tty";

import pc from "picocolors";

import { pagesIn } from "./pages";

/** Widest line of running text, which is easier to read than a whole wide terminal. */
const WIDEST = 100;

/** Width of a line where the output is not a terminal. */
const USUAL = 80;

/** Colours of the standard output: none where it is not a terminal, or where `NO_COLOR` says so. */
export function colors(): ReturnType<typeof pc.createColors> {
  return pc.createColors(isatty(1) && (process.env["NO_COLOR"] ?? "") === "");
}

/** Characters of running text in one line of the standard output. */
export function width(): number {
  return Math.min(lineWidth(), WIDEST);
}

/** Characters that fit into one line of the standard output. */
export function lineWidth(): number {
  return Math.max(40, (isatty(1) ? process.stdout.columns : USUAL) || USUAL);
}

/** How {@link fold} breaks a value. */
interface Folding {
  /** Characters of a line. */
  readonly columns: number;
  /** Characters behind which a line is broken where there is one. */
  readonly behind: ", " | ".";
  /** Lines at most; where more are needed, the last one ends with an ellipsis. */
  readonly most?: number;
}

/** Breaks a value into lines, anywhere if need be. */
export function fold(text: string, { columns, behind, most = Infinity }: Folding): string[] {
  const lines = (
    text.match(new RegExp(`.{1,${columns}}$|.{0,${columns - 1}}[${behind}]|.{${columns}}`, "g")) ?? [""]
  ).map((line) => line.trimEnd());
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${(lines[most - 1] ?? "").slice(0, columns - 1)}…`];
}

/**
 * Breaks a text into lines between words; a longer word stays whole, so that it can be copied. Pages are named as {@link pagesIn} does.
 *
 * @param text - One paragraph.
 * @param first - What the first line starts with; the others are indented as far.
 */
export function wrap(text: string, first = "", columns = width()): string {
  const indent = " ".repeat(first.length);
  const lines = [first];
  for (const word of pagesIn(text).split(" ")) {
    const line = lines.at(-1) ?? "";
    const isStart = line.length === indent.length;
    if (isStart || line.length + 1 + word.length <= columns)
      lines[lines.length - 1] = isStart ? line + word : `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join("\n");
}

/** A title and the lines below it; empty if there are no lines. */
export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n${colors().bold(title)}\n${lines.join("\n")}\n`;
}

/** A list without order. */
export function bullets(texts: readonly string[]): string[] {
  return texts.map((text) => wrap(text, "  - "));
}

/** A list whose order counts. */
export function numbered(texts: readonly string[]): string[] {
  return texts.map((text, index) => wrap(text, `${String(index + 1).padStart(4)}. `));
}

/** A command that can be copied, broken before its options where the line is too short for it. */
export function commandLines(command: string): string {
  if (command.length + 2 <= width()) return `  ${command}`;
  const [first = "", ...options] = command.split(/ (?=--)/);
  return [`  ${first}`, ...options.map((option) => `      ${option}`)].join(" \\\n");
}
