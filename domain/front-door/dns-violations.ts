import { parse } from "tldts";

import type { Access } from "./access";
import type { CreatedZoneSpec, DnsSpec, ExistingZoneSpec, OtherZonesSpec, PrivateZoneSpec } from "./dns-spec";
import type { EnvironmentContext } from "../common/context";
import { awsPartition } from "../common/aws-partition";
import { certificateViolations } from "./certificate-violations";
import { baseName, type HostnamesPlan, holdingZone, hostViolations, isProxyPlace, isWithin } from "./hostnames";
import type { Violation } from "../common/violation";

const ZONE_ID = /^Z[A-Z0-9]{1,31}$/;

/** Finds everything about zone and certificate that cannot work. */
export function dnsViolations(
  spec: DnsSpec,
  context: EnvironmentContext,
  hostnames: HostnamesPlan,
  access: Access | undefined,
): Violation[] {
  const partition = partitionViolations(spec, context);
  return [
    ...partition,
    ...(partition.length > 0 ? [] : zoneViolations(spec, context, hostnames, access)),
    ...certificateViolations(spec, context, hostnames),
  ];
}

/**
 * AWS GovCloud (US) has no public zones, and so no certificate that is validated in one.
 *
 * Source: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-r53.html
 */
function partitionViolations(spec: DnsSpec, { region, account }: EnvironmentContext): Violation[] {
  if (awsPartition(region) !== "aws-us-gov") return [];
  const arn = `arn:aws-us-gov:acm:${region}:${account}:certificate/...`;
  if (spec.kind === "existing-zone" || spec.kind === "create")
    return [
      {
        path: "dns.kind",
        problem: `"${spec.kind}" is a public zone, which AWS GovCloud (US) does not have`,
        remedy: `use { kind: "none", certificateArn: "${arn}" }, or a private zone with such a certificate`,
      },
    ];
  if (spec.kind === "none" || spec.certificateArn !== undefined) return [];
  return [
    {
      path: spec.validationZoneId === undefined ? "dns.kind" : "dns.validationZoneId",
      problem: "no certificate can be validated in AWS GovCloud (US), which has no public zones",
      remedy: `set dns.certificateArn to an imported certificate, "${arn}", and no validationZoneId`,
    },
  ];
}

function zoneViolations(
  spec: DnsSpec,
  { domain }: EnvironmentContext,
  hostnames: HostnamesPlan,
  access: Access | undefined,
): Violation[] {
  switch (spec.kind) {
    case "existing-zone":
      return existingZoneViolations(spec, hostnames);
    case "create":
      return createdZoneViolations(spec, domain, hostnames);
    case "private-zone":
      return privateZoneViolations(spec, domain, hostnames, access);
    case "none":
      return [];
  }
}

function existingZoneViolations(spec: ExistingZoneSpec, hostnames: HostnamesPlan): Violation[] {
  const { zoneId, zoneName } = spec;
  const both: Violation[] =
    zoneId === undefined || zoneName === undefined
      ? []
      : [{ path: "dns.zoneName", problem: "has no effect when zoneId is set", remedy: "remove one of the two" }];
  return [
    ...both,
    ...zoneIdViolations("dns.zoneId", zoneId),
    ...(zoneName === undefined ? [] : hostViolations("dns.zoneName", zoneName)),
    ...otherZoneViolations(spec),
    ...outsideViolations(spec, zoneName, hostnames),
  ];
}

function createdZoneViolations(spec: CreatedZoneSpec, domain: string, hostnames: HostnamesPlan): Violation[] {
  const unused: Violation[] =
    spec.roleArn === undefined || spec.parentZoneId !== undefined
      ? []
      : [
          {
            path: "dns.roleArn",
            problem: "has no effect without parentZoneId",
            remedy: "set parentZoneId, or remove it",
          },
        ];
  return [
    ...unused,
    ...zoneIdViolations("dns.parentZoneId", spec.parentZoneId),
    ...otherZoneViolations(spec),
    ...outsideViolations(spec, domain, hostnames),
  ];
}

function privateZoneViolations(
  spec: PrivateZoneSpec,
  domain: string,
  hostnames: HostnamesPlan,
  access: Access | undefined,
): Violation[] {
  const open: Violation[] =
    access === undefined || access === "internal"
      ? []
      : [
          {
            path: "dns.kind",
            problem: "names of a private zone resolve only in the VPC, but access lists internet ranges",
            remedy: 'set access to "internal", or use a public zone',
          },
        ];
  return [
    ...open,
    ...zoneIdViolations("dns.zoneId", spec.zoneId),
    ...zoneIdViolations("dns.validationZoneId", spec.validationZoneId),
    ...(spec.zoneId === undefined ? outsideViolations({}, domain, hostnames).map(withoutOtherZones) : []),
    ...(open.length > 0 ? [] : proofViolations(spec)),
  ];
}

/** A private zone has no further zones. */
function withoutOtherZones(violation: Violation): Violation {
  return { ...violation, remedy: "use a host below the domain, or the zoneId of a private zone that holds both" };
}

/** ACM looks a validation record up from the internet, where nothing of a private zone is seen. */
function proofViolations({ certificateArn, validationZoneId }: PrivateZoneSpec): Violation[] {
  if (certificateArn === undefined && validationZoneId === undefined)
    return [
      {
        path: "dns.kind",
        problem: "ACM cannot validate a certificate in a private zone",
        remedy:
          "add validationZoneId, a public zone that holds the domain, or the certificateArn of an issued certificate",
      },
    ];
  if (certificateArn === undefined || validationZoneId === undefined) return [];
  return [
    {
      path: "dns.validationZoneId",
      problem: "has no effect when certificateArn is set",
      remedy: "remove one of the two",
    },
  ];
}

/** Finds ids that no hosted zone has. */
export function zoneIdViolations(path: string, zoneId: string | undefined): Violation[] {
  if (zoneId === undefined || ZONE_ID.test(zoneId)) return [];
  return [
    {
      path,
      problem: `"${zoneId}" is not the id of a hosted zone`,
      remedy: 'use an id such as "Z0123456789ABCDEFGHIJ"',
    },
  ];
}

function otherZoneViolations({ otherZones = {} }: OtherZonesSpec): Violation[] {
  return Object.entries(otherZones).flatMap(([name, zoneId]) => [
    ...hostViolations(`dns.otherZones["${name}"]`, name),
    ...zoneIdViolations(`dns.otherZones["${name}"]`, zoneId),
  ]);
}

/** Hosts that neither the zone of the domain nor a further zone can hold; without a name, domains are compared. */
function outsideViolations(
  { otherZones = {} }: OtherZonesSpec,
  zoneName: string | undefined,
  { appHost, hosts, sandboxProxyHost }: HostnamesPlan,
): Violation[] {
  // A domain that is wrong itself is refused where it stands.
  if (hostViolations("domain", appHost).length > 0) return [];
  const others = Object.keys(otherZones);
  const isHeld = (host: string): boolean =>
    zoneName === undefined
      ? parse(baseName(host)).domain === parse(baseName(appHost)).domain
      : isWithin(zoneName, host);
  const refused = hosts.filter((host) => holdingZone(others, host) === undefined && !isHeld(host));
  const isSaid = (host: string): boolean =>
    hostViolations("host", baseName(host)).length > 0 ||
    (host === sandboxProxyHost && !isProxyPlace(appHost, host)) ||
    (host !== appHost && refused.includes(appHost));
  return refused
    .filter((host) => !isSaid(host))
    .map((host) => ({
      path: host === appHost ? "dns.zoneName" : "dns",
      problem:
        zoneName === undefined
          ? `no zone that holds ${appHost} can hold "${host}"`
          : `the zone ${zoneName} cannot hold "${host}"`,
      remedy:
        host === appHost
          ? "use the zone of the domain or one above it"
          : `use another host, or name its zone in dns.otherZones: { "${parse(baseName(host)).domain ?? host}": "Z..." }`,
    }));
}
