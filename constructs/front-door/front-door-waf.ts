import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import type { Construct } from "constructs";

import { LOG_DAYS } from "../../domain/common/log-retention";
import type { WafPlan } from "../../domain/front-door/front-door";
import type { IEncryptionKey } from "../common/contracts";

/** A set of rules that AWS keeps, and those of its rules that are only counted. */
interface ManagedRules {
  readonly name: string;
  readonly onlyCounted: readonly string[];
}

/**
 * Sets of rules, in order.
 *
 * What people build in Retool is sent as code: queries, JavaScript, whole pages. Rules that look for code in a body, or for
 * a body over 8 KB, would refuse a builder's work; API clients without a browser's header are welcome as well.
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const MANAGED_RULES: readonly ManagedRules[] = [
  { name: "AWSManagedRulesAmazonIpReputationList", onlyCounted: [] },
  { name: "AWSManagedRulesKnownBadInputsRuleSet", onlyCounted: [] },
  {
    name: "AWSManagedRulesCommonRuleSet",
    onlyCounted: [
      "SizeRestrictions_BODY",
      "SizeRestrictions_QUERYSTRING",
      "CrossSiteScripting_BODY",
      "GenericLFI_BODY",
      "GenericRFI_BODY",
      "EC2MetaDataSSRF_BODY",
      "NoUserAgent_HEADER",
    ],
  },
];

/** What the firewall of a load balancer stands at, and what encrypts its log. */
export interface WafProps {
  /** Beginning of every name. */
  readonly prefix: string;
  /** The load balancer. */
  readonly loadBalancerArn: string;
  /**
   * Key that encrypts the log; its policy must let CloudWatch Logs use it.
   *
   * @default - a key of CloudWatch Logs
   */
  readonly logsKey?: IEncryptionKey;
}

/** Defines the firewall of a load balancer and its log, from which query strings, cookies and tokens are left out. */
export function defineWaf(scope: Construct, plan: WafPlan, { prefix, loadBalancerArn, logsKey }: WafProps): void {
  const acl = new Wafv2WebAcl(scope, "Waf", {
    name: prefix,
    description: `Retool of ${prefix}`,
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    rule: [...MANAGED_RULES.map((rules, index) => managedRule(rules, index, plan)), rateRule(plan)],
    visibilityConfig: visibility(prefix),
  });
  new Wafv2WebAclAssociation(scope, "WafAssociation", { resourceArn: loadBalancerArn, webAclArn: acl.arn });
  defineLog(scope, prefix, acl, logsKey);
}

function managedRule({ name, onlyCounted }: ManagedRules, priority: number, { blocks }: WafPlan): Wafv2WebAclRule {
  return {
    name,
    priority,
    overrideAction: blocks ? { none: {} } : { count: {} },
    // The bindings hand statements, which may nest, to Terraform as they are: under its own names.
    statement: {
      managed_rule_group_statement: {
        name,
        vendor_name: "AWS",
        rule_action_override: onlyCounted.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function rateRule({ blocks, requestsPerFiveMinutes }: WafPlan): Wafv2WebAclRule {
  return {
    name: "Rate",
    priority: MANAGED_RULES.length,
    action: blocks ? { block: {} } : { count: {} },
    statement: { rate_based_statement: { aggregate_key_type: "IP", limit: requestsPerFiveMinutes } },
    visibilityConfig: visibility("Rate"),
  };
}

/** Sampled requests would show query strings, which carry tokens. */
function visibility(metricName: string): Wafv2WebAclRule["visibilityConfig"] {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

function defineLog(scope: Construct, prefix: string, acl: Wafv2WebAcl, logsKey: IEncryptionKey | undefined): void {
  const group = new CloudwatchLogGroup(scope, "WafLog", {
    // The name must begin like this: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    name: `aws-waf-logs-${prefix}`,
    retentionInDays: LOG_DAYS.webAcl,
    kmsKeyId: logsKey?.keyArn,
  });
  new Wafv2WebAclLoggingConfiguration(scope, "WafLogging", {
    resourceArn: acl.arn,
    logDestinationConfigs: [group.arn],
    redactedFields: [
      { queryString: {} },
      { singleHeader: { name: "authorization" } },
      { singleHeader: { name: "cookie" } },
    ],
  });
}
