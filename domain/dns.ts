import { z } from "zod";

import { checkedSpec } from "./checked-spec";
import type { EnvironmentContext } from "./environment-context";
import { type HostnamesPlan, covers, hostViolations, isWithin } from "./hostnames";
import type { Planned, Violation } from "./violation";

/** A public hosted zone that exists; the certificate is made and validated in it. */
export interface ExistingZoneSpec {
  /** Says that the zone exists. */
  readonly kind: "existing-zone";

  /**
   * Id of the zone.
   *
   * @default - the public zone of the account with the longest name that holds every host, found when Terraform plans; in
   * an account with many zones, which are all read for it, give the id
   */
  readonly zoneId?: string;
}

/** A public hosted zone for the domain itself, made here and delegated to from its parent in the same apply. */
export interface CreatedZoneSpec {
  /** Says that the zone is made here. */
  readonly kind: "create";

  /** Id of the zone above it, which gets the NS records. */
  readonly parentZoneId: string;
}

/** No zone: the certificate exists, and whoever runs the DNS makes the records that are printed. */
export interface NoZoneSpec {
  /** Says that no zone is touched. */
  readonly kind: "none";

  /** ARN of an issued certificate in the environment's region. */
  readonly certificateArn: string;

  /**
   * Names that the certificate covers.
   *
   * @default - the domain and its wildcard
   */
  readonly certificateNames?: readonly string[];
}

/** Where the host names are kept, and where the certificate comes from. */
export type DnsSpec = ExistingZoneSpec | CreatedZoneSpec | NoZoneSpec;

/** A hosted zone to be found, made, or done without. */
export type ZoneSource =
  | { readonly kind: "by-id"; readonly zoneId: string }
  | { readonly kind: "longest-match" }
  | { readonly kind: "create"; readonly name: string; readonly parentZoneId: string }
  | { readonly kind: "none" };

/** A certificate to be made and validated, or one that exists. */
export type CertificatePlan =
  | {
      readonly kind: "mint";
      /** Names of the certificate; the first is its common name. */
      readonly names: readonly string[];
      /** One name for each validation record: a name and its wildcard share theirs. */
      readonly validationNames: readonly string[];
    }
  | { readonly kind: "existing"; readonly certificateArn: string };

/** A {@link DnsSpec} resolved: which zone, which certificate. */
export interface DnsPlan {
  /** Prefix of every name. */
  readonly prefix: string;
  /** The zone. */
  readonly zone: ZoneSource;
  /** Host names that the zone must hold. */
  readonly hosts: readonly string[];
  /** The certificate. */
  readonly certificate: CertificatePlan;
  /** Names of records that someone else must make; empty where a zone holds them. */
  readonly recordsToMake: readonly string[];
}

const ROOT = "dns";
const ZONE_ID = /^Z[A-Z0-9]{1,31}$/;
const CERTIFICATE_ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):(\d{12}):certificate\/[a-f0-9-]+$/;
const DEFAULT: ExistingZoneSpec = { kind: "existing-zone" };

/** Shape of a {@link DnsSpec}. */
export const dnsSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("existing-zone"), zoneId: z.string().optional() }),
  z.strictObject({ kind: z.literal("create"), parentZoneId: z.string() }),
  z.strictObject({
    kind: z.literal("none"),
    certificateArn: z.string(),
    certificateNames: z.array(z.string()).readonly().optional(),
  }),
]);

/** Decides which zone holds the records and which certificate covers the hosts, and reports what cannot work. */
export function planDns(
  given: DnsSpec | undefined,
  context: EnvironmentContext,
  hostnames: HostnamesPlan,
): Planned<DnsPlan> {
  const { spec, shape } = checkedSpec<DnsSpec>(dnsSchema, given, DEFAULT, ROOT);
  const plan: DnsPlan = {
    prefix: context.prefix,
    zone: zoneSource(spec, context),
    hosts: hostnames.hosts,
    certificate: certificatePlan(spec, hostnames),
    recordsToMake: spec.kind === "none" ? hostnames.records : [],
  };
  return { plan, violations: [...shape, ...specViolations(spec, context, hostnames)] };
}

function zoneSource(spec: DnsSpec, { domain }: EnvironmentContext): ZoneSource {
  switch (spec.kind) {
    case "existing-zone":
      return spec.zoneId === undefined ? { kind: "longest-match" } : { kind: "by-id", zoneId: spec.zoneId };
    case "create":
      return { kind: "create", name: domain, parentZoneId: spec.parentZoneId };
    case "none":
      return { kind: "none" };
  }
}

function certificatePlan(spec: DnsSpec, { certificateNames }: HostnamesPlan): CertificatePlan {
  if (spec.kind === "none") return { kind: "existing", certificateArn: spec.certificateArn };
  const validationNames = certificateNames.filter(
    (name) => !certificateNames.includes(baseName(name)) || !isWildcard(name),
  );
  return { kind: "mint", names: certificateNames, validationNames };
}

function isWildcard(name: string): boolean {
  return name.startsWith("*.");
}

function baseName(name: string): string {
  return isWildcard(name) ? name.slice(2) : name;
}

function specViolations(spec: DnsSpec, context: EnvironmentContext, hostnames: HostnamesPlan): Violation[] {
  switch (spec.kind) {
    case "existing-zone":
      return spec.zoneId === undefined ? [] : zoneIdViolations("dns.zoneId", spec.zoneId);
    case "create":
      return [
        ...zoneIdViolations("dns.parentZoneId", spec.parentZoneId),
        ...outsideViolations(context.domain, hostnames),
      ];
    case "none":
      return [...certificateViolations(spec, context), ...coverageViolations(spec, hostnames)];
  }
}

function zoneIdViolations(path: string, zoneId: string): Violation[] {
  if (ZONE_ID.test(zoneId)) return [];
  return [
    {
      path,
      problem: `"${zoneId}" is not the id of a hosted zone`,
      remedy: 'use an id such as "Z0123456789ABCDEFGHIJ"',
    },
  ];
}

/** A zone made for the domain holds the domain and what is below it, nothing else. */
function outsideViolations(zoneName: string, { hosts }: HostnamesPlan): Violation[] {
  return hosts
    .filter((host) => !isWithin(zoneName, host))
    .map((host) => ({
      path: "dns.kind",
      problem: `the zone made for ${zoneName} cannot hold "${host}"`,
      remedy: `use a host below ${zoneName}, or dns: { kind: "existing-zone" } with a zone above both`,
    }));
}

function certificateViolations({ certificateArn }: NoZoneSpec, { account, region }: EnvironmentContext): Violation[] {
  const path = "dns.certificateArn";
  const [, itsRegion, itsAccount] = CERTIFICATE_ARN.exec(certificateArn) ?? [];
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
      problem: `the certificate is in ${itsAccount} ${itsRegion}, where a load balancer in ${account} ${region} cannot use it`,
      remedy: "request or import it in the environment's own account and region",
    },
  ];
}

function coverageViolations(spec: NoZoneSpec, { appHost, hosts }: HostnamesPlan): Violation[] {
  const path = "dns.certificateNames";
  const names = spec.certificateNames ?? [appHost, `*.${appHost}`];
  const malformed = names.flatMap((name) => hostViolations(path, baseName(name)));
  const uncovered = hosts
    .filter((host) => !names.some((name) => covers(name, host)))
    .map((host) => ({
      path,
      problem: `no name of the certificate covers "${host}"`,
      remedy: `use a certificate that has "${host}" or "*.${host.slice(host.indexOf(".") + 1)}" among its names`,
    }));
  return [...malformed, ...uncovered];
}
