import { egressPicture } from "../../cli/egress-picture";
import { egressReport } from "../../domain/egress/report";
import { planEnvironment } from "../../domain/environment/environment";
import { prod } from "../support/environments/prod";

const { egress, context } = planEnvironment({
  ...prod,
  egress: { resources: [{ to: "warehouse.example.com", reason: 'R&D <"sales">' }] },
});
const report = egressReport(egress, context);
const svg = egressPicture(report);

describe("the picture of what may leave", () => {
  test("shows every container and every destination, once, inside its frame", () => {
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    const sources = [...new Set(report.connections.flatMap(({ who }) => who))];

    for (const source of sources) expect(texts.filter((text) => text === source)).toHaveLength(1);
    for (const { where, port } of report.connections.filter((row) => `${row.where}:${row.port}`.length <= 48))
      expect(texts.filter((text) => text === `${where}:${port}`).length).toBeGreaterThanOrEqual(1);
    const [, height = ""] = /viewBox="0 0 1180 (\d+)"/.exec(svg) ?? [];
    const bottoms = [...svg.matchAll(/ y="(\d+)" width="\d+" height="(\d+)"/g)].map(
      ([, y, own]) => Number(y) + Number(own),
    );
    expect(Math.max(...bottoms)).toBeLessThanOrEqual(Number(height));
  });

  test("has a way for each container of a row", () => {
    const groups = new Map(report.connections.map((row) => [row.who.join(), row.who.length]));

    expect(svg.match(/<path /g)).toHaveLength([...groups.values()].reduce((sum, count) => sum + count, 0));
  });

  test("keeps text text", () => {
    expect(svg).toContain("R&amp;D &lt;&quot;sales&quot;&gt;");
    expect(svg).not.toContain('<"sales">');
  });
});
