import type { INetwork } from "./contracts";

/** Ranges of a VPC from which its machines connect to what is open to the VPC, the primary one first, without those that only sandboxes have. */
export function clientRanges(
  network: Pick<INetwork, "vpcCidr" | "secondaryCidrs" | "sandboxCidrs">,
): readonly string[] {
  const { vpcCidr, secondaryCidrs = [], sandboxCidrs = [] } = network;
  return [...new Set([vpcCidr, ...secondaryCidrs.filter((range) => !sandboxCidrs.includes(range))])];
}

/**
 * Id of the rule for a range of {@link clientRanges}: the bare one for the primary range, as before, others by their range, so that
 * a range that is taken away changes no other rule into one that AWS has already.
 */
export function rangeId(id: string, { vpcCidr }: Pick<INetwork, "vpcCidr">, range: string): string {
  return range === vpcCidr ? id : `${id}-${range.replace("/", "-")}`;
}
