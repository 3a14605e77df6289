export { DnsFirewall, type DnsFirewallProps } from "./dns-firewall";
export { EgressReport, type EgressReportProps } from "./egress-report";
export { RefusalMetrics, type RefusalMetricsProps } from "./refusal-metrics";
export { NetworkFirewall, type NetworkFirewallProps } from "./network-firewall";
