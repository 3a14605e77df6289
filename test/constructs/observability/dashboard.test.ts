import { watched } from "../../support/watched";

const template = watched();

describe("Dashboard", () => {
  interface Widget {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly properties: { readonly title: string; readonly metrics: readonly (readonly unknown[])[] };
  }
  const { widgets } = JSON.parse(String(template.only("aws_cloudwatch_dashboard")["dashboard_body"])) as {
    readonly widgets: readonly Widget[];
  };

  test("is one page of rows of three", () => {
    expect(widgets).toHaveLength(9);
    expect(widgets.map(({ x }) => x)).toEqual([0, 8, 16, 0, 8, 16, 0, 8, 16]);
    expect(Math.max(...widgets.map(({ y }) => y))).toBe(12);
  });

  test("names every metric with its dimensions in pairs", () => {
    const metrics = widgets.flatMap(({ properties }) => properties.metrics);

    expect(metrics.filter((metric) => metric.length % 2 === 0)).toEqual([]);
    expect(metrics).toContainEqual([
      "AWS/RDS",
      "DatabaseConnections",
      "DBInstanceIdentifier",
      "retool-prod",
      { label: "database", stat: "Maximum" },
    ]);
  });
});
