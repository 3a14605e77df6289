import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog, type FlowLogConfig } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";

import type { NetworkPlan } from "../../domain/network/network";
import type { IEncryptionKey, INetwork } from "../common/contracts";
import { policyDocument, serviceTrust } from "../common/policy-document";

/** Construction properties for {@link FlowLogs}. */
export interface FlowLogsProps {
  /** Name and retention of the log group. */
  readonly plan: NetworkPlan;
  /** Network whose traffic is logged. */
  readonly network: INetwork;

  /**
   * Key that encrypts the log group; its policy must let CloudWatch Logs use it.
   *
   * @default - the key of CloudWatch Logs
   */
  readonly encryptionKey?: IEncryptionKey;
}

/** A record of every connection into, within and out of a network: in a log group, or where the organization keeps logs. */
export class FlowLogs extends Construct {
  public constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);

    new FlowLog(this, "Resource", {
      vpcId: props.network.vpcId,
      trafficType: "ALL",
      ...this.defineDestination(props),
      maxAggregationInterval: 600,
      tags: { Name: props.plan.prefix },
    });
  }

  private defineDestination(
    props: FlowLogsProps,
  ): Pick<FlowLogConfig, "logDestinationType" | "logDestination" | "iamRoleArn"> {
    const { flowLogDestination } = props.plan;
    // A bucket lets the service write by its own policy, which is its owner's.
    if (flowLogDestination !== undefined) return { logDestinationType: "s3", logDestination: flowLogDestination };
    const group = this.defineLogGroup(props);
    const iamRoleArn = this.defineRole(props.plan, group).arn;
    return { logDestinationType: "cloud-watch-logs", logDestination: group.arn, iamRoleArn };
  }

  private defineLogGroup({ plan, encryptionKey }: FlowLogsProps): CloudwatchLogGroup {
    return new CloudwatchLogGroup(this, "LogGroup", {
      name: `/aws/vpc/${plan.prefix}/flow-logs`,
      retentionInDays: plan.flowLogRetentionDays,
      kmsKeyId: encryptionKey?.keyArn,
    });
  }

  private defineRole({ prefix }: NetworkPlan, group: CloudwatchLogGroup): IamRole {
    const role = new IamRole(this, "Role", {
      name: `${prefix}-flow-logs`,
      description: `Writes the flow logs of ${prefix}`,
      assumeRolePolicy: serviceTrust("vpc-flow-logs.amazonaws.com"),
    });
    new IamRolePolicy(this, "WriteLogs", {
      role: role.id,
      policy: policyDocument([
        {
          Sid: "WriteLogs",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: `${group.arn}:*`,
        },
        { Sid: "FindTheGroup", Action: "logs:DescribeLogGroups", Resource: "*" },
      ]),
    });
    return role;
  }
}
