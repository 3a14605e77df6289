import { CATALOG } from "../catalog/catalog";
import { serviceName } from "../catalog/services";
import type { HorizontalPodAutoscaler } from "../common/kubernetes";
import { type RetoolPlan, installedServices } from "./retool";

/** Whether any service scales by the CPU of its pods. */
export function autoscales(retool: RetoolPlan): boolean {
  return installedServices(retool).some(({ autoscaling }) => autoscaling !== undefined);
}

/**
 * The autoscalers of the services that have one.
 *
 * The chart writes a number of pods into every Deployment, so an upgrade sets it back to the fewest; the autoscaler raises
 * it again within a minute. Minimum (`replicas`) and maximum are decided and checked in domain/catalog/services.ts.
 */
export function horizontalPodAutoscalers(retool: RetoolPlan, namespace: string): HorizontalPodAutoscaler[] {
  return installedServices(retool).flatMap(({ id, replicas, autoscaling }) => {
    if (autoscaling === undefined) return [];
    const { deployment: name } = CATALOG[serviceName(id)];
    return [
      {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name, namespace },
        spec: {
          minReplicas: replicas,
          maxReplicas: autoscaling.maxReplicas,
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: autoscaling.cpuPercent } },
            },
          ],
        },
      },
    ];
  });
}
