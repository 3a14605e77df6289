import { KarpenterNodes } from "../../../constructs/nodes/karpenter-nodes";
import { planKarpenter } from "../../../domain/nodes/karpenter";
import { cluster, context } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

const stack = synthesize((scope) => {
  new KarpenterNodes(scope, "Nodes", {
    role: planKarpenter("retool-prod", context).nodeRole,
    cluster: { ...cluster, apiReady: [{ fqn: "aws_eks_cluster.it" }] },
  });
});

describe("KarpenterNodes", () => {
  it("makes a role that instances assume, and its profile", () => {
    const role = stack.only("aws_iam_role");
    expect(role).toMatchObject({ name: "retool-prod-karpenter-node" });
    expect(JSON.parse(role["assume_role_policy"] as string)).toMatchObject({
      Statement: [{ Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    expect(stack.only("aws_iam_instance_profile")).toMatchObject({
      name: "retool-prod-karpenter-node",
      role: expect.stringMatching(/^\$\{aws_iam_role\.[^.]+\.name\}$/),
    });
  });

  it("lets nodes join, pull images and be reached by Session Manager, and do nothing to the network", () => {
    expect(stack.all("aws_iam_role_policy_attachment").map(({ policy_arn }) => policy_arn)).toEqual([
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    ]);
  });

  it("admits them to the cluster once its API can be reached", () => {
    expect(stack.only("aws_eks_access_entry")).toMatchObject({
      cluster_name: "retool-prod",
      type: "EC2_LINUX",
      principal_arn: expect.stringMatching(/^\$\{aws_iam_role\.[^.]+\.arn\}$/),
      depends_on: ["aws_eks_cluster.it"],
    });
  });
});
