import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

import { Certificate } from "../constructs/front-door/certificate";
import type {
  ICertificate,
  ICluster,
  IEncryptionKey,
  IFrontDoor,
  INetwork,
  IWritableZone,
} from "../constructs/common/contracts";
import { DnsQueryLogs } from "../constructs/front-door/dns-query-logs";
import { FrontDoor } from "../constructs/front-door/front-door";
import { keepFormerAccessLogs } from "../constructs/front-door/front-door-access-logs";
import { HostedZone } from "../constructs/front-door/hosted-zone";
import { keepFormer } from "../constructs/common/render-blocks";
import { dataProtectionRules } from "../domain/common/data-protection";
import { queryLogRegion, type ZoneSource } from "../domain/front-door/dns";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { accessIn } from "./providers";

/** What {@link Entrance} is made from. */
export interface EntranceProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
  /** Network that holds the load balancer. */
  readonly network: INetwork;
  /** Cluster whose pods answer. */
  readonly cluster: Pick<ICluster, "clusterSecurityGroupId">;
  /** Key that encrypts log groups. */
  readonly logsKey: IEncryptionKey;
}

/** Zone, certificate and load balancer: HTTPS in the same apply. */
export class Entrance extends Construct {
  /** The load balancer. */
  public readonly frontDoor: IFrontDoor;
  /** ARN of its certificate. */
  public readonly certificateArn: string;
  /** Name servers of a public zone that is made here, to which someone delegates; empty where none is made. */
  public readonly nameServers: readonly string[];

  public constructor(scope: Construct, id: string, props: EntranceProps) {
    super(scope, id);
    const { plan, network, cluster, logsKey } = props;
    const provider = this.defineProvider(plan);
    const zone = this.defineZone("Zone", plan.dns.zone, props, provider);
    const otherZones = this.findOtherZones(plan, provider);
    const certificate = this.defineCertificate(props, zone, otherZones, provider);
    this.certificateArn = certificate.certificateArn;
    const frontDoor = new FrontDoor(this, "FrontDoor", {
      plan: plan.frontDoor,
      records: plan.hostnames.records,
      network,
      certificate,
      nodes: { securityGroupId: cluster.clusterSecurityGroupId },
      zone,
      otherZones,
      logsKey,
    });
    if (plan.frontDoor.accessLogs === undefined) keepFormerAccessLogs(frontDoor, plan.context.dataProtection);
    this.frontDoor = frontDoor;
    this.defineQueryLogs(plan, zone, this.loggingProvider(plan));
    this.nameServers = zone?.nameServers ?? [];
  }

  /** The provider of zones in another account; absent where they are in this one. */
  private defineProvider({ dns, context, maxRetries }: EnvironmentPlan): TerraformProvider | undefined {
    if (dns.roleArn === undefined) return undefined;
    const assumeRole = [{ roleArn: dns.roleArn }];
    return new AwsProvider(this, "DnsAccount", { alias: "dns", region: context.region, assumeRole, maxRetries });
  }

  private defineZone(
    id: string,
    zone: ZoneSource,
    { plan, network }: EntranceProps,
    provider: TerraformProvider | undefined,
  ): HostedZone | undefined {
    const { preventDestroy } = dataProtectionRules(plan.context.dataProtection);
    if (zone.kind !== "create" && zone.kind !== "create-private") this.keepFormerZone(id, plan);
    if (zone.kind === "none") return undefined;
    const { hosts, caa } = plan.dns;
    const caaName = caa && id === "Zone" ? plan.context.domain : undefined;
    return new HostedZone(this, id, { zone, hosts, network, provider, caaName, preventDestroy });
  }

  /** A zone that was made before stays with its delegation where another one is used now. */
  private keepFormerZone(id: string, { context }: EnvironmentPlan): void {
    const resources = { [`${id}/Resource`]: "aws_route53_zone", [`${id}/Delegation`]: "aws_route53_record" };
    keepFormer(this, context.dataProtection, resources);
  }

  private findOtherZones(
    { dns }: EnvironmentPlan,
    provider: TerraformProvider | undefined,
  ): ReadonlyMap<string, IWritableZone> {
    return new Map(dns.otherZones.map(({ name, zoneId }) => [name, { zoneId, provider }]));
  }

  /** A certificate is validated in public: with a private zone, another zone holds its proof. */
  private defineCertificate(
    props: EntranceProps,
    zone: IWritableZone | undefined,
    otherZones: ReadonlyMap<string, IWritableZone>,
    provider: TerraformProvider | undefined,
  ): ICertificate {
    const { certificate, validationZone } = props.plan.dns;
    if (certificate.kind === "existing") return certificate;
    const proof = validationZone && this.defineZone("ValidationZone", validationZone, props, provider);
    const holder = proof ?? zone;
    if (holder === undefined) throw new Error("a certificate is validated in a zone, and there is none");
    return new Certificate(this, "Certificate", { plan: certificate, zone: holder, otherZones });
  }

  private defineQueryLogs(plan: EnvironmentPlan, zone: IWritableZone | undefined, provider?: TerraformProvider): void {
    const { dns, context } = plan;
    if (dns.queryLogRetentionDays === undefined || zone === undefined) return;
    new DnsQueryLogs(this, "QueryLogs", {
      prefix: context.prefix,
      account: context.account,
      zone,
      retentionDays: dns.queryLogRetentionDays,
      provider,
    });
  }

  /**
   * Route 53 writes query logs only in us-east-1; absent where the stack is there anyway.
   *
   * Declared without such logs as well: Terraform needs it to delete those that a configuration had before.
   */
  private loggingProvider(plan: EnvironmentPlan): TerraformProvider | undefined {
    const region = queryLogRegion(plan.context);
    if (region === undefined) return undefined;
    return new AwsProvider(this, "QueryLogRegion", { alias: region, ...accessIn(region, plan) });
  }
}
