import { colors, width } from "./text";

/** Aligns rows of cells: the first column to the left, the others to the right. The first cell is cut where the line is too long. */
export function aligned(rows: readonly (readonly string[])[], columns = width()): string[] {
  const longest = (index: number): number => Math.max(0, ...rows.map((row) => row[index]?.length ?? 0));
  const count = Math.max(0, ...rows.map(({ length }) => length));
  const numbers = Array.from({ length: Math.max(0, count - 1) }, (_, index) => longest(index + 1));
  const room = columns - numbers.reduce((sum, size) => sum + size + 2, 0) - 2;
  const first = Math.min(longest(0), room);
  return rows.map(([label = "", ...cells]) => {
    const start = label.length > first ? `${label.slice(0, first - 1)}…` : label.padEnd(first);
    return `  ${[start, ...cells.map((cell, index) => cell.padStart(numbers[index] ?? 0))].join("  ")}`;
  });
}

/** The same, with a bold head and a bold last row. */
export function sumTable(rows: readonly (readonly string[])[], columns = width()): string[] {
  const lines = aligned(rows, columns);
  return lines.map((line, index) => (index === 0 || index === lines.length - 1 ? colors().bold(line) : line));
}
