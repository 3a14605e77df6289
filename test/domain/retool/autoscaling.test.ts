import { horizontalPodAutoscalers } from "../../../domain/retool/autoscaling";
import { releaseInput } from "../../support/retool-release";

const autoscaler = (name: string, minReplicas: number, maxReplicas: number, averageUtilization: number): unknown => ({
  minReplicas,
  maxReplicas,
  scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
  metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization } } }],
});

describe("autoscalers", () => {
  test("are made where asked for, on the Deployment of the chart", () => {
    const retool = {
      api: { autoscaling: { maxReplicas: 6 } },
      workflowsWorker: { replicas: 2, autoscaling: { maxReplicas: 9, cpuPercent: 60 } },
    };
    const scalers = horizontalPodAutoscalers(releaseInput({ retool }).retool, "apps");

    expect(scalers.map(({ metadata, spec }) => [metadata.name, metadata.namespace, spec])).toEqual([
      ["retool", "apps", autoscaler("retool", 2, 6, 70)],
      ["retool-workflow-worker", "apps", autoscaler("retool-workflow-worker", 2, 9, 60)],
    ]);
  });

  test("are none by default, and none for parts that are off", () => {
    expect(horizontalPodAutoscalers(releaseInput().retool, "apps")).toEqual([]);
    expect(
      horizontalPodAutoscalers(
        releaseInput({ retool: { dbconnector: { autoscaling: { maxReplicas: 3 } } } }).retool,
        "apps",
      ),
    ).toEqual([]);
  });
});
