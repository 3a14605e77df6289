import { colors, width, wrap } from "./text";

/** Aligns rows of cells: the first column to the left, the others to the right. The first cell is broken where the line is too long. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const longest = (index: number): number => Math.max(0, ...rows.map((row) => row[index]?.length ?? 0));
  const count = Math.max(0, ...rows.map(({ length }) => length));
  const numbers = Array.from({ length: Math.max(0, count - 1) }, (_, index) => longest(index + 1));
  const room = width() - numbers.reduce((sum, size) => sum + size + 2, 0) - 2;
  const first = Math.min(longest(0), room);
  return rows.map(([label = "", ...cells]) => {
    const [start = "", ...more] = wrap(label, "", first).split("\n");
    const row = [start.padEnd(first), ...cells.map((cell, index) => cell.padStart(numbers[index] ?? 0))].join("  ");
    return [row, ...more.map((line) => `  ${line}`)].map((line) => `  ${line}`).join("\n");
  });
}

/** The same, with a bold head and a bold last row. */
export function sumTable(rows: readonly (readonly string[])[]): string[] {
  const lines = aligned(rows);
  return lines.map((line, index) => (index === 0 || index === lines.length - 1 ? colors().bold(line) : line));
}

/** A section whose title stands in the line of the columns' heads; the last row is bold. */
export function titledTable(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const [head = "", ...lines] = sumTable([[title, ...heads], ...rows]);
  // The title is not indented as the rows are.
  return `\n${[head.replace(/^((?:\u001B\[\d+m)?) {2}(.*?)( {2})/, "$1$2$3  "), ...lines].join("\n")}\n`;
}
