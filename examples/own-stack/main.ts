import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { App, TerraformStack } from "cdktf";

import { ClusterWorkloads, PostgresDatabase } from "../../constructs";
import { type EnvironmentPlan, planEnvironment } from "../../domain";
import { declareAws, declareBackend, declareKubernetes, declareTls, RetoolPlatform } from "../../stacks";

// The platform in your own stack, next to your own resources.
class Tools extends TerraformStack {
  public constructor(app: App, plan: EnvironmentPlan) {
    super(app, "tools");
    declareBackend(this, plan.state);
    declareAws(this, plan);
    declareTls(this);
    const retool = new RetoolPlatform(this, "Retool", {
      plan,
      workloads: (api) => {
        declareKubernetes(this, api, plan);
        return new ClusterWorkloads({ hasNodes: true });
      },
    });
    this.letReportsIn(retool);
    this.watchDatabase(plan);
  }

  private letReportsIn({ network, database }: RetoolPlatform): void {
    const reports = new SecurityGroup(this, "Reports", { namePrefix: "reports-", vpcId: network.vpcId });
    if (database instanceof PostgresDatabase) database.allowFrom("Reports", { securityGroupId: reports.id });
  }

  private watchDatabase({ database }: EnvironmentPlan): void {
    if (database.kind === "existing") return;
    new CloudwatchMetricAlarm(this, "DatabaseBusy", {
      alarmName: "retool-database-busy",
      namespace: "AWS/RDS",
      metricName: "CPUUtilization",
      dimensions: { DBInstanceIdentifier: database.identifier },
      statistic: "Average",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 80,
      period: 300,
      evaluationPeriods: 3,
    });
  }
}

const app = new App();
new Tools(
  app,
  planEnvironment({
    name: "tools",
    account: "111122223333",
    region: "us-east-1",
    domain: "retool.example.com",
    retoolVersion: "4.0.9-stable",
    access: "internal",
    clusterAccess: "private",
    license: "none",
  }),
);
app.synth();
