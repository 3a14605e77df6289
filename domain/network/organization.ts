import type { Violation } from "../common/violation";
import type { NetworkDemand, NetworkSpec } from "./spec";

/** Refuses a pool without a range: everything that is computed from the range is written before the VPC stands. */
export function poolViolations({ ipamPoolId, cidr }: NetworkSpec): Violation[] {
  if (ipamPoolId === undefined || cidr !== undefined) return [];
  return [
    {
      path: "network.cidr",
      problem: "is missing, and the rules of the environment are written before IPAM could choose a range",
      remedy: "give a range of the pool that is free, such as one of `aws ec2 get-ipam-pool-cidrs`",
    },
  ];
}

/** Refuses to say how long logs are kept that the owner of a bucket keeps. */
export function flowLogViolations(
  { flowLogRetentionDays }: NetworkSpec,
  { flowLogDestination }: NetworkDemand,
): Violation[] {
  if (flowLogRetentionDays === undefined || flowLogDestination === undefined) return [];
  return [
    {
      path: "network.flowLogRetentionDays",
      problem: "flow logs go to logBucket, whose owner decides how long they are kept",
      remedy: "remove it",
    },
  ];
}
