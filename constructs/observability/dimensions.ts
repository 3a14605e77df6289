import type { DimensionValue } from "../../domain/observability/alarm";

/** What AWS names when it is made. */
export interface WatchedResources {
  /** The load balancer as `app/<name>/<id>`. */
  readonly loadBalancer: string;
  /** Its target groups as `targetgroup/<name>/<id>`, by their short names. */
  readonly targetGroups: ReadonlyMap<string, string>;
  /** ARN of the certificate. */
  readonly certificateArn: string;
}

/** Fills in what AWS names. */
export function dimensionsOf(
  dimensions: Readonly<Record<string, DimensionValue>>,
  resources: WatchedResources,
): Record<string, string> {
  return Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, resolved(value, resources)]));
}

function resolved(value: DimensionValue, resources: WatchedResources): string {
  if (typeof value === "string") return value;
  switch (value.of) {
    case "load-balancer":
      return resources.loadBalancer;
    case "certificate":
      return resources.certificateArn;
    case "target-group": {
      const group = resources.targetGroups.get(value.name);
      if (group === undefined) throw new Error(`the alarms name the target group "${value.name}", and there is none`);
      return group;
    }
  }
}
