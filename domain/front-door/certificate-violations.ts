// The names of a certificate that is made here, wildcard included: coveringNames in hostnames.ts.

import { awsPartition } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import type { ExistingCertificateSpec } from "./dns-spec";
import {
  baseName,
  covers,
  domainAndWildcard,
  type HostnamesPlan,
  hostViolations,
  isCertifiable,
  parentOf,
} from "./hostnames";
import type { Violation } from "../common/violation";

const CERTIFICATE_ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):(\d{12}):certificate\/[a-f0-9-]+$/;

/** Finds certificates that the load balancer cannot use, and names for which none can be made. */
export function certificateViolations(
  { certificateArn, certificateNames }: ExistingCertificateSpec,
  context: EnvironmentContext,
  hostnames: HostnamesPlan,
): Violation[] {
  if (certificateArn !== undefined)
    return [
      ...certificateArnViolations("dns.certificateArn", certificateArn, context),
      ...coverageViolations(certificateNames, hostnames),
    ];
  const isRight = hostViolations("domain", hostnames.appHost).length === 0;
  const uncertified = hostnames.hosts.find(
    (host) => isRight && !isCertifiable(host) && hostViolations("host", baseName(host)).length === 0,
  );
  if (uncertified !== undefined)
    return [
      {
        path: uncertified === hostnames.appHost ? "domain" : "frontDoor",
        problem: `no public authority certifies "${uncertified}", which is in no public domain`,
        remedy:
          "use a name of a registered domain, or set dns.certificateArn to a certificate of a private authority, imported into ACM",
      },
    ];
  if (certificateNames === undefined) return [];
  return [
    {
      path: "dns.certificateNames",
      problem: "has no effect without certificateArn: a certificate that is created here covers every host",
      remedy: "remove it",
    },
  ];
}

/** Finds ARNs of certificates that a load balancer of this account and region cannot use. */
export function certificateArnViolations(
  path: string,
  certificateArn: string,
  { account, region }: Pick<EnvironmentContext, "account" | "region">,
): Violation[] {
  const [, itsRegion, itsAccount = ""] = CERTIFICATE_ARN.exec(certificateArn) ?? [];
  const own = awsPartition(region);
  if (itsRegion === undefined)
    return [
      {
        path,
        problem: `"${certificateArn}" is not the ARN of an ACM certificate`,
        remedy: `use one such as "arn:${own}:acm:${region}:${account}:certificate/..."`,
      },
    ];
  if (itsRegion === region && itsAccount === account) return [];
  return [
    {
      path,
      problem: `the certificate is in account ${itsAccount}, region ${itsRegion}, so a load balancer in ${account}, ${region} cannot use it`,
      remedy: `request or import it in ${account}, ${region}`,
    },
  ];
}

/** Names of a certificate that exists: those given, or the domain and its wildcard. */
export function namesOfExisting(given: readonly string[] | undefined, appHost: string): readonly string[] {
  return given ?? domainAndWildcard(appHost);
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
      remedy: `use a certificate with ${suggestedNames(host)} among its names, and list it`,
    }));
  return [...malformed, ...uncovered];
}

/** Either of the two names that cover a host, for a message. */
function suggestedNames(host: string): string {
  return [...new Set([host, `*.${parentOf(host)}`])].map((name) => `"${name}"`).join(" or ");
}
