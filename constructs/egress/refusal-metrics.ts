import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { Construct } from "constructs";

import { type MetricFilters, metricNamespace } from "../../domain/egress/metrics";

/** Construction properties for {@link RefusalMetrics}. */
export interface RefusalMetricsProps {
  /** What is counted. */
  readonly filters: MetricFilters;

  /** Prefix of every name. */
  readonly prefix: string;

  /** Log group whose lines are counted. */
  readonly logGroupName: string;
}

/** Counts of what a firewall's log says was refused, as CloudWatch metrics. */
export class RefusalMetrics extends Construct {
  public constructor(scope: Construct, id: string, { filters, prefix, logGroupName }: RefusalMetricsProps) {
    super(scope, id);

    for (const [name, { metricName, pattern }] of Object.entries(filters))
      new CloudwatchLogMetricFilter(this, name, {
        name: `${prefix}-${metricName}`,
        logGroupName,
        pattern,
        // Without a matching line nothing is written: an alarm then has no data, and stays quiet.
        metricTransformation: { namespace: metricNamespace(prefix), name: metricName, value: "1" },
      });
  }
}
