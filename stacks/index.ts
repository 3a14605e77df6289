export { environmentSpecs } from "./environment-specs";
export { RetoolPlatform, type RetoolPlatformProps } from "./retool-platform";
export { RetoolStack } from "./retool-stack";
