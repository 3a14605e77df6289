export { Certificate, type CertificateProps } from "./certificate";
export { DnsQueryLogs, type DnsQueryLogsProps } from "./dns-query-logs";
export { FrontDoor, type FrontDoorProps } from "./front-door";
export { HostedZone, type HostedZoneProps } from "./hosted-zone";
export { TargetGroupBindings, type TargetGroupBindingsProps } from "./target-group-bindings";
