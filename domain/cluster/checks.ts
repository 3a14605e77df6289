import { isWithin, overlaps, parseIpv4, PRIVATE_RANGES, rangeProblem } from "../common/address-range";
import { versions } from "../versions/pins";
import type { Violation } from "../common/violation";

/** A Kubernetes version that is accepted; `undefined` for any other. */
export function supportedVersion(version: string): (typeof versions.kubernetes.supported)[number] | undefined {
  return versions.kubernetes.supported.find((known) => known.version === version);
}

/** Refuses a Kubernetes version that nothing here was tried with. */
export function versionViolations(version: string, path: string): Violation[] {
  if (supportedVersion(version) !== undefined) return [];
  const known = versions.kubernetes.supported.map((one) => one.version);
  return [{ path, problem: `Kubernetes "${version}" is not supported`, remedy: `use ${known.join(", ")}` }];
}

/**
 * Refuses a range that EKS does not take for Services.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
 */
export function serviceCidrViolations(text: string, path: string): Violation[] {
  const malformed = rangeProblem(text);
  if (malformed !== undefined) return [{ path, ...malformed }];
  const range = parseIpv4(text);
  const isFit = range !== undefined && range.prefixLength >= 12 && range.prefixLength <= 24;
  if (isFit && isWithin(text, PRIVATE_RANGES)) return [];
  return [
    {
      path,
      problem: `"${text}" cannot be the range of Kubernetes Services`,
      remedy: "use a range from /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    },
  ];
}

/**
 * Finds ranges of the network that Services would hide: a pod could no longer reach what stands there.
 *
 * @param serviceCidr - Addresses of Kubernetes Services.
 * @param networkCidrs - Addresses of the VPC and of every network it is connected to.
 */
export function serviceOverlapViolations(serviceCidr: string, networkCidrs: readonly string[]): Violation[] {
  const services = parseIpv4(serviceCidr);
  return networkCidrs.flatMap((text) => {
    const network = parseIpv4(text);
    if (services === undefined || network === undefined || !overlaps(services, network)) return [];
    return [
      {
        path: "cluster.serviceCidr",
        problem: `"${serviceCidr}" overlaps "${text}" of the network`,
        remedy: "use a range outside all networks that pods connect to",
      },
    ];
  });
}
