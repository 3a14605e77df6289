import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";

import type { JsonObject } from "../../domain/common/kubernetes";
import type { DashboardPlan, GraphPlan } from "../../domain/observability/dashboard";
import { renderJson } from "../common/render";
import { dimensionsOf, type WatchedResources } from "./dimensions";

/** Construction properties for {@link Dashboard}. */
export interface DashboardProps {
  /** What it shows. */
  readonly plan: DashboardPlan;
  /** Region of the metrics. */
  readonly region: string;
  /** What they are of. */
  readonly resources: WatchedResources;
}

/** CloudWatch divides a page into 24 columns. */
const GRAPHS_IN_A_ROW = 3;
const WIDTH = 24 / GRAPHS_IN_A_ROW;
const HEIGHT = 6;

/** A CloudWatch dashboard of one page: $3 a month. */
export class Dashboard extends Construct {
  public constructor(scope: Construct, id: string, { plan, region, resources }: DashboardProps) {
    super(scope, id);

    new CloudwatchDashboard(this, "Resource", {
      dashboardName: plan.name,
      dashboardBody: renderJson({
        widgets: plan.graphs.map((graph, index) => widget(graph, index, region, resources)),
      }),
    });
  }
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function widget(
  { title, lines, limit }: GraphPlan,
  index: number,
  region: string,
  resources: WatchedResources,
): JsonObject {
  return {
    type: "metric",
    x: (index % GRAPHS_IN_A_ROW) * WIDTH,
    y: Math.floor(index / GRAPHS_IN_A_ROW) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: {
      title,
      region,
      view: "timeSeries",
      period: 300,
      metrics: lines.map(({ metric, dimensions, label, statistic }) => [
        metric.namespace,
        metric.metricName,
        ...Object.entries(dimensionsOf(dimensions, resources)).flat(),
        { label, stat: statistic },
      ]),
      ...(limit === undefined ? {} : { annotations: { horizontal: [{ label: limit.label, value: limit.value }] } }),
    },
  };
}
