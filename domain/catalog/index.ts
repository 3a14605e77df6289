export type { Growth, People } from "./growth";
export type { ComponentPort, RetoolComponent } from "./row";
export type { Arrow } from "./connections";
export type {
  AutoscalingSpec,
  Profile,
  Resources,
  ResourcesSpec,
  ServiceId,
  ServicePlan,
  ServiceSpec,
} from "./services";
