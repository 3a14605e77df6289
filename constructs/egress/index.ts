export { DnsFirewall, type DnsFirewallProps } from "./dns-firewall";
export { EgressReport, type EgressReportProps } from "./egress-report";
export { NetworkFirewall, type NetworkFirewallProps } from "./network-firewall";
