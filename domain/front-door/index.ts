export type { Access } from "./access";
export {
  type CertificatePlan,
  type CreatedZoneSpec,
  type DnsPlan,
  type DnsSpec,
  type ExistingZoneSpec,
  type NoZoneSpec,
  type OtherZonePlan,
  planDns,
  type ZoneSource,
} from "./dns";
export type { PrivateZoneSpec } from "./dns-spec";
export { type FrontDoorFeatures, type FrontDoorPlan, type FrontDoorSpec, planFrontDoor } from "./front-door";
export { type HostnamesPlan, type HostnamesSpec, planHostnames } from "./hostnames";
export type { HealthCheckPlan, RoutedFeatures, RoutingPlan, RulePlan, TargetName, TargetPlan } from "./routing";
export type { AccessLogsPlan, AccessLogsSpec, WafPlan, WafSpec } from "./spec";
