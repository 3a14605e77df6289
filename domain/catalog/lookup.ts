import { RELEASE } from "./blocks";
import { CATALOG } from "./catalog";
import type { Need, OptionalPart, RetoolComponent, ServiceRow } from "./row";

/** Every service, in the order of the table. */
export const RETOOL_COMPONENTS = Object.keys(CATALOG) as readonly RetoolComponent[];

/** Services that run where exactly these optional parts are installed. */
export function installedComponents(parts: readonly OptionalPart[]): RetoolComponent[] {
  return RETOOL_COMPONENTS.filter((name) => {
    const { part } = CATALOG[name];
    return part === undefined || parts.includes(part);
  });
}

/** Services that reach something. */
export function servicesThatNeed(...needs: readonly Need[]): RetoolComponent[] {
  return RETOOL_COMPONENTS.filter((name) => CATALOG[name].needs.some((need) => needs.includes(need)));
}

/** Services that run the given value of `SERVICE_TYPE`. */
export function servicesOfType(serviceType: string): RetoolComponent[] {
  return RETOOL_COMPONENTS.filter((name) => CATALOG[name].serviceTypes?.includes(serviceType) === true);
}

/** Patterns of the names of pods under Retool's service account that fit a condition. */
export function podNamePatterns(fits: (row: ServiceRow) => boolean): string[] {
  return RETOOL_COMPONENTS.map((name) => CATALOG[name])
    .filter((row) => row.sharesServiceAccount === true && fits(row))
    .map(({ deployment }) => `*-${deployment.slice(RELEASE.length + 1)}-*`);
}
