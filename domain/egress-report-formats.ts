import type { EgressReport, EgressReportRow, LevelCost } from "./egress-report";

/** Prints a report as JSON. */
export function egressJson(report: EgressReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** Columns of tables, in order. */
const COLUMNS: readonly (readonly [string, (row: EgressReportRow) => string])[] = [
  ["who", ({ who }) => who.join(", ")],
  ["where", ({ where }) => where],
  ["port", ({ port }) => port],
  ["protocol", ({ application }) => application],
  ["why", ({ why, inferred }) => (inferred ? `${why} (inferred)` : why)],
  ["data", ({ data }) => data],
  ["required", ({ required }) => (required ? "yes" : "no")],
  ["enforced by", ({ enforcedBy }) => enforcedBy.join(", ")],
  ["source", ({ source }) => source],
];

/**
 * Prints the connections that leave as comma-separated values.
 *
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function egressCsv({ connections }: EgressReport): string {
  const rows = [COLUMNS.map(([title]) => title), ...connections.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Prints a report as Markdown. */
export function egressMarkdown(report: EgressReport): string {
  const { environment, level, connections, inside, retoolAddresses, notes, costs } = report;
  const blocks = [
    `# What may leave ${environment}`,
    `Level: \`${level}\`.`,
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${markdownCell(note)}`).join("\n")]),
    "## Out of the environment",
    table(connections),
    "## Retool's addresses",
    "Instead of the names of Retool's hosts, a firewall that knows no names can allow these addresses on port 443.",
    [...retoolAddresses.ranges, ...retoolAddresses.addresses].map((address) => `- ${address}`).join("\n"),
    "Temporal Cloud publishes no addresses.",
    "## Between containers",
    table(inside),
    "## Cost of each level a month",
    costTable(costs),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** A table without the columns that are empty throughout. */
function table(rows: readonly EgressReportRow[]): string {
  const used = COLUMNS.filter(([, cell]) => rows.some((row) => cell(row) !== ""));
  return markdownTable(
    used.map(([title]) => title),
    rows.map((row) => used.map(([, cell]) => cell(row))),
  );
}

function costTable(costs: readonly LevelCost[]): string {
  return markdownTable(
    ["level", "fixed", "by use"],
    costs.map(({ level, monthlyCents, byUse }) => [level, `$${dollars(monthlyCents)}`, byUse]),
  );
}

function dollars(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => "---"), ...rows.map((row) => row.map(markdownCell))];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Text that stays text in a cell: no bar, break, tag or emphasis of its own. */
function markdownCell(text: string): string {
  return text.replaceAll(/[\\|*_`<>[\]]/g, (letter) => `\\${letter}`).replaceAll(/\s*[\r\n]+\s*/g, " ");
}
