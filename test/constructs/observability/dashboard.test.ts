import { watched } from "../../support/watched";

const template = watched();

describe("Dashboard", () => {
  interface Widget {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly type: string;
    readonly properties: {
      readonly title: string;
      readonly metrics: readonly (readonly unknown[])[];
      readonly alarms: readonly string[];
    };
  }
  const { widgets: all } = JSON.parse(String(template.only("aws_cloudwatch_dashboard")["dashboard_body"])) as {
    readonly widgets: readonly Widget[];
  };

  const [alarms, ...widgets] = all;

  test("begins with the states of all alarms", () => {
    expect(alarms).toMatchObject({ type: "alarm", x: 0, y: 0, width: 24, height: 4 });
    expect(alarms?.properties.alarms).toHaveLength(template.all("aws_cloudwatch_metric_alarm").length);
    expect(alarms?.properties.alarms[0]).toMatch(
      /^\$\{aws_cloudwatch_metric_alarm\.Alarms_load-balancer-errors_\w+\.arn\}$/,
    );
  });

  test("goes on as one page of rows of three, with short titles", () => {
    expect(widgets).toHaveLength(9);
    expect(widgets.map(({ x }) => x)).toEqual([0, 8, 16, 0, 8, 16, 0, 8, 16]);
    expect(widgets.map(({ y }) => y)).toEqual([4, 4, 4, 10, 10, 10, 16, 16, 16]);
    expect(widgets.filter(({ properties: { title } }) => title.length > 44)).toEqual([]);
  });

  test("counts pods that wait by the minute, and keeps memory and storage on two axes", () => {
    const options = widgets.flatMap(({ properties }) => properties.metrics.map((metric) => metric.at(-1)));

    expect(options).toContainEqual({ label: "pending", stat: "Sum", period: 60 });
    expect(options).toContainEqual({ label: "database, storage", stat: "Minimum", yAxis: "right" });
    expect(options).toContainEqual({ label: "database, memory", stat: "Average" });
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
