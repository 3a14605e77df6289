import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { DataAwsRoute53Zones } from "@cdktf/provider-aws/lib/data-aws-route53-zones";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { TerraformIterator, TerraformLocal } from "cdktf";
import { Construct } from "constructs";

import type { ZoneSource } from "../domain/dns";
import type { IDnsZone } from "./contracts";
import { renderText } from "./render";

/** Construction properties for {@link HostedZone}. */
export interface HostedZoneProps {
  /** Which zone to find or to make. */
  readonly zone: Exclude<ZoneSource, { readonly kind: "none" }>;
  /** Host names that the zone must hold. */
  readonly hosts: readonly string[];
}

const NS_TTL_SECONDS = 300;

/**
 * The public hosted zone that holds the host names: found by id, found by the longest matching name, or made.
 *
 * A zone that does not fit stops the plan with a message, before anything is made. A zone costs $0.50 a month.
 */
export class HostedZone extends Construct implements IDnsZone {
  /** {@inheritDoc IDnsZone.zoneId} */
  public readonly zoneId: string;

  private readonly hosts: readonly string[];

  public constructor(scope: Construct, id: string, props: HostedZoneProps) {
    super(scope, id);

    this.hosts = props.hosts;
    this.zoneId = this.defineZone(props.zone);
  }

  private defineZone(zone: HostedZoneProps["zone"]): string {
    switch (zone.kind) {
      case "by-id":
        return this.findById("Resource", zone.zoneId, "dns.zoneId");
      case "longest-match":
        return this.findLongestMatch();
      case "create":
        return this.make(zone.name, zone.parentZoneId);
    }
  }

  private findById(id: string, zoneId: string, setting: string): string {
    const holdsAll = this.holdsAll("self.name");
    const zone = new DataAwsRoute53Zone(this, id, {
      zoneId,
      lifecycle: {
        postcondition: [
          {
            condition: `\${!self.private_zone && ${holdsAll}}`,
            errorMessage: `${setting}: \${self.name} is private or does not hold ${this.hosts.join(", ")}; use the id of a public zone above them`,
          },
        ],
      },
    });
    return zone.zoneId;
  }

  /** Which zones exist is known to AWS alone, so Terraform reads them all and takes the longest name that fits. */
  private findLongestMatch(): string {
    const all = new DataAwsRoute53Zones(this, "All");
    const each = TerraformIterator.fromList(all.ids);
    const zones = new DataAwsRoute53Zone(this, "Each", { forEach: each, zoneId: each.value as string });
    const fitting = new TerraformLocal(
      this,
      "Fitting",
      `\${reverse(sort([for zone in ${zones.fqn} : format("%03d %s", length(zone.name), zone.zone_id) if !zone.private_zone && ${this.holdsAll("zone.name")}]))}`,
    );
    const longest = `[for zone in ${fitting.fqn} : zone if substr(zone, 0, 3) == substr(${fitting.fqn}[0], 0, 3)]`;
    const zone = new DataAwsRoute53Zone(this, "Resource", {
      zoneId: `\${try(split(" ", ${fitting.fqn}[0])[1], "none")}`,
      lifecycle: {
        precondition: [
          {
            condition: `\${length(${fitting.fqn}) > 0}`,
            errorMessage: `dns: no public hosted zone of this account holds ${this.hosts.join(", ")}; create one, give dns.zoneId, or use dns.kind "none"`,
          },
          {
            condition: `\${length(${longest}) < 2}`,
            errorMessage: `dns: several public hosted zones of this account have the longest name that holds ${this.hosts.join(", ")}; say which one with dns.zoneId`,
          },
        ],
      },
    });
    return zone.zoneId;
  }

  private make(name: string, parentZoneId: string): string {
    const zone = new Route53Zone(this, "Resource", { name, comment: `Retool at ${name}` });
    new Route53Record(this, "Delegation", {
      zoneId: this.findById("Parent", parentZoneId, "dns.parentZoneId"),
      name,
      type: "NS",
      ttl: NS_TTL_SECONDS,
      records: zone.nameServers,
    });
    return zone.zoneId;
  }

  /** Says in Terraform's language whether a zone holds every host. */
  private holdsAll(zoneName: string): string {
    const hosts = this.hosts.map((host) => JSON.stringify(renderText(`.${host}`))).join(", ");
    return `alltrue([for host in [${hosts}] : endswith(host, format(".%s", trimsuffix(${zoneName}, ".")))])`;
  }
}
