import { RefusalMetrics } from "../../../constructs/egress/refusal-metrics";
import { nameFilters } from "../../../domain/egress/metrics";
import { synthesize } from "../../support/synthesize";

describe("RefusalMetrics", () => {
  test("counts lines of a log into the environment's namespace, and writes nothing without one", () => {
    const filter = synthesize((stack) => {
      new RefusalMetrics(stack, "Metrics", {
        filters: nameFilters([]),
        prefix: "retool-prod",
        logGroupName: "/aws/vendedlogs/retool-prod/dns-queries",
      });
    }).only("aws_cloudwatch_log_metric_filter");

    expect(filter).toMatchObject({
      name: "retool-prod-RefusedNames",
      log_group_name: "/aws/vendedlogs/retool-prod/dns-queries",
      pattern: '{ (($.firewall_rule_action = "BLOCK") || ($.firewall_rule_action = "ALERT")) }',
      metric_transformation: { namespace: "cdktf-retool/retool-prod", name: "RefusedNames", value: "1" },
    });
    expect(filter["metric_transformation"]).not.toHaveProperty("default_value");
  });
});
