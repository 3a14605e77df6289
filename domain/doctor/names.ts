import type { Fact } from "../common/fact";
import { type Finding, good, judged } from "./finding";

/** Who answers for a zone: Route 53 as it says itself, and the internet as it finds it. */
export interface Delegation {
  /** Name of the zone. */
  readonly zone: string;
  /** Name servers that Route 53 gave the zone; undefined where the account has no such public zone. */
  readonly assigned: readonly string[] | undefined;
  /** Name servers that DNS leads to; empty where nobody delegates. */
  readonly delegated: readonly string[];
}

const LINK = "docs/guides/names-and-certificates.md";

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** Judges whether the internet finds the zone, without which no certificate is ever validated. */
export function delegationFindings(fact: Fact<Delegation>): Finding[] {
  return judged("zone", fact, ({ zone, assigned, delegated }) => {
    const shared = { check: "zone", grade: "problem", link: LINK } as const;
    if (assigned === undefined)
      return {
        ...shared,
        what: `the account has no public hosted zone for ${zone}`,
        why: "the apply stops where it looks the zone up",
        remedy: 'use the account that has it, or dns: { kind: "create" }',
      };
    const [ours, found] = [assigned, delegated].map((names) => new Set(names.map(plain)));
    const list = assigned.map(plain).join(", ");
    if (found?.size === 0)
      return {
        ...shared,
        what: `nobody delegates ${zone}: DNS finds no name server`,
        why: "the certificate is never validated, and the apply waits 75 minutes and gives up",
        remedy: `ask the owner of the parent domain for an NS record of ${zone} with ${list}`,
      };
    if ([...(found ?? [])].some((name) => ours?.has(name) !== true))
      return {
        ...shared,
        what: `${zone} is delegated to ${[...(found ?? [])].sort().join(", ")}, not to the zone of this account`,
        why: "records that are made here are seen by nobody, so the certificate is never validated",
        remedy: `make the NS record of ${zone} say ${list}, or use the account whose zone it is`,
      };
    return good("zone", `${zone} is delegated to its ${assigned.length} name servers`);
  });
}

/** A certificate that exists. */
export interface CertificateFacts {
  /** Its status in ACM; undefined where the account has no such certificate in the region. */
  readonly status: string | undefined;
  /** Names that it covers. */
  readonly names: readonly string[];
  /** Its last day as `YYYY-MM-DD`; undefined before it is issued. */
  readonly notAfter: string | undefined;
}

/** Judges a certificate that a team brings. */
export function certificateFindings(
  needed: readonly string[],
  fact: Fact<CertificateFacts>,
  inThirtyDays: string,
): Finding[] {
  return judged("certificate", fact, ({ status, names, notAfter }) => {
    const shared = { check: "certificate", grade: "problem", link: LINK } as const;
    if (status === undefined)
      return {
        ...shared,
        what: "there is no such certificate in this account and region",
        why: "the HTTPS listener takes none of another region or account",
        remedy: "correct dns.certificateArn, or leave it out so that one is made",
      };
    if (status !== "ISSUED")
      return {
        ...shared,
        what: `the certificate is ${status}`,
        why: "the HTTPS listener takes none but an issued one",
        remedy: "finish its validation, or leave dns.certificateArn out so that one is made",
      };
    const uncovered = needed.filter((name) => !names.some((covers) => isCovered(name, covers)));
    if (uncovered.length > 0)
      return {
        ...shared,
        what: `the certificate does not cover ${uncovered.join(", ")}`,
        why: "browsers refuse these names",
        remedy: `use one for ${needed.join(", ")}`,
      };
    if (notAfter !== undefined && notAfter < inThirtyDays)
      return {
        ...shared,
        grade: "warning",
        what: `the certificate ends on ${notAfter}`,
        why: "browsers refuse Retool from that day on, and nobody renews an imported one",
        remedy: "import the new one under the same ARN",
      };
    return good("certificate", `covers ${needed.join(", ")}${notAfter === undefined ? "" : ` until ${notAfter}`}`);
  });
}

/** A wildcard covers exactly one label. */
function isCovered(name: string, covers: string): boolean {
  if (name === covers) return true;
  return covers.startsWith("*.") && name.slice(name.indexOf(".") + 1) === covers.slice(2) && !name.startsWith("*.");
}
