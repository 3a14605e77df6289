import type { Access } from "./access";
import { awsPartition } from "../common/aws-partition";
import { checkedSpec, withShape } from "../common/checked-spec";
import { type DnsSpec, dnsSchema, type ExistingZoneSpec } from "./dns-spec";
import { namesOfExisting } from "./certificate-violations";
import { dnsViolations } from "./dns-violations";
import type { EnvironmentContext } from "../common/context";
import { baseName, type HostnamesPlan, holdingZone, isWildcard } from "./hostnames";
import type { Planned } from "../common/violation";

export type * from "./dns-spec";
export { dnsSchema } from "./dns-spec";

/** A hosted zone to be found, made, or done without. */
export type ZoneSource =
  | { readonly kind: "by-id"; readonly zoneId: string; readonly private: boolean }
  | { readonly kind: "by-name"; readonly name: string }
  | { readonly kind: "longest-match" }
  | { readonly kind: "create"; readonly name: string; readonly parentZoneId?: string }
  | { readonly kind: "create-private"; readonly name: string }
  | { readonly kind: "none" };

/** A further zone, and the names it holds. */
export interface OtherZonePlan {
  /** Name of the zone. */
  readonly name: string;
  /** Id of the zone. */
  readonly zoneId: string;
  /** Hosts that it holds. */
  readonly hosts: readonly string[];
}

/** A certificate to be made and validated, or one that exists. */
export type CertificatePlan =
  | {
      readonly kind: "mint";
      /** Names of the certificate; the first is its common name. */
      readonly names: readonly string[];
      /** One name for each validation record: a name and its wildcard share theirs. */
      readonly validationNames: readonly string[];
    }
  | {
      readonly kind: "existing";
      readonly certificateArn: string;
      /** Names that it covers, as the configuration says. */
      readonly names: readonly string[];
    };

/** A {@link DnsSpec} resolved: which zone, which certificate. */
export interface DnsPlan {
  /** The zone of the domain. */
  readonly zone: ZoneSource;
  /** Hosts that the zone of the domain holds. */
  readonly hosts: readonly string[];
  /** Further zones. */
  readonly otherZones: readonly OtherZonePlan[];
  /** Public zone in which the certificate is validated, where the zone of the domain is private. */
  readonly validationZone?: ZoneSource;
  /** Role that may write into the zone, or into the zone above one that is made; absent where it is in this account. */
  readonly roleArn?: string;
  /** The certificate. */
  readonly certificate: CertificatePlan;
  /** Whether a CAA record is made. */
  readonly caa: boolean;
  /** Days that queries are logged; absent where they are not. */
  readonly queryLogRetentionDays?: number;
  /** Names of records that someone else must make; empty where a zone holds them. */
  readonly recordsToMake: readonly string[];
}

const DEFAULT: ExistingZoneSpec = { kind: "existing-zone" };

/**
 * Decides which zone holds the records and which certificate covers the hosts, and reports what cannot work.
 *
 * @param given - What the configuration says.
 * @param context - The environment.
 * @param hostnames - Every host name.
 * @param access - Who may reach Retool.
 */
export function planDns(
  given: DnsSpec | undefined,
  context: EnvironmentContext,
  hostnames: HostnamesPlan,
  access?: Access,
): Planned<DnsPlan> {
  const { spec, shape } = checkedSpec(dnsSchema, given, DEFAULT, "dns");
  const otherZones = otherZonePlans(spec, hostnames);
  const plan: DnsPlan = {
    ...publicZonePlan(spec),
    zone: zoneSource(spec, context),
    hosts: hostnames.hosts.filter((host) => otherZones.every(({ hosts }) => !hosts.includes(host))),
    otherZones,
    validationZone: validationZone(spec),
    certificate: certificatePlan(spec, hostnames),
    recordsToMake: spec.kind === "none" ? hostnames.records : [],
  };
  return { plan, violations: withShape(shape, dnsViolations(spec, context, hostnames, access)) };
}

function zoneSource(spec: DnsSpec, { domain }: EnvironmentContext): ZoneSource {
  switch (spec.kind) {
    case "existing-zone":
      return existingZone(spec);
    case "create":
      return { kind: "create", name: domain, parentZoneId: spec.parentZoneId };
    case "private-zone":
      return spec.zoneId === undefined
        ? { kind: "create-private", name: domain }
        : { kind: "by-id", zoneId: spec.zoneId, private: true };
    case "none":
      return { kind: "none" };
  }
}

function existingZone({ zoneId, zoneName }: ExistingZoneSpec): ZoneSource {
  if (zoneId !== undefined) return { kind: "by-id", zoneId, private: false };
  return zoneName === undefined ? { kind: "longest-match" } : { kind: "by-name", name: zoneName };
}

function validationZone(spec: DnsSpec): ZoneSource | undefined {
  if (spec.kind !== "private-zone" || spec.validationZoneId === undefined) return undefined;
  return { kind: "by-id", zoneId: spec.validationZoneId, private: false };
}

/** What only a public zone can have. */
function publicZonePlan(spec: DnsSpec): Pick<DnsPlan, "roleArn" | "caa" | "queryLogRetentionDays"> {
  switch (spec.kind) {
    case "existing-zone":
      return { roleArn: spec.roleArn, caa: spec.caa ?? false };
    case "create":
      return { roleArn: spec.roleArn, caa: spec.caa ?? true, queryLogRetentionDays: spec.queryLogRetentionDays };
    case "private-zone":
    case "none":
      return { caa: false };
  }
}

/** Each host goes into the zone with the longest name that holds it, as resolvers look for it. */
function otherZonePlans(spec: DnsSpec, { hosts }: HostnamesPlan): OtherZonePlan[] {
  const zones = "otherZones" in spec ? Object.entries(spec.otherZones ?? {}) : [];
  const names = zones.map(([name]) => name);
  return zones.map(([name, zoneId]) => ({
    name,
    zoneId,
    hosts: hosts.filter((host) => holdingZone(names, host) === name),
  }));
}

function certificatePlan(spec: DnsSpec, { appHost, certificateNames }: HostnamesPlan): CertificatePlan {
  const { certificateArn } = spec;
  if (certificateArn !== undefined)
    return { kind: "existing", certificateArn, names: namesOfExisting(spec.certificateNames, appHost) };
  const validationNames = certificateNames.filter(
    (name) => !isWildcard(name) || !certificateNames.includes(baseName(name)),
  );
  return { kind: "mint", names: certificateNames, validationNames };
}

/** Region where Route 53 writes query logs: only us-east-1; undefined where the environment is there, or in another partition. */
export function queryLogRegion({ region }: Pick<EnvironmentContext, "region">): string | undefined {
  return region === "us-east-1" || awsPartition(region) !== "aws" ? undefined : "us-east-1";
}
