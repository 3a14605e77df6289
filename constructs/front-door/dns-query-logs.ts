import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import { Route53QueryLog } from "@cdktf/provider-aws/lib/route53-query-log";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

import type { IDnsZone } from "../common/contracts";
import { policyDocument } from "../common/policy-document";

/** Construction properties for {@link DnsQueryLogs}. */
export interface DnsQueryLogsProps {
  /** Prefix of every name. */
  readonly prefix: string;
  /** Twelve-digit id of the account that holds the zone. */
  readonly account: string;
  /** Public zone whose queries are logged. */
  readonly zone: IDnsZone;
  /** Days that queries are kept. */
  readonly retentionDays: number;

  /**
   * Provider of us-east-1, where Route 53 writes the queries of every public zone.
   *
   * @default - the provider of the stack, which must be that of us-east-1
   */
  readonly provider?: TerraformProvider;
}

/** A record of every query to a public zone, in our own log group. */
export class DnsQueryLogs extends Construct {
  public constructor(scope: Construct, id: string, props: DnsQueryLogsProps) {
    super(scope, id);

    const { prefix, account, zone, retentionDays, provider } = props;
    const group = new CloudwatchLogGroup(this, "LogGroup", {
      name: `/aws/route53/${prefix}`,
      retentionInDays: retentionDays,
      provider,
    });
    const policy = new CloudwatchLogResourcePolicy(this, "Policy", {
      policyName: `${prefix}-dns-query-logs`,
      policyDocument: policyDocument([
        {
          Sid: "Route53Writes",
          Principal: { Service: "route53.amazonaws.com" },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `${group.arn}:*`,
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ]),
      provider,
    });
    new Route53QueryLog(this, "Resource", {
      zoneId: zone.zoneId,
      cloudwatchLogGroupArn: group.arn,
      dependsOn: [policy],
    });
  }
}
