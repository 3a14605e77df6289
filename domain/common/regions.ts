import { nearest } from "./nearest";
import type { Problem } from "./violation";

/**
 * Regions of the partitions that are supported: AWS and AWS GovCloud (US).
 *
 * Source: partitions.json of botocore 1.44.8.
 */
export const REGIONS: readonly string[] = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1", "sa-east-1"],
  ...["sa-west-1"],
  ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["af-south-1", "il-central-1", "me-central-1", "me-south-1", "me-west-1"],
  ...["ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"],
  ...["ap-southeast-7", "us-gov-east-1", "us-gov-west-1"],
];

/**
 * Zones in which a new account can start nodes, where they are not three.
 *
 * Source: `describe-instance-type-offerings` by zone, as moto 5 collects it for m6i.large.
 */
const ZONES: Readonly<Record<string, number>> = { "us-east-1": 5, "us-west-1": 2, "us-west-2": 4, "ap-northeast-2": 4 };

/** Number of zones that a region has for a new account. */
export function zonesIn(region: string): number {
  return ZONES[region] ?? 3;
}

/** Finds what is wrong with the name of a region. */
export function regionProblem(region: string): Problem | undefined {
  if (REGIONS.includes(region)) return undefined;
  // Names of services, endpoints and certificates differ there, and none of Retool's hosts is inside.
  if (/^(cn-|us-iso|eu-isoe-|eusc-)/.test(region)) {
    return {
      problem: `"${region}" is in an AWS partition with other service names`,
      remedy: "use a region outside China, the European Sovereign Cloud and the isolated partitions",
    };
  }
  const meant = nearest(region, REGIONS) ?? "us-east-1";
  return { problem: `"${region}" is not an AWS region`, remedy: `use a region name such as "${meant}"` };
}
