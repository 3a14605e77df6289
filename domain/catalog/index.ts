export type { ComponentPort, Feature, Growth, People, RetoolComponent } from "./row";
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
