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

import { type FirewallPlan, PREFIX_LIST_NAME } from "../domain/egress-firewall";
import type { IEncryptionKey } from "./contracts";
import { renderText } from "./render";

/** One availability zone of a network with a firewall. */
export interface FirewallZone {
  /** Name of the zone. */
  readonly name: string;
  /** Range of the subnet that holds the firewall's endpoint. */
  readonly firewallCidr: string;
  /** Range of nodes and pods. */
  readonly privateCidr: string;
  /** Route table of nodes and pods; it must have no default route of its own. */
  readonly privateRouteTableId: string;
  /** NAT gateway through which the zone leaves. */
  readonly natGatewayId: string;
  /** Route table of the subnet that holds that NAT gateway, and nothing else: answers go back by way of the firewall. */
  readonly natRouteTableId: string;
}

/** Construction properties for {@link NetworkFirewall}. */
export interface NetworkFirewallProps {
  /** What passes. */
  readonly plan: FirewallPlan;

  /** Prefix of every name. */
  readonly prefix: string;

  /** Network that the firewall stands in. */
  readonly vpcId: string;

  /** Zones of the network. */
  readonly zones: readonly FirewallZone[];

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
 * A firewall between the private subnets of a network and its NAT gateways.
 *
 * A connection leaves through the endpoint of its own zone, and its answers come back through the same one. The log is on
 * before the first connection is routed to it. Costs about $288 a month and zone, less the hours of as many NAT gateways.
 */
export class NetworkFirewall extends Construct {
  /** What must exist before anything in a private subnet can leave. */
  public readonly egressReady: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: NetworkFirewallProps) {
    super(scope, id);

    const group = this.defineRules(props);
    const policy = this.definePolicy(props, group);
    const places = props.zones.map((zone, index) => ({ zone, subnet: this.defineSubnet(zone, index, props) }));
    const firewall = this.defineFirewall(props, policy, places);
    const log = this.defineLog(props, firewall);
    this.egressReady = places.flatMap(({ zone, subnet }, index) =>
      this.defineRoutes(zone, index, endpointIn(firewall, subnet), log),
    );
  }

  private defineRules({ plan, prefix }: NetworkFirewallProps): NetworkfirewallRuleGroup {
    const lists = plan.prefixList.length === 0 ? [] : [this.definePrefixList(plan.prefixList, prefix)];
    return new NetworkfirewallRuleGroup(this, "Rules", {
      // The capacity cannot be changed; another one makes another group, before this one goes.
      name: `${prefix}-egress-${plan.capacity}`,
      description: `What may leave ${prefix}`,
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

  private defineSubnet(
    { name, firewallCidr, natGatewayId }: FirewallZone,
    index: number,
    props: NetworkFirewallProps,
  ): Subnet {
    const tags = { Name: `${props.prefix}-firewall-${index}` };
    const subnet = new Subnet(this, `Subnet${index}`, {
      vpcId: props.vpcId,
      cidrBlock: firewallCidr,
      availabilityZone: name,
      tags,
      // A zone that AWS adds may come before others in the list; it must never replace a subnet.
      lifecycle: { ignoreChanges: ["availability_zone"] },
    });
    const table = new RouteTable(this, `Table${index}`, { vpcId: props.vpcId, tags });
    new RouteTableAssociation(this, `Association${index}`, { subnetId: subnet.id, routeTableId: table.id });
    new Route(this, `Out${index}`, { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, natGatewayId });
    return subnet;
  }

  private defineFirewall(
    { plan, prefix, vpcId }: NetworkFirewallProps,
    policy: NetworkfirewallFirewallPolicy,
    places: readonly { readonly subnet: Subnet }[],
  ): NetworkfirewallFirewall {
    return new NetworkfirewallFirewall(this, "Resource", {
      name: `${prefix}-egress`,
      vpcId,
      firewallPolicyArn: policy.arn,
      subnetMapping: places.map(({ subnet }) => ({ subnetId: subnet.id })),
      deleteProtection: plan.changeProtection,
      subnetChangeProtection: plan.changeProtection,
      firewallPolicyChangeProtection: plan.changeProtection,
    });
  }

  private defineLog(
    { prefix, encryptionKey, logRetentionDays }: NetworkFirewallProps,
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
          return { logType, logDestinationType: "CloudWatchLogs", logDestination: { logGroup: group.name } };
        }),
      },
    });
  }

  /** Out through the endpoint, and back in through the same one. */
  private defineRoutes(zone: FirewallZone, index: number, endpoint: string, log: ITerraformDependable): Route[] {
    return [
      new Route(this, `Private${index}`, {
        routeTableId: zone.privateRouteTableId,
        destinationCidrBlock: EVERYWHERE,
        vpcEndpointId: endpoint,
        dependsOn: [log],
      }),
      new Route(this, `Back${index}`, {
        routeTableId: zone.natRouteTableId,
        destinationCidrBlock: zone.privateCidr,
        vpcEndpointId: endpoint,
        dependsOn: [log],
      }),
    ];
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
