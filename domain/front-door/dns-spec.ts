import { z } from "zod";

import { logRetention } from "../common/log-retention";
import { roleArnProblem } from "../common/role-arn";
import { checked } from "../common/setting";
import { plainHost } from "../common/server-host";

/** Certificate that exists, in place of one that is made. */
export interface ExistingCertificateSpec {
  /**
   * ARN of an issued certificate in the environment's account and region.
   *
   * @default - a certificate is made and validated in the zone
   */
  readonly certificateArn?: string;

  /**
   * Names that the existing certificate covers.
   *
   * @default - the domain and its wildcard
   */
  readonly certificateNames?: readonly string[];
}

/** Further public zones, for hosts that the zone of the domain does not hold. */
export interface OtherZonesSpec {
  /**
   * Ids of further public zones, by the name of the zone: for Spaces or apps on another domain.
   *
   * @default - none
   */
  readonly otherZones?: Readonly<Record<string, string>>;
}

/** A public hosted zone that exists. */
export interface ExistingZoneSpec extends ExistingCertificateSpec, OtherZonesSpec {
  /** Says that the zone exists. */
  readonly kind: "existing-zone";

  /**
   * Id of the zone.
   *
   * @default - the public zone of the account with the longest name that holds every host, found when Terraform plans; in
   * an account with many zones, which are all read for it, give the id or the name
   */
  readonly zoneId?: string;

  /**
   * Name of the zone, in place of its id.
   *
   * @default - see `zoneId`
   */
  readonly zoneName?: string;

  /**
   * Role that may write into the zone, where it belongs to another account. To remove it, take the records out of the state first
   * (docs/guides/names-and-certificates.md).
   *
   * @default - the zone belongs to the environment's account
   */
  readonly roleArn?: string;

  /**
   * Whether a CAA record lets only Amazon issue certificates for the domain.
   *
   * @default false
   */
  readonly caa?: boolean;
}

/** A public hosted zone for the domain itself, made here. */
export interface CreatedZoneSpec extends ExistingCertificateSpec, OtherZonesSpec {
  /** Says that the zone is made here. */
  readonly kind: "create";

  /**
   * Id of the zone above it, which gets the NS records in the same apply.
   *
   * @default - none; the apply prints the name servers and waits, for 75 minutes, until someone delegates to them
   */
  readonly parentZoneId?: string;

  /**
   * Role that may write into the zone above, where it belongs to another account.
   *
   * @default - it belongs to the environment's account
   */
  readonly roleArn?: string;

  /**
   * Whether a CAA record lets only Amazon issue certificates for the domain.
   *
   * @default true
   */
  readonly caa?: boolean;

  /**
   * Days that queries to the zone are logged; Route 53 writes them to us-east-1 only.
   *
   * @default - queries are not logged
   */
  readonly queryLogRetentionDays?: number;
}

/** A private hosted zone: the names resolve only in the VPC, even where a public zone has them too. */
export interface PrivateZoneSpec extends ExistingCertificateSpec {
  /** Says that the zone is private. */
  readonly kind: "private-zone";

  /**
   * Id of a private zone that the VPC is associated with.
   *
   * @default - a private zone for the domain is made and associated with the VPC
   */
  readonly zoneId?: string;

  /**
   * Id of a public zone that holds the domain, in which a certificate is validated; nobody outside learns more from it than
   * that the name exists.
   *
   * @default - none; then `certificateArn` is needed, because ACM validates no name that the internet cannot look up
   */
  readonly validationZoneId?: string;
}

/** No zone: the certificate exists, and the owner of the DNS creates the records that are printed. */
export interface NoZoneSpec extends ExistingCertificateSpec {
  /** Says that no zone is touched. */
  readonly kind: "none";

  /** ARN of an issued certificate in the environment's account and region. */
  readonly certificateArn: string;
}

/** Where the host names are kept, and where the certificate comes from. */
export type DnsSpec = ExistingZoneSpec | CreatedZoneSpec | PrivateZoneSpec | NoZoneSpec;

const text = z.string().optional();

/** Id of a hosted zone; the Route 53 API prints it with `/hostedzone/` before it. */
const zone = z.string().overwrite((id) => id.replace(/^\/?hostedzone\//, ""));
const zoneId = zone.optional();
const certificate = { certificateArn: text, certificateNames: z.array(z.string()).readonly().optional() };
const publicZone = {
  otherZones: z.record(z.string(), zone).optional(),
  roleArn: checked(z.string(), roleArnProblem, { form: "the ARN of an IAM role" }).optional(),
  caa: z.boolean().optional(),
};

/** Shape of a {@link DnsSpec}. */
export const dnsSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("existing-zone"),
    zoneId,
    zoneName: z.string().overwrite(plainHost).optional(),
    ...publicZone,
    ...certificate,
  }),
  z.strictObject({
    kind: z.literal("create"),
    parentZoneId: zoneId,
    queryLogRetentionDays: logRetention().optional(),
    ...publicZone,
    ...certificate,
  }),
  z.strictObject({ kind: z.literal("private-zone"), zoneId, validationZoneId: zoneId, ...certificate }),
  z.strictObject({ kind: z.literal("none"), ...certificate, certificateArn: z.string() }),
]);
