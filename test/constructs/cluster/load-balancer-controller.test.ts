import { LoadBalancerController } from "../../../constructs/cluster/load-balancer-controller";
import { resourceTypes } from "../../support/dependables";
import { cluster, network } from "../../support/fakes";
import { RecordingWorkloads } from "../../support/recording-workloads";
import { type Synthesized, synthesize } from "../../support/synthesize";

const ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/retool/0123";

const define = (workloads: RecordingWorkloads, prefix = "retool-prod", use: () => void = () => {}): Synthesized =>
  synthesize((stack) => {
    new LoadBalancerController(stack, "Controller", {
      cluster: { ...cluster, nodesReady: [{ fqn: "aws_eks_addon.coredns" }] },
      prefix,
      region: "us-east-1",
      network: { ...network, egressReady: [{ fqn: "aws_route.out" }] },
      frontDoor: {
        targets: [
          {
            name: "retool",
            targetGroupArn: ARN,
            targetGroupArnSuffix: "targetgroup/retool/1",
            serviceName: "retool",
            servicePort: 3000,
          },
        ],
      },
      workloads,
    });
    use();
  });

describe("LoadBalancerController", () => {
  test("is the pinned chart in kube-system, waited for", () => {
    const workloads = new RecordingWorkloads();
    define(workloads);

    expect(workloads.onlyRelease).toMatchObject({
      name: "aws-load-balancer-controller",
      namespace: "kube-system",
      chart: {
        kind: "repository",
        name: "aws-load-balancer-controller",
        repository: "https://aws.github.io/eks-charts",
        version: "3.5.0",
      },
      hasPods: true,
      installsCrds: true,
      failsClosed: true,
      values: { clusterName: "retool-prod", region: "us-east-1", vpcId: "vpc-1" },
    });
  });

  test("may change only the front door's target groups", () => {
    const policy = define(new RecordingWorkloads()).only("aws_iam_role_policy")["policy"] as string;

    expect(JSON.parse(policy)).toMatchObject({
      Statement: [
        { Resource: "*" },
        {
          Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
          Resource: [ARN],
        },
      ],
    });
  });

  test("gets its role as the service account that the chart makes", () => {
    const workloads = new RecordingWorkloads();
    const association = define(workloads).only("aws_eks_pod_identity_association");

    expect(association).toMatchObject({ namespace: "kube-system", service_account: "aws-load-balancer-controller" });
    expect(workloads.onlyRelease.values["serviceAccount"]).toEqual({
      create: true,
      name: association["service_account"],
    });
  });

  test("comes after nodes, its role and the routes out, so that on destroy those are still there", () => {
    const workloads = new RecordingWorkloads();
    let types: string[] = [];
    define(workloads, undefined, () => {
      types = resourceTypes(workloads.onlyRelease.after);
    });

    expect(types.sort()).toEqual([
      "aws_eks_addon",
      "aws_eks_pod_identity_association",
      "aws_iam_role_policy",
      "aws_route",
    ]);
  });

  test("names its role within 64 characters", () => {
    const name = define(new RecordingWorkloads(), `retool-${"x".repeat(40)}`).only("aws_iam_role")["name"] as string;

    expect(name.length).toBeLessThanOrEqual(64);
  });
});
