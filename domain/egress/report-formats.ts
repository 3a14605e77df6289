import type { EgressReport, EgressReportRow } from "./report";

/** Prints a report as JSON; several as a list. */
export function egressJson(...reports: readonly [EgressReport, ...EgressReport[]]): string {
  return `${JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2)}\n`;
}

/** Columns of tables, in order. */
const COLUMNS: readonly (readonly [string, (row: EgressReportRow) => string])[] = [
  ["who", ({ who }) => who.join(", ")],
  ["where", ({ where }) => where],
  ["port", ({ port }) => String(port)],
  ["protocol", ({ application }) => application],
  ["why", ({ why, inferred }) => (inferred ? `${why} (inferred)` : why)],
  ["data", ({ data }) => data],
  ["required", ({ required }) => (required ? "yes" : "no")],
  ["addresses", ({ addresses }) => addresses],
  ["enforced by", ({ enforcedBy }) => enforcedBy.join(", ")],
  ["source", ({ source }) => source],
];

/**
 * Prints the connections that leave as comma-separated values, each with its environment.
 *
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function egressCsv(...reports: readonly EgressReport[]): string {
  const rows = [
    ["environment", ...COLUMNS.map(([title]) => title)],
    ...reports.flatMap(({ environment, connections }) =>
      connections.map((row) => [environment, ...COLUMNS.map(([, cell]) => cell(row))]),
    ),
  ];
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Prints reports as Markdown, one after another. */
export function egressMarkdown(...reports: readonly EgressReport[]): string {
  return reports.map(markdownReport).join("\n");
}

function markdownReport(report: EgressReport): string {
  const { environment, level, mode, connections, inside, closed, retoolAddresses, banner, notes, costs } = report;
  const blocks = [
    ...(banner === "" ? [] : [`**${banner}**`]),
    `# Outbound connections of ${environment}`,
    level === "open" ? `Level: \`${level}\`.` : `Level: \`${level}\`, mode: \`${mode}\`.`,
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${markdownCell(note)}`).join("\n")]),
    "## Out of the environment",
    WHO,
    table(connections),
    ...(closed.length === 0 ? [] : ["## Closed", closedTable(closed)]),
    "## Retool's addresses",
    `Instead of the names of Retool's hosts, a firewall that knows no names can allow ${retoolAddresses.ranges.join(" and ")} on port 443. ` +
      "One that takes single addresses needs these, which are the same:",
    retoolAddresses.addresses.map((address) => `- ${address}`).join("\n"),
    "Temporal Cloud publishes no addresses.",
    "## Between containers",
    table(inside),
    "## Cost of each level a month",
    `List prices of us-east-1, without the logs and alarms of a level, which \`npx cdktf-retool cost ${environment}\` counts too.`,
    costTable(costs),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** What the first column does not mean. */
const WHO =
  "Network policies enforce who may use a row, by container, port and addresses. The firewalls see nodes and pods as one: a name on " +
  "the list is passed for all of them.";

function closedTable(closed: EgressReport["closed"]): string {
  return markdownTable(
    ["host", "who would call it", "without it", "to open it"],
    closed.map(({ host, who, lacks, remedy }) => [host, who, lacks, remedy]),
  );
}

/** A table without the columns that are empty throughout. */
function table(rows: readonly EgressReportRow[]): string {
  const used = COLUMNS.filter(([, cell]) => rows.some((row) => cell(row) !== ""));
  return markdownTable(
    used.map(([title]) => title),
    rows.map((row) => used.map(([, cell]) => cell(row))),
  );
}

function costTable(costs: EgressReport["costs"]): string {
  return markdownTable(
    ["level", "fixed", "by use", "what it buys"],
    Object.entries(costs).map(([level, { perMonth, byUse, buys }]) => [level, `$${perMonth.toFixed(2)}`, byUse, buys]),
  );
}

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => "---"), ...rows.map((row) => row.map(markdownCell))];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Text that stays text in a cell: no bar, break, tag or emphasis. */
function markdownCell(text: string): string {
  return text.replaceAll(/[\\|*_`<>[\]]/g, (letter) => `\\${letter}`).replaceAll(/\s*[\r\n]+\s*/g, " ");
}
