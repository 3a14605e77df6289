import { parse } from "tldts";

import type { Access } from "./access";
import type {
  CreatedZoneSpec,
  DnsSpec,
  ExistingCertificateSpec,
  ExistingZoneSpec,
  OtherZonesSpec,
  PrivateZoneSpec,
} from "./dns-spec";
import type { EnvironmentContext } from "../common/context";
import { baseName, covers, type HostnamesPlan, holdingZone, hostViolations, isWithin, parentOf } from "./hostnames";
import type { Violation } from "../common/violation";

const ZONE_ID = /^[A-Z0-9]{1,32}$/;
const CERTIFICATE_ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):(\d{12}):certificate\/[a-f0-9-]+$/;

/** Finds everything about zone and certificate that cannot work. */
export function dnsViolations(
  spec: DnsSpec,
  context: EnvironmentContext,
  hostnames: HostnamesPlan,
  access: Access | undefined,
): Violation[] {
  return [...zoneViolations(spec, context, hostnames, access), ...certificateViolations(spec, context, hostnames)];
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
    ...idViolations("dns.zoneId", zoneId),
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
    ...idViolations("dns.parentZoneId", spec.parentZoneId),
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
    ...idViolations("dns.zoneId", spec.zoneId),
    ...idViolations("dns.validationZoneId", spec.validationZoneId),
    ...(spec.zoneId === undefined ? outsideViolations({}, domain, hostnames).map(withoutOtherZones) : []),
    ...proofViolations(spec),
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

function idViolations(path: string, zoneId: string | undefined): Violation[] {
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
    ...idViolations(`dns.otherZones["${name}"]`, zoneId),
  ]);
}

/** Hosts that neither the zone of the domain nor a further zone can hold; without a name, domains are compared. */
function outsideViolations(
  { otherZones = {} }: OtherZonesSpec,
  zoneName: string | undefined,
  { appHost, hosts }: HostnamesPlan,
): Violation[] {
  const others = Object.keys(otherZones);
  const isHeld = (host: string): boolean =>
    zoneName === undefined
      ? parse(baseName(host)).domain === parse(baseName(appHost)).domain
      : isWithin(zoneName, host);
  return hosts
    .filter((host) => holdingZone(others, host) === undefined && !isHeld(host))
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

function certificateViolations(
  { certificateArn, certificateNames }: ExistingCertificateSpec,
  context: EnvironmentContext,
  hostnames: HostnamesPlan,
): Violation[] {
  if (certificateArn !== undefined)
    return [...arnViolations(certificateArn, context), ...coverageViolations(certificateNames, hostnames)];
  if (certificateNames === undefined) return [];
  return [
    {
      path: "dns.certificateNames",
      problem: "has no effect without certificateArn: a certificate that is created here covers every host",
      remedy: "remove it",
    },
  ];
}

function arnViolations(certificateArn: string, { account, region }: EnvironmentContext): Violation[] {
  const path = "dns.certificateArn";
  const [, itsRegion, itsAccount = ""] = CERTIFICATE_ARN.exec(certificateArn) ?? [];
  if (itsRegion === undefined)
    return [
      {
        path,
        problem: `"${certificateArn}" is not the ARN of an ACM certificate`,
        remedy: `use one such as "arn:aws:acm:${region}:${account}:certificate/..."`,
      },
    ];
  if (itsRegion === region && itsAccount === account) return [];
  return [
    {
      path,
      problem: `the certificate is in account ${itsAccount}, region ${itsRegion}, so a load balancer in ${account}, ${region} cannot use it`,
      remedy: "request or import it in the environment's own account and region",
    },
  ];
}

/** Names of a certificate that exists: those given, or the domain and its wildcard. */
export function namesOfExisting(given: readonly string[] | undefined, appHost: string): readonly string[] {
  return given ?? [appHost, `*.${appHost}`];
}

function coverageViolations(given: readonly string[] | undefined, { appHost, hosts }: HostnamesPlan): Violation[] {
  const path = "dns.certificateNames";
  const names = namesOfExisting(given, appHost);
  const malformed = names.flatMap((name) => hostViolations(path, baseName(name)));
  const uncovered = hosts
    .filter((host) => !names.some((name) => covers(name, host)))
    .map((host) => ({
      path,
      problem: `no name of the certificate covers "${host}"`,
      remedy: `use a certificate with ${coveringNames(host)} among its names, and list it`,
    }));
  return [...malformed, ...uncovered];
}

function coveringNames(host: string): string {
  return [...new Set([host, `*.${parentOf(host)}`])].map((name) => `"${name}"`).join(" or ");
}
