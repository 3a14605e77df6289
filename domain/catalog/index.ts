export { type ComponentPort, type Feature, FEATURES, type Growth, type People, type RetoolComponent } from "./row";
export type { Arrow } from "./calls";
export type {
  AutoscalingSpec,
  Profile,
  Resources,
  ResourcesSpec,
  ServiceId,
  ServicePlan,
  ServiceSpec,
} from "./services";
