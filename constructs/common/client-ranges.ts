import type { INetwork } from "./contracts";

/** Ranges of a VPC from which its machines connect to what is open to the VPC, the primary one first, without those that only sandboxes have. */
export function clientRanges(
  network: Pick<INetwork, "vpcCidr" | "secondaryCidrs" | "sandboxCidrs">,
): readonly string[] {
  const { vpcCidr, secondaryCidrs = [], sandboxCidrs = [] } = network;
  return [vpcCidr, ...secondaryCidrs.filter((range) => !sandboxCidrs.includes(range))];
}

/** Id of the rule for a range of {@link clientRanges}: that of the primary range is the one that the rule always had. */
export function rangeId(id: string, index: number): string {
  return index === 0 ? id : `${id}${index}`;
}
