/** A kind of subnet, of which each zone has one. */
export type SubnetTier = "public" | "private" | "database" | "natsubnet";

/** Name of a subnet of a zone. */
export function subnetName(prefix: string, tier: SubnetTier, zone: number): string {
  return `${prefix}-${tier}-${zone}`;
}

/** Name of one of the subnets of sandboxes in a zone. */
export function sandboxSubnetName(prefix: string, zone: number, index: number): string {
  return `${prefix}-sandbox-${zone}-${index}`;
}

/** Name of the NAT gateway of a zone, and of its address. */
export function natName(prefix: string, zone: number): string {
  return `${prefix}-${zone}`;
}
