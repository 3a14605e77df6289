import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { DataAwsRoute53Zones } from "@cdktf/provider-aws/lib/data-aws-route53-zones";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { TerraformIterator, TerraformLocal, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";

import type { ZoneSource } from "../../domain/front-door/dns";
import type { IDnsZone, INetwork } from "../common/contracts";
import { renderOperand, renderText } from "../common/render";

/** Construction properties for {@link HostedZone}. */
export interface HostedZoneProps {
  /** Which zone to find or to make. */
  readonly zone: Exclude<ZoneSource, { readonly kind: "none" }>;
  /** Host names that the zone must hold. */
  readonly hosts: readonly string[];

  /**
   * Network in which the names of a private zone resolve.
   *
   * @default - none; a private zone cannot be made
   */
  readonly network?: Pick<INetwork, "vpcId">;

  /**
   * Provider that may read and write the zone that exists: its own, or the one above the zone that is made.
   *
   * @default - the provider of the stack
   */
  readonly provider?: TerraformProvider;

  /**
   * Name for which only Amazon may issue certificates, by a CAA record.
   *
   * @default - no record
   */
  readonly caaName?: string;

  /**
   * Whether Terraform refuses a plan that destroys a zone that is made here.
   *
   * @default false
   */
  readonly preventDestroy?: boolean;

  /**
   * What messages about a zone that exists say.
   *
   * @default - the settings of an environment's configuration
   */
  readonly messages?: {
    /** Where the zone is chosen. */
    readonly path: string;
    /** What to do where no zone fits. */
    readonly none: string;
    /** What to do where several fit. */
    readonly several: string;
  };
}

const CONFIGURATION = {
  path: "dns",
  none: 'create one, give dns.zoneId, or use dns.kind "none"',
  several: "set dns.zoneId to one of them",
};

const DELEGATION_TTL_SECONDS = 300;
const CAA_TTL_SECONDS = 3600;
/**
 * The names under which ACM issues.
 *
 * Source: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html
 */
const AMAZON_AUTHORITIES = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

/**
 * The hosted zone that holds the host names: found by id, by name or by the longest matching name, or made.
 *
 * A zone that does not fit stops the plan with a message, before anything is made. A zone costs $0.50 a month.
 */
export class HostedZone extends Construct implements IDnsZone {
  /** {@inheritDoc IDnsZone.zoneId} */
  public readonly zoneId: string;
  /** Provider that may write records into the zone; absent where it is the stack's. */
  public readonly provider?: TerraformProvider;

  private readonly props: HostedZoneProps;
  private readonly messages: NonNullable<HostedZoneProps["messages"]>;
  private madePublic?: Route53Zone;

  public constructor(scope: Construct, id: string, props: HostedZoneProps) {
    super(scope, id);

    this.props = props;
    this.messages = props.messages ?? CONFIGURATION;
    this.provider = props.zone.kind === "create" ? undefined : props.provider;
    this.zoneId = this.defineZone(props.zone);
    this.defineCaa(props.caaName);
  }

  /** Name servers of a public zone that is made here; absent where none is. */
  public get nameServers(): readonly string[] | undefined {
    return this.madePublic?.nameServers;
  }

  private defineZone(zone: HostedZoneProps["zone"]): string {
    switch (zone.kind) {
      case "by-id":
        return this.findById("Resource", zone.zoneId, zone.private);
      case "by-name":
        return new DataAwsRoute53Zone(this, "Resource", { name: zone.name, provider: this.provider }).zoneId;
      case "longest-match":
        return this.findLongestMatch();
      case "create":
        return this.makePublic(zone.name, zone.parentZoneId);
      case "create-private":
        return this.makePrivate(zone.name);
    }
  }

  private findById(id: string, zoneId: string, isPrivate: boolean): string {
    const kind = isPrivate ? "private" : "public";
    const zone = new DataAwsRoute53Zone(this, id, {
      zoneId,
      provider: this.props.provider,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.private_zone == ${isPrivate} && ${this.holdsAll("self.name")}}`,
            errorMessage: `${this.messages.path}: the zone ${zoneId}, \${self.name}, must be ${kind} and hold ${this.hostList()}; use the id of such a zone`,
          },
        ],
      },
    });
    return zone.zoneId;
  }

  /** Only AWS knows which zones exist, so Terraform reads them all and takes the longest name that fits. */
  private findLongestMatch(): string {
    const { provider } = this.props;
    const { path, none, several } = this.messages;
    const all = new DataAwsRoute53Zones(this, "All", { provider });
    const each = TerraformIterator.fromList(all.ids);
    const zones = new DataAwsRoute53Zone(this, "Each", { forEach: each, zoneId: each.value as string, provider });
    const fits = `!zone.private_zone && ${this.holdsAll("zone.name")}`;
    const { fqn: fitting } = new TerraformLocal(
      this,
      "Fitting",
      `\${reverse(sort([for zone in ${zones.fqn} : format("%03d %s", length(zone.name), zone.zone_id) if ${fits}]))}`,
    );
    const equals = `[for zone in ${fitting} : zone if substr(zone, 0, 3) == substr(${fitting}[0], 0, 3)]`;
    const zone = new DataAwsRoute53Zone(this, "Resource", {
      zoneId: `\${try(split(" ", ${fitting}[0])[1], "none")}`,
      provider,
      lifecycle: {
        precondition: [
          {
            condition: `\${length(${fitting}) > 0}`,
            errorMessage: `${path}: no public hosted zone of this account holds ${this.hostList()}; ${none}`,
          },
          {
            condition: `\${try(length(${equals}) < 2, true)}`,
            errorMessage: `${path}: several public hosted zones with the same name hold ${this.hostList()}; ${several}`,
          },
        ],
      },
    });
    return zone.zoneId;
  }

  private makePublic(name: string, parentZoneId: string | undefined): string {
    const zone = new Route53Zone(this, "Resource", {
      name,
      comment: `Hosts below ${name}`,
      provisioners: parentZoneId === undefined ? [announce(name)] : undefined,
      lifecycle: { preventDestroy: this.props.preventDestroy ?? false },
    });
    this.madePublic = zone;
    if (parentZoneId !== undefined) {
      new Route53Record(this, "Delegation", {
        zoneId: this.findById("Parent", parentZoneId, false),
        name,
        type: "NS",
        ttl: DELEGATION_TTL_SECONDS,
        records: zone.nameServers,
        provider: this.props.provider,
      });
    }
    return zone.zoneId;
  }

  private makePrivate(name: string): string {
    if (this.props.network === undefined) throw new Error("a private zone is made for a network, and none is given");
    const zone = new Route53Zone(this, "Resource", {
      name,
      comment: `Hosts below ${name}, inside the VPC`,
      vpc: [{ vpcId: this.props.network.vpcId }],
      // Other VPCs, from which users come through a VPN, are associated outside.
      lifecycle: { ignoreChanges: ["vpc"], preventDestroy: this.props.preventDestroy ?? false },
    });
    return zone.zoneId;
  }

  private defineCaa(name: string | undefined): void {
    if (name === undefined) return;
    new Route53Record(this, "Caa", {
      zoneId: this.zoneId,
      name,
      type: "CAA",
      ttl: CAA_TTL_SECONDS,
      records: AMAZON_AUTHORITIES.map((authority) => `0 issue "${authority}"`),
      provider: this.provider,
    });
  }

  /** Says in Terraform's language whether a zone holds every host. */
  private holdsAll(zoneName: string): string {
    const hosts = this.props.hosts.map((host) => renderOperand(`.${host}`)).join(", ");
    return `alltrue([for host in [${hosts}] : endswith(host, format(".%s", trimsuffix(${zoneName}, ".")))])`;
  }

  private hostList(): string {
    return this.props.hosts.map(renderText).join(", ");
  }
}

/** Prints the name servers while the apply waits for the certificate, which needs someone to delegate to them. */
function announce(name: string): { readonly type: "local-exec"; readonly command: string } {
  const servers = `\${join(", ", self.name_servers)}`;
  return { type: "local-exec", command: `echo "Delegate ${renderText(name)} to these name servers now: ${servers}"` };
}
