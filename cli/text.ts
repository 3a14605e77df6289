import { isatty } from "node:tty";

import pc from "picocolors";

/** Widest line of running text, which is easier to read than a whole wide terminal. */
const WIDEST = 100;

/** Width of a line where the output is not a terminal. */
const USUAL = 80;

/** Colours of the standard output: none where it is not a terminal, or where `NO_COLOR` says so. */
export function colors(): ReturnType<typeof pc.createColors> {
  return pc.createColors(isatty(1) && (process.env["NO_COLOR"] ?? "") === "");
}

/** Characters that fit into one line of the standard output. */
export function width(): number {
  const columns = isatty(1) ? process.stdout.columns : USUAL;
  return Math.max(40, Math.min(columns || USUAL, WIDEST));
}

/**
 * Breaks a text into lines between words; a longer word stays whole, so that it can be copied.
 *
 * @param text - One paragraph.
 * @param first - What the first line starts with; the others are indented as far.
 */
export function wrap(text: string, first = "", columns = width()): string {
  const indent = " ".repeat(first.length);
  const lines = [first];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    const isStart = line.length === indent.length;
    if (isStart || line.length + 1 + word.length <= columns)
      lines[lines.length - 1] = isStart ? line + word : `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join("\n");
}

/** A title and what stands below it; nothing where nothing stands below it. */
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
