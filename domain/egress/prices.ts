/** Hours of a month, as AWS counts them. */
const HOURS = 730;

/** List prices of what a level brings, in us-east-1, USD a unit, and where each stands: the only place that has them. */
export const EGRESS_PRICES = {
  /** An hour of a NAT gateway, which AWS waives for as many as a firewall has endpoints. */
  "nat:hour": [0.045, "https://aws.amazon.com/vpc/pricing/"],
  /** An hour of a firewall's endpoint. */
  "firewall:endpoint": [0.395, "https://aws.amazon.com/network-firewall/pricing/"],
  /** A GB that a firewall looks at. */
  "firewall:gb": [0.065, "https://aws.amazon.com/network-firewall/pricing/"],
  /** A month of a name in a list of the DNS firewall. */
  "dns-firewall:name": [0.0005, "https://aws.amazon.com/route53/pricing/"],
  /** A million queries that the DNS firewall looks at. */
  "dns-firewall:queries": [0.6, "https://aws.amazon.com/route53/pricing/"],
} as const;

/** What an hourly price comes to in a month, in whole cents. */
export function monthlyCents(price: "nat:hour" | "firewall:endpoint"): number {
  return Math.round(EGRESS_PRICES[price][0] * HOURS * 100);
}
