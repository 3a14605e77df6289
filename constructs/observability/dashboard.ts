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
  /**
   * ARNs of alarms whose states stand at the top.
   *
   * @default [] - graphs only
   */
  readonly alarmArns?: readonly string[];
}

/** CloudWatch divides a page into 24 columns. */
const GRAPHS_IN_A_ROW = 3;
const WIDTH = 24 / GRAPHS_IN_A_ROW;
const HEIGHT = 6;

/** Rows of the page that the states of alarms take. */
const ALARMS_HEIGHT = 4;

/** Most alarms that a widget shows. */
const MOST_ALARMS = 100;

/** A CloudWatch dashboard of one page: $3 a month. */
export class Dashboard extends Construct {
  public constructor(scope: Construct, id: string, { plan, region, resources, alarmArns = [] }: DashboardProps) {
    super(scope, id);

    new CloudwatchDashboard(this, "Resource", {
      dashboardName: plan.name,
      dashboardBody: renderJson({
        widgets: [
          ...(alarmArns.length === 0 ? [] : [alarmWidget(alarmArns)]),
          ...plan.graphs.map((graph, index) => ({
            ...placeOf(index, alarmArns.length === 0 ? 0 : ALARMS_HEIGHT),
            ...widget(graph, region, resources),
          })),
        ],
      }),
    });
  }
}

/** What is wrong now, before anything else. */
function alarmWidget(arns: readonly string[]): JsonObject {
  return {
    type: "alarm",
    x: 0,
    y: 0,
    width: WIDTH * GRAPHS_IN_A_ROW,
    height: ALARMS_HEIGHT,
    properties: { title: "Alarms", sortBy: "stateUpdatedTimestamp", alarms: arns.slice(0, MOST_ALARMS) },
  };
}

function placeOf(index: number, top: number): Readonly<Record<"x" | "y" | "width" | "height", number>> {
  const row = Math.floor(index / GRAPHS_IN_A_ROW);
  return { x: (index % GRAPHS_IN_A_ROW) * WIDTH, y: top + row * HEIGHT, width: WIDTH, height: HEIGHT };
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function widget({ title, lines, limit }: GraphPlan, region: string, resources: WatchedResources): JsonObject {
  return {
    type: "metric",
    properties: {
      title,
      region,
      view: "timeSeries",
      period: 300,
      metrics: lines.map(({ metric, dimensions, label, statistic, axis, periodSeconds }) => [
        metric.namespace,
        metric.metricName,
        ...Object.entries(dimensionsOf(dimensions, resources)).flat(),
        {
          label,
          stat: statistic,
          ...(axis === undefined ? {} : { yAxis: axis }),
          ...(periodSeconds === undefined ? {} : { period: periodSeconds }),
        },
      ]),
      ...(limit === undefined ? {} : { annotations: { horizontal: [{ label: limit.label, value: limit.value }] } }),
    },
  };
}
