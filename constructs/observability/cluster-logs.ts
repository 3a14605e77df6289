import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { LineCountPlan, LogGroupPlan, LogsPlan } from "../../domain/observability/logs";
import type { IEncryptionKey } from "../common/contracts";
import { PodIdentity } from "../common/pod-identity";
import { renderText } from "../common/render";
import { AuditBucket } from "./audit-bucket";

/** Construction properties for {@link ClusterLogs}. */
export interface ClusterLogsProps {
  /** Log groups and role. */
  readonly plan: LogsPlan;
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Key that encrypts the log groups; its policy must let CloudWatch Logs use it. */
  readonly encryptionKey: IEncryptionKey;
}

/**
 * Log groups of pods and nodes, and the role by which the agents on the nodes write into them and into no other.
 *
 * The agents send metrics as log events too, so that they need no right to publish metrics.
 */
export class ClusterLogs extends Construct {
  /** What must exist before the agents. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { plan, clusterName, encryptionKey }: ClusterLogsProps) {
    super(scope, id);
    const groups = new Map(plan.groups.map((group) => [group.name, this.defineGroup(group, encryptionKey)]));
    for (const count of plan.counts) this.defineCount(count, groups.get(count.group));
    const bucket = plan.auditBucket && new AuditBucket(this, "AuditBucket", { plan: plan.auditBucket, encryptionKey });
    const identity = new PodIdentity(this, "Agents", {
      clusterName,
      roleName: plan.agents.roleName,
      namespace: plan.namespace.metadata.name,
      serviceAccount: plan.agents.serviceAccount,
      statements: [
        {
          Sid: "WriteLogs",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [...groups.values()].map(({ arn }) => `${arn}:*`),
        },
        { Sid: "FindTheGroups", Action: "logs:DescribeLogGroups", Resource: "*" },
        // The agent puts the names of volumes and of the node's group into its metrics.
        { Sid: "NameWhatIsMeasured", Action: ["ec2:DescribeVolumes", "ec2:DescribeTags"], Resource: "*" },
        ...(bucket?.writing ?? []),
      ],
    });
    this.ready = [...groups.values(), ...identity.ready];
  }

  private defineGroup(plan: LogGroupPlan, { keyArn }: IEncryptionKey): CloudwatchLogGroup {
    const { name, groupName, retentionDays } = plan;
    return new CloudwatchLogGroup(this, name, { name: groupName, retentionInDays: retentionDays, kmsKeyId: keyArn });
  }

  private defineCount({ name, group, pattern, metric }: LineCountPlan, made: CloudwatchLogGroup | undefined): void {
    if (made === undefined) throw new Error(`${name} counts lines of the log group "${group}", and there is none`);
    new CloudwatchLogMetricFilter(this, name, {
      name,
      logGroupName: made.name,
      pattern: renderText(pattern),
      metricTransformation: { namespace: metric.namespace, name: metric.metricName, value: "1", defaultValue: "0" },
    });
  }
}
