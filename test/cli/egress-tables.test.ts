import { egressTables } from "../../cli/egress-tables";
import { egressReport } from "../../domain/egress/report";
import { planEnvironment } from "../../domain/environment/environment";
import { prod } from "../support/environments/prod";

const { egress, context } = planEnvironment({
  ...prod,
  egress: { resources: [{ to: `${"long.".repeat(20)}example.com` }] },
});
const report = egressReport(egress, context);

describe("tables of what may leave", () => {
  test.each([80, 100, 60])("fit %i columns, and lose no row", (columns) => {
    const text = egressTables(report, columns);
    const lines = text.split("\n");

    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    const joined = lines.map((line) => line.split("│")[1]?.trim() ?? "").join("");
    for (const { where, port } of report.connections) expect(joined).toContain(`${where}:${port}`);
  });

  test("are one for each container, with the rows that it may use", () => {
    const text = egressTables(report, 80);
    const sources = [...new Set(report.connections.flatMap(({ who }) => who))];

    for (const source of sources) expect(text).toContain(`\n${source}\n`);
    const proxy = text.slice(
      text.indexOf("\nsandbox-proxy\n"),
      text.indexOf("\n", text.indexOf("└", text.indexOf("\nsandbox-proxy\n"))),
    );
    expect(proxy).not.toContain("licensing.tryretool.com");
    expect(text).toContain("Closed");
  });

  test("begin with the line that nothing is refused, while that is so", () => {
    const alert = planEnvironment({ ...prod, egress: { mode: "alert" } });

    expect(egressTables(egressReport(alert.egress, alert.context), 80)).toMatch(/^EGRESS ONLY ALERTS/);
  });
});
