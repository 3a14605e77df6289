import Table from "cli-table3";

import type { EgressReport, EgressReportRow } from "../domain/egress/report";
import { colors, section, width, wrap } from "./text";

/** What stands between two cells, and around a row. */
const BORDERS = 4;

/** Shortest column in which a host can be read. */
const SHORTEST = 20;

/** One table a container, as wide as the terminal and at most 100 characters; a long host goes on in the next line. */
export function egressTables(report: EgressReport, columns = width()): string {
  const { environment, level, mode, banner, notes, connections, closed } = report;
  const head = level === "open" ? `level ${level}` : `level ${level}, mode ${mode}`;
  const sources = [...new Set(connections.flatMap(({ who }) => who))];
  return [
    banner === "" ? "" : `${colors().yellow(wrap(banner, "", columns))}\n\n`,
    wrap(`What may leave ${environment}: ${head}. * is our conclusion; ! is needed by Retool itself.`, "", columns),
    "\n",
    section("Attention", listed(notes, columns)),
    ...sources.map((source) => sourceTable(source, connections, columns)),
    closed.length === 0
      ? ""
      : section(
          "Closed",
          listed(
            closed.map(({ host, who, lacks, remedy }) => `${host}, for ${who}: ${lacks}; ${remedy}`),
            columns,
          ),
        ),
  ].join("");
}

function listed(texts: readonly string[], columns: number): string[] {
  return texts.map((text) => wrap(text, "  - ", columns));
}

function sourceTable(source: string, rows: readonly EgressReportRow[], columns: number): string {
  const own = rows.filter(({ who }) => who.includes(source));
  const cells = own.map((row) => [`${row.where}:${row.port}`, `${marks(row)}${row.why}`] as const);
  const longest = Math.max(...cells.map(([where]) => where.length)) + 2;
  const first = Math.max(SHORTEST, Math.min(longest, Math.floor(columns * 0.55)));
  const table = new Table({
    head: ["where", "why"],
    colWidths: [first, columns - first - BORDERS + 1],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  table.push(...cells.map(([where, why]) => [chunked(where, first - 2), why]));
  return `\n${colors().bold(source)}\n${table.toString()}\n`;
}

/** A host has no words to break between. */
function chunked(text: string, size: number): string {
  return text.match(new RegExp(`.{1,${size}}`, "g"))?.join("\n") ?? text;
}

function marks({ required, inferred }: EgressReportRow): string {
  const found = `${required ? "!" : ""}${inferred ? "*" : ""}`;
  return found === "" ? "" : `${found} `;
}
