import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Ec2ManagedPrefixList } from "@cdktf/provider-aws/lib/ec2-managed-prefix-list";
import { NetworkfirewallFirewall } from "@cdktf/provider-aws/lib/networkfirewall-firewall";
import { NetworkfirewallFirewallPolicy } from "@cdktf/provider-aws/lib/networkfirewall-firewall-policy";
import { NetworkfirewallLoggingConfiguration } from "@cdktf/provider-aws/lib/networkfirewall-logging-configuration";
import { NetworkfirewallRuleGroup } from "@cdktf/provider-aws/lib/networkfirewall-rule-group";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { type FirewallPlan, PREFIX_LIST_NAME } from "../../domain/egress/firewall";
import { RefusalMetrics } from "./refusal-metrics";
import type { FirewallEndpoint, IEncryptionKey, NetworkZone } from "../common/contracts";
import { renderText } from "../common/render";

/** Construction properties for {@link NetworkFirewall}. */
export interface NetworkFirewallProps {
  /** What passes. */
  readonly plan: FirewallPlan;

  /** Prefix of every name. */
  readonly prefix: string;

  /** Network that the firewall stands in. */
  readonly vpcId: string;

  /** Zones of the network, each with its NAT gateway. */
  readonly zones: readonly NetworkZone[];

  /**
   * Further subnets whose ranges the zones name: AWS takes a route back only to a subnet that exists.
   *
   * @default []
   */
  readonly after?: readonly ITerraformDependable[];

  /** Key that encrypts the logs; its policy must let CloudWatch Logs use it. */
  readonly encryptionKey: IEncryptionKey;

  /** Days that the logs are kept. */
  readonly logRetentionDays: number;
}

const EVERYWHERE = "0.0.0.0/0";

/** What NAT gateways cut idle connections after, in seconds. */
const IDLE_SECONDS = 350;

/** Logs that are written: what rules report or drop, and every connection. */
const LOGS = ["ALERT", "FLOW"] as const;

/**
 * Kept until what leads through it leads elsewhere: Terraform would otherwise take a firewall away first and change the
 * routes to it afterwards.
 */
const AFTER_ITS_ROUTES = { createBeforeDestroy: true };

/** What one zone needs on both sides of its endpoint. */
interface Place {
  readonly zone: NetworkZone;
  readonly subnet: Subnet;
  readonly ready: readonly ITerraformDependable[];
}

/**
 * A firewall between the private subnets of a network and its NAT gateways.
 *
 * A connection leaves through its zone's endpoint, and its answers come back through the same one; the owner of the
 * private subnets leads their default routes to {@link endpoints}. The log is on before anything is routed. Costs about
 * $288 a month and zone, less the hours of as many NAT gateways.
 */
export class NetworkFirewall extends Construct {
  /** The endpoint of each zone, in the order of the zones. */
  public readonly endpoints: readonly FirewallEndpoint[];

  public constructor(scope: Construct, id: string, props: NetworkFirewallProps) {
    super(scope, id);

    const group = this.defineRules(props);
    const policy = this.definePolicy(props, group);
    const places = props.zones.map((zone, index) => this.definePlace(zone, index, props));
    const firewall = this.defineFirewall(props, policy, places);
    const log = this.defineLog(props, firewall);
    const before = [log, ...(props.after ?? [])];
    this.endpoints = places.map((place, index) => this.defineEndpoint(place, index, firewall, before));
  }

  private defineRules({ plan, prefix }: NetworkFirewallProps): NetworkfirewallRuleGroup {
    const lists = plan.prefixList.length === 0 ? [] : [this.definePrefixList(plan.prefixList, prefix)];
    return new NetworkfirewallRuleGroup(this, "Rules", {
      // The capacity cannot be changed; another one makes another group, before this one goes.
      name: `${prefix}-egress-${plan.capacity}`,
      description: `Outbound connections of ${prefix}`,
      capacity: plan.capacity,
      type: "STATEFUL",
      ruleGroup: {
        rulesSource: { rulesString: renderText(`${plan.rules.join("\n")}\n`) },
        statefulRuleOptions: { ruleOrder: "STRICT_ORDER" },
        referenceSets:
          lists.length === 0
            ? undefined
            : {
                ipSetReferences: lists.map((list) => ({
                  key: PREFIX_LIST_NAME,
                  ipSetReference: [{ referenceArn: list.arn }],
                })),
              },
      },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private definePrefixList(cidrs: readonly string[], prefix: string): Ec2ManagedPrefixList {
    return new Ec2ManagedPrefixList(this, "RetoolAddresses", {
      name: `${prefix}-retool`,
      addressFamily: "IPv4",
      maxEntries: cidrs.length,
      entry: cidrs.map((cidr) => ({ cidr, description: "Services of Retool" })),
    });
  }

  private definePolicy(
    { plan, prefix }: NetworkFirewallProps,
    group: NetworkfirewallRuleGroup,
  ): NetworkfirewallFirewallPolicy {
    return new NetworkfirewallFirewallPolicy(this, "Policy", {
      name: `${prefix}-egress`,
      firewallPolicy: {
        statelessDefaultActions: ["aws:forward_to_sfe"],
        statelessFragmentDefaultActions: ["aws:forward_to_sfe"],
        statefulDefaultActions: [...plan.defaultActions],
        statefulEngineOptions: {
          ruleOrder: "STRICT_ORDER",
          // A connection the firewall has no memory of is told to start again.
          streamExceptionPolicy: "REJECT",
          flowTimeouts: { tcpIdleTimeoutSeconds: IDLE_SECONDS },
        },
        statefulRuleGroupReference: [{ resourceArn: group.arn, priority: 100 }],
        policyVariables: { ruleVariables: [{ key: "HOME_NET", ipSet: { definition: [...plan.homeNet] } }] },
      },
    });
  }

  private definePlace(zone: NetworkZone, index: number, props: NetworkFirewallProps): Place {
    const tags = { Name: `${props.prefix}-firewall-${index}` };
    const subnet = new Subnet(this, `Subnet${index}`, {
      vpcId: props.vpcId,
      cidrBlock: zone.firewallCidr,
      availabilityZone: zone.name,
      tags,
      // A zone that AWS adds may come before others in the list; it must never replace a subnet.
      lifecycle: { ignoreChanges: ["availability_zone"] },
    });
    const table = new RouteTable(this, `Table${index}`, { vpcId: props.vpcId, tags });
    const association = new RouteTableAssociation(this, `Association${index}`, {
      subnetId: subnet.id,
      routeTableId: table.id,
      lifecycle: AFTER_ITS_ROUTES,
    });
    const out = new Route(this, `Out${index}`, {
      routeTableId: table.id,
      destinationCidrBlock: EVERYWHERE,
      natGatewayId: zone.natGatewayId,
      lifecycle: AFTER_ITS_ROUTES,
    });
    return { zone, subnet, ready: [association, out] };
  }

  private defineFirewall(
    { plan, prefix, vpcId }: NetworkFirewallProps,
    policy: NetworkfirewallFirewallPolicy,
    places: readonly Place[],
  ): NetworkfirewallFirewall {
    return new NetworkfirewallFirewall(this, "Resource", {
      name: `${prefix}-egress`,
      vpcId,
      firewallPolicyArn: policy.arn,
      subnetMapping: places.map(({ subnet }) => ({ subnetId: subnet.id })),
      deleteProtection: plan.changeProtection,
      subnetChangeProtection: plan.changeProtection,
      firewallPolicyChangeProtection: plan.changeProtection,
      lifecycle: { ...AFTER_ITS_ROUTES, preventDestroy: plan.changeProtection },
    });
  }

  private defineLog(
    { plan, prefix, encryptionKey, logRetentionDays }: NetworkFirewallProps,
    firewall: NetworkfirewallFirewall,
  ): NetworkfirewallLoggingConfiguration {
    return new NetworkfirewallLoggingConfiguration(this, "Log", {
      firewallArn: firewall.arn,
      loggingConfiguration: {
        logDestinationConfig: LOGS.map((logType) => {
          const group = new CloudwatchLogGroup(this, `${logType}Log`, {
            name: `/aws/vendedlogs/${prefix}/firewall-${logType.toLowerCase()}`,
            retentionInDays: logRetentionDays,
            kmsKeyId: encryptionKey.keyArn,
          });
          if (logType === "ALERT")
            new RefusalMetrics(this, "Metrics", { filters: plan.metrics, prefix, logGroupName: group.name });
          return { logType, logDestinationType: "CloudWatchLogs", logDestination: { logGroup: group.name } };
        }),
      },
      lifecycle: AFTER_ITS_ROUTES,
    });
  }

  /** Answers come back in through the endpoint by which their zone goes out. */
  private defineEndpoint(
    { zone, subnet, ready }: Place,
    index: number,
    firewall: NetworkfirewallFirewall,
    before: readonly ITerraformDependable[],
  ): FirewallEndpoint {
    const endpointId = endpointIn(firewall, subnet);
    const back = zone.privateCidrs.map(
      (destinationCidrBlock, subnetIndex) =>
        new Route(this, `Back${index}${subnetIndex === 0 ? "" : `Subnet${subnetIndex}`}`, {
          routeTableId: zone.natRouteTableId,
          destinationCidrBlock,
          vpcEndpointId: endpointId,
          dependsOn: [...before],
          lifecycle: AFTER_ITS_ROUTES,
        }),
    );
    return { endpointId, ready: [...before, ...ready, ...back] };
  }
}

/** The endpoint in a subnet; AWS lists endpoints in no order. */
function endpointIn(firewall: NetworkfirewallFirewall, subnet: Subnet): string {
  const states = `${nameOf(firewall)}.firewall_status[0].sync_states`;
  const isHere = `state.attachment[0].subnet_id == ${nameOf(subnet)}.id`;
  return `\${one([for state in ${states} : state.attachment[0].endpoint_id if ${isHere}])}`;
}

function nameOf(resource: NetworkfirewallFirewall | Subnet): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}
