import type { Construct } from "constructs";

import type { IDnsZone, INetwork } from "../constructs/common/contracts";
import { HostedZone as ZoneResources } from "../constructs/front-door/hosted-zone";
import { dataProtectionRules } from "../domain/common/data-protection";
import type { Violation } from "../domain/common/violation";
import type { ZoneSource } from "../domain/front-door/dns";
import { zoneIdViolations } from "../domain/front-door/dns-violations";
import { hostViolations } from "../domain/front-door/hostnames";
import { type CommonProps, contextOf, pathOf, refuse, whereKnown } from "./scope";
import { tag } from "./tags";

/** Settings of a {@link HostedZone}; only the domain has no default. */
export interface HostedZoneProps extends Pick<CommonProps, "dataProtection" | "tags"> {
  /** Domain of the zone. */
  readonly domain: string;
  /**
   * Id of the zone above it, which gets the NS records.
   *
   * @default - none; somebody else delegates to the zone's name servers
   */
  readonly parentZoneId?: string;
  /**
   * Network in which the names of a private zone resolve.
   *
   * @default - the zone is public
   */
  readonly network?: Pick<INetwork, "vpcId">;
  /**
   * Whether a CAA record lets only Amazon issue certificates for the domain.
   *
   * @default false
   */
  readonly caa?: boolean;
}

/**
 * A Route 53 hosted zone, public or private. $0.50 a month.
 *
 * @example
 * ```ts
 * const zone = new HostedZone(this, "Zone", { domain: "tools.example.com", parentZoneId: "Z0123456789ABCDEFGHIJ" });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class HostedZone extends ZoneResources {
  public constructor(scope: Construct, id: string, props: HostedZoneProps) {
    const { domain, parentZoneId, network, caa = false } = props;
    const { dataProtection } = contextOf(scope, id, props);
    refuse([scope, id, props], [...domainViolations(domain), ...idViolations("parentZoneId", parentZoneId)]);
    super(scope, id, {
      zone:
        network === undefined
          ? { kind: "create", name: domain, parentZoneId }
          : { kind: "create-private", name: domain },
      hosts: [domain],
      network,
      caaName: caa ? domain : undefined,
      preventDestroy: dataProtectionRules(dataProtection).preventDestroy,
    });
    tag(this, props.tags);
  }

  /**
   * A zone that exists; the plan stops where it does not hold the domain, or is not of that kind.
   *
   * @param scope - Where the zone is looked up.
   * @param id - Id of what looks it up.
   * @param zoneId - Id of the zone.
   * @param domain - Name that it must hold.
   * @param kind - Who resolves its names: everybody, or the networks that it is associated with.
   * @throws `ConfigurationError` with every problem of id and domain.
   */
  public static fromId(
    scope: Construct,
    id: string,
    zoneId: string,
    domain: string,
    kind: "public" | "private" = "public",
  ): IDnsZone {
    refuse([scope, id, {}], [...idViolations("zoneId", zoneId), ...domainViolations(domain)]);
    return found(scope, id, domain, { kind: "by-id", zoneId, private: kind === "private" });
  }

  /** The public zone of the account with the longest name that holds the domain, found when Terraform plans. */
  public static fromLookup(scope: Construct, id: string, domain: string): IDnsZone {
    refuse([scope, id, {}], domainViolations(domain));
    return found(scope, id, domain, { kind: "longest-match" });
  }
}

function domainViolations(domain: string): readonly Violation[] {
  return whereKnown(domain, (known) => hostViolations("domain", known));
}

function idViolations(path: string, zoneId: string | undefined): readonly Violation[] {
  return zoneId === undefined ? [] : whereKnown(zoneId, (known) => zoneIdViolations(path, known));
}

function found(
  scope: Construct,
  id: string,
  domain: string,
  zone: Extract<ZoneSource, { readonly kind: "by-id" | "longest-match" }>,
): IDnsZone {
  const messages = {
    path: pathOf(scope, id),
    none: "create one, or use HostedZone.fromId",
    several: "use HostedZone.fromId with one of them",
  };
  return new ZoneResources(scope, id, { zone, hosts: [domain], messages });
}
