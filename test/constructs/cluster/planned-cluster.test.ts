import { PlannedCluster } from "../../../constructs/cluster/planned-cluster";
import { synthesize } from "../../support/synthesize";

describe("PlannedCluster", () => {
  test("finds the cluster by its name, and asks its API before anything is installed", () => {
    let cluster: PlannedCluster | undefined;
    const found = synthesize(
      (stack) => (cluster = new PlannedCluster(stack, "Cluster", { name: "retool-prod", reached: true })),
    );

    expect(found.onlyData("aws_eks_cluster")).toEqual({ name: "retool-prod" });
    expect(found.onlyData("kubernetes_namespace_v1")).toEqual({ metadata: { name: "kube-system" } });
    expect(cluster?.nodesReady).toHaveLength(1);
    expect(found.addresses()).toEqual([]);
  });

  test("asks nothing where objects are only rendered", () => {
    const found = synthesize((stack) => new PlannedCluster(stack, "Cluster", { name: "retool-prod", reached: false }));

    expect(Object.keys(found.json["data"] ?? {})).toEqual(["aws_eks_cluster"]);
  });
});
