import { Lb, type LbAccessLogs } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule, type LbListenerRuleCondition } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { FrontDoorPlan } from "../../domain/front-door/front-door";
import { holdingZone } from "../../domain/front-door/hostnames";
import type { RulePlan, TargetPlan } from "../../domain/front-door/routing";
import type {
  FrontDoorTarget,
  ICertificate,
  IEncryptionKey,
  IFrontDoor,
  INetwork,
  INetworkPeer,
  IWritableZone,
} from "../common/contracts";
import { idPart } from "../common/render";
import { defineAccessLogs } from "./front-door-access-logs";
import { defineSecurityGroup } from "./front-door-ports";
import { defineWaf } from "./front-door-waf";

/** Construction properties for {@link FrontDoor}. */
export interface FrontDoorProps {
  /** What to make. */
  readonly plan: FrontDoorPlan;
  /** Names that lead to it, for records in the zones. */
  readonly records: readonly string[];
  /** Network that holds it. */
  readonly network: INetwork;
  /** Certificate of its HTTPS listener. */
  readonly certificate: ICertificate;
  /** Nodes whose pods it connects to. */
  readonly nodes: INetworkPeer;

  /**
   * Zone that gets a record for each name.
   *
   * @default - no record is made
   */
  readonly zone?: IWritableZone;

  /**
   * Further zones by their names, for the names below them.
   *
   * @default - none
   */
  readonly otherZones?: ReadonlyMap<string, IWritableZone>;

  /**
   * Key that encrypts the firewall's log; its policy must let CloudWatch Logs use it.
   *
   * @default - a key of CloudWatch Logs
   */
  readonly logsKey?: IEncryptionKey;
}

/**
 * The application load balancer, with everything that leads to it and from it.
 *
 * It belongs to Terraform, not to the cluster: HTTPS, DNS and the ports to the pods exist before the first pod does, and
 * nothing is left over on destroy. Pods join its target groups through TargetGroupBindings. About $20 a month and traffic.
 */
export class FrontDoor extends Construct implements IFrontDoor {
  /** {@inheritDoc IFrontDoor.dnsName} */
  public readonly dnsName: string;
  /** {@inheritDoc IFrontDoor.hostedZoneId} */
  public readonly hostedZoneId: string;
  /** {@inheritDoc IFrontDoor.securityGroupId} */
  public readonly securityGroupId: string;
  /** {@inheritDoc IFrontDoor.targets} */
  public readonly targets: readonly FrontDoorTarget[];
  /** {@inheritDoc IFrontDoor.attached} */
  public readonly attached: readonly ITerraformDependable[];
  /** {@inheritDoc IFrontDoor.arnSuffix} */
  public readonly arnSuffix: string;
  /** ARN of the load balancer. */
  public readonly loadBalancerArn: string;

  public constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);

    const securityGroup = defineSecurityGroup(this, props);
    const loadBalancer = this.defineLoadBalancer(props, securityGroup);
    this.targets = props.plan.targets.map((target) => this.defineTarget(target, props.network));
    this.attached = this.defineHttps(props, loadBalancer);
    this.defineRedirect(loadBalancer);
    this.defineRecords(props, loadBalancer);
    this.defineFirewall(props, loadBalancer);

    this.dnsName = loadBalancer.dnsName;
    this.hostedZoneId = loadBalancer.zoneId;
    this.securityGroupId = securityGroup.id;
    this.loadBalancerArn = loadBalancer.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
  }

  private defineFirewall({ plan, logsKey }: FrontDoorProps, { arn: loadBalancerArn }: Lb): void {
    if (plan.waf !== undefined) defineWaf(this, plan.waf, { prefix: plan.prefix, loadBalancerArn, logsKey });
  }

  private defineLoadBalancer({ plan, network }: FrontDoorProps, securityGroup: SecurityGroup): Lb {
    return new Lb(this, "Resource", {
      name: plan.prefix,
      loadBalancerType: "application",
      internal: plan.internal,
      ipAddressType: plan.dualStack ? "dualstack" : "ipv4",
      subnets: [...(plan.internal ? network.privateSubnetIds : network.publicSubnetIds)],
      securityGroups: [securityGroup.id],
      idleTimeout: plan.idleTimeoutSeconds,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: plan.deletionProtection,
      accessLogs: this.defineLogs(plan),
      // A replacement would take listeners and rules first and stop here, where AWS refuses: Terraform refuses it as a whole.
      lifecycle: { preventDestroy: plan.deletionProtection },
    });
  }

  private defineLogs({ accessLogs, logBucket, account }: FrontDoorPlan): LbAccessLogs | undefined {
    if (logBucket !== undefined)
      return {
        enabled: true,
        bucket: logBucket.name,
        prefix: logBucket.keyPrefix === "" ? undefined : logBucket.keyPrefix,
      };
    if (accessLogs === undefined) return undefined;
    return { enabled: true, bucket: defineAccessLogs(this, account, accessLogs) };
  }

  private defineTarget(target: TargetPlan, network: INetwork): FrontDoorTarget {
    const { name, serviceName, servicePort, groupName } = target;
    const group = new LbTargetGroup(this, `Target-${target.name}`, {
      ...(groupName === undefined ? { namePrefix: target.namePrefix } : { name: groupName }),
      vpcId: network.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      port: target.containerPort,
      deregistrationDelay: String(target.deregistrationDelaySeconds),
      healthCheck: {
        port: String(target.healthPort),
        path: target.healthPath,
        matcher: "200",
        interval: target.healthCheck.intervalSeconds,
        timeout: target.healthCheck.timeoutSeconds,
        healthyThreshold: target.healthCheck.healthyThreshold,
        unhealthyThreshold: target.healthCheck.unhealthyThreshold,
      },
      lifecycle: { createBeforeDestroy: true },
    });
    return { name, targetGroupArn: group.arn, targetGroupArnSuffix: group.arnSuffix, serviceName, servicePort };
  }

  private defineHttps({ plan, certificate }: FrontDoorProps, loadBalancer: Lb): ITerraformDependable[] {
    const arns = new Map(this.targets.map(({ name, targetGroupArn }) => [name, targetGroupArn]));
    const https = new LbListener(this, "Https", {
      loadBalancerArn: loadBalancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: plan.tlsPolicy,
      certificateArn: certificate.certificateArn,
      defaultAction: [{ type: "forward", targetGroupArn: this.targets[0]?.targetGroupArn }],
    });
    const rules = plan.rules.map(
      (rule) =>
        new LbListenerRule(this, `Rule${rule.priority}`, {
          listenerArn: https.arn,
          priority: rule.priority,
          condition: conditions(rule),
          action: [{ type: "forward", targetGroupArn: arns.get(rule.target) }],
        }),
    );
    return [https, ...rules];
  }

  private defineRedirect(loadBalancer: Lb): void {
    new LbListener(this, "Http", {
      loadBalancerArn: loadBalancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
    });
  }

  private defineRecords({ plan, records, zone, otherZones = new Map() }: FrontDoorProps, loadBalancer: Lb): void {
    if (zone === undefined) return;
    for (const type of plan.dualStack ? ["A", "AAAA"] : ["A"]) {
      for (const [index, name] of records.entries()) {
        const holder = otherZones.get(holdingZone([...otherZones.keys()], name) ?? "") ?? zone;
        new Route53Record(this, `${type}-${idPart(name, index)}`, {
          zoneId: holder.zoneId,
          name,
          type,
          alias: { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true },
          provider: holder.provider,
        });
      }
    }
  }
}

function conditions({ hosts, paths }: RulePlan): LbListenerRuleCondition[] {
  return [
    ...(hosts.length > 0 ? [{ hostHeader: { values: [...hosts] } }] : []),
    ...(paths.length > 0 ? [{ pathPattern: { values: [...paths] } }] : []),
  ];
}
