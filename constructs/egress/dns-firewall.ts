import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Route53ResolverFirewallConfig } from "@cdktf/provider-aws/lib/route53-resolver-firewall-config";
import { Route53ResolverFirewallDomainList } from "@cdktf/provider-aws/lib/route53-resolver-firewall-domain-list";
import { Route53ResolverFirewallRule } from "@cdktf/provider-aws/lib/route53-resolver-firewall-rule";
import { Route53ResolverFirewallRuleGroup } from "@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group";
import { Route53ResolverFirewallRuleGroupAssociation } from "@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group-association";
import { Route53ResolverQueryLogConfig } from "@cdktf/provider-aws/lib/route53-resolver-query-log-config";
import { Route53ResolverQueryLogConfigAssociation } from "@cdktf/provider-aws/lib/route53-resolver-query-log-config-association";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type { DnsFirewallPlan } from "../../domain/egress/dns-firewall";
import { RefusalMetrics } from "./refusal-metrics";
import type { IEncryptionKey, INetwork } from "../common/contracts";

/** Construction properties for {@link DnsFirewall}. */
export interface DnsFirewallProps {
  /** Names that are resolved, and what happens to others. */
  readonly plan: DnsFirewallPlan;

  /** Prefix of every name. */
  readonly prefix: string;

  /** Network whose resolver is guarded. */
  readonly network: Pick<INetwork, "vpcId">;

  /** Key that encrypts the log of queries; its policy must let CloudWatch Logs use it. */
  readonly encryptionKey: IEncryptionKey;

  /** Days that the log of queries is kept. */
  readonly logRetentionDays: number;
}

/**
 * A guard over names: the resolver of a network answers for those on a list, and refuses or reports all others.
 *
 * It stops nothing that connects to an address it has from elsewhere. A name that is on the list may lead to one that is not,
 * as names in front of content networks do.
 */
export class DnsFirewall extends Construct {
  /** What must exist before the first name is asked for, so that none is resolved unguarded. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: DnsFirewallProps) {
    super(scope, id);

    const log = this.defineQueryLog(props);
    const group = new Route53ResolverFirewallRuleGroup(this, "Resource", { name: `${props.prefix}-egress` });
    const allowed = this.defineAllowed(props, group);
    const others = this.defineOthers(props, group, allowed);
    const association = new Route53ResolverFirewallRuleGroupAssociation(this, "Association", {
      name: `${props.prefix}-egress`,
      firewallRuleGroupId: group.id,
      priority: props.plan.priority,
      vpcId: props.network.vpcId,
      // A group that holds the second rule and not yet the first would answer for no name at all.
      dependsOn: [others],
    });
    this.ready = [association, log];
    // A plan says so, as a warning, for as long as nothing is refused: also one that turns refusing off.
    TerraformStack.of(this).addOverride("check.egress_is_enforced.assert", {
      condition: `\${${others.fqn}.action == "BLOCK"}`,
      error_message: 'Egress only alerts: unlisted destinations are logged and allowed. Set egress.mode to "enforce".',
    });
    // When the firewall cannot answer, names stay unresolved instead of unguarded.
    new Route53ResolverFirewallConfig(this, "Config", {
      resourceId: props.network.vpcId,
      firewallFailOpen: "DISABLED",
    });
  }

  private defineAllowed(
    { plan, prefix }: DnsFirewallProps,
    group: Route53ResolverFirewallRuleGroup,
  ): Route53ResolverFirewallRule {
    const list = new Route53ResolverFirewallDomainList(this, "AllowedNames", {
      name: `${prefix}-egress-allowed`,
      domains: plan.allowed.map(rooted),
    });
    return new Route53ResolverFirewallRule(this, "Allow", {
      name: "allowed",
      action: "ALLOW",
      firewallDomainListId: list.id,
      firewallDomainRedirectionAction: "TRUST_REDIRECTION_DOMAIN",
      firewallRuleGroupId: group.id,
      priority: 100,
    });
  }

  /** Made after the names that are allowed, and gone before them. */
  private defineOthers(
    { plan, prefix }: DnsFirewallProps,
    group: Route53ResolverFirewallRuleGroup,
    allowed: Route53ResolverFirewallRule,
  ): Route53ResolverFirewallRule {
    const list = new Route53ResolverFirewallDomainList(this, "EveryName", {
      name: `${prefix}-egress-every-name`,
      domains: [rooted("*")],
    });
    return new Route53ResolverFirewallRule(this, "Others", {
      name: "others",
      action: plan.action,
      blockResponse: plan.action === "BLOCK" ? "NODATA" : undefined,
      firewallDomainListId: list.id,
      firewallRuleGroupId: group.id,
      priority: 200,
      dependsOn: [allowed],
    });
  }

  private defineQueryLog({
    plan,
    prefix,
    network,
    encryptionKey,
    logRetentionDays,
  }: DnsFirewallProps): Route53ResolverQueryLogConfigAssociation {
    const group = new CloudwatchLogGroup(this, "LogGroup", {
      name: `/aws/vendedlogs/${prefix}/dns-queries`,
      retentionInDays: logRetentionDays,
      kmsKeyId: encryptionKey.keyArn,
    });
    new RefusalMetrics(this, "Metrics", { filters: plan.metrics, prefix, logGroupName: group.name });
    const config = new Route53ResolverQueryLogConfig(this, "QueryLog", {
      name: `${prefix}-egress`,
      destinationArn: group.arn,
    });
    return new Route53ResolverQueryLogConfigAssociation(this, "QueryLogAssociation", {
      resolverQueryLogConfigId: config.id,
      resourceId: network.vpcId,
    });
  }
}

/** AWS stores names with the dot of the root, and a name without it would be a change in every plan. */
function rooted(name: string): string {
  return `${name}.`;
}
