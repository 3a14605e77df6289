import { Karpenter } from "../../../constructs/nodes/karpenter";
import { planKarpenter } from "../../../domain/nodes/karpenter";
import { cluster, context, encryptionKey } from "../../support/fakes";
import { evaluate } from "../../support/iam-evaluator";
import { RecordingWorkloads } from "../../support/recording-workloads";
import { synthesize } from "../../support/synthesize";

const workloads = new RecordingWorkloads();
let ready: readonly { fqn: string }[] = [];
const stack = synthesize((scope) => {
  const karpenter = new Karpenter(scope, "Karpenter", {
    plan: planKarpenter("retool-prod", context),
    context,
    cluster: { ...cluster, apiReady: [{ fqn: "aws_eks_cluster.it" }] },
    nodes: {
      roleArn: "arn:aws:iam::111122223333:role/retool-prod-karpenter-node",
      instanceProfileName: "retool-prod-karpenter-node",
      ready: [{ fqn: "aws_eks_access_entry.nodes" }],
    },
    sandboxNodes: {
      roleArn: "arn:aws:iam::111122223333:role/retool-prod-sandbox-node",
      instanceProfileName: "retool-prod-sandbox-node",
      ready: [{ fqn: "aws_eks_access_entry.sandboxes" }],
    },
    queue: {
      queueName: "retool-prod-karpenter",
      queueArn: "arn:aws:sqs:us-east-1:111122223333:retool-prod-karpenter",
      ready: [{ fqn: "aws_sqs_queue.it" }],
    },
    encryptionKey,
    workloads,
    after: [{ fqn: "aws_eks_node_group.system" }],
  });
  ready = karpenter.ready;
});

const release = (name: string) =>
  workloads.calls.flatMap((call) =>
    call.method === "helmRelease" && call.props.name === name ? [call.props] : [],
  )[0]!;
const policies = stack.all("aws_iam_policy").map(({ policy }) => policy as string);
const decide = (action: string, resource: string, conditions: Record<string, string> = {}) =>
  policies.map((policy) => evaluate(policy, { action, resource, context: conditions })).includes("Allow");

describe("Karpenter", () => {
  it("runs under a role that only its service account assumes", () => {
    const role = stack.only("aws_iam_role");
    const trust = role["assume_role_policy"] as string;
    const pod = (namespace: string, serviceAccount: string) => ({
      action: "sts:AssumeRole",
      service: "pods.eks.amazonaws.com",
      context: {
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount,
      },
    });
    expect(evaluate(trust, pod("kube-system", "karpenter"))).toBe("Allow");
    expect(evaluate(trust, pod("retool", "karpenter"))).toBe("None");
    expect(stack.only("aws_eks_pod_identity_association")).toMatchObject({
      cluster_name: "retool-prod",
      namespace: "kube-system",
      service_account: "karpenter",
      depends_on: ["aws_eks_cluster.it"],
    });
  });

  it("has its permissions in three policies", () => {
    expect(stack.all("aws_iam_policy").map(({ name }) => name)).toEqual([
      "retool-prod-karpenter-discover",
      "retool-prod-karpenter-launch",
      "retool-prod-karpenter-use",
    ]);
    expect(stack.all("aws_iam_role_policy_attachment")).toHaveLength(3);
  });

  it.each([
    { owner: "retool-prod", allowed: true },
    { owner: "another", allowed: false },
  ])("terminates an instance of the cluster $owner: $allowed", ({ owner, allowed }) => {
    const tags = {
      [`aws:ResourceTag/kubernetes.io/cluster/${owner}`]: "owned",
      "aws:ResourceTag/karpenter.sh/nodepool": "sandbox",
    };
    const instance = "arn:aws:ec2:us-east-1:111122223333:instance/i-1";
    expect(decide("ec2:TerminateInstances", instance, tags)).toBe(allowed);
  });

  it.each([
    { action: "iam:CreateInstanceProfile", resource: "arn:aws:iam::111122223333:instance-profile/x" },
    { action: "iam:AddRoleToInstanceProfile", resource: "arn:aws:iam::111122223333:instance-profile/x" },
    { action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/admin" },
    { action: "ec2:RunInstances", resource: "arn:aws:ec2:us-east-1:111122223333:instance/*" },
    { action: "sqs:DeleteQueue", resource: "arn:aws:sqs:us-east-1:111122223333:retool-prod-karpenter" },
    { action: "kms:Decrypt", resource: encryptionKey.keyArn },
  ])("may not $action without a reason", ({ action, resource }) => {
    expect(decide(action, resource, { "iam:PassedToService": "ec2.amazonaws.com" })).toBe(false);
  });

  it("installs its definitions from their own chart, before the controller", () => {
    expect(release("karpenter-crd")).toMatchObject({
      namespace: "kube-system",
      chart: { kind: "repository", name: "karpenter-crd" },
      hasPods: false,
      after: [{ fqn: "aws_eks_cluster.it" }],
    });
    expect(release("karpenter").after).toContainEqual({ fqn: "recorded.karpenter-crd" });
  });

  it("starts the controller on nodes that exist, as two pods that are waited for", () => {
    expect(release("karpenter")).toMatchObject({
      chart: { kind: "repository", name: "karpenter" },
      hasPods: true,
      values: { settings: { clusterName: "retool-prod", interruptionQueue: "retool-prod-karpenter" } },
    });
    expect(release("karpenter").after).toContainEqual({ fqn: "aws_eks_node_group.system" });
  });

  it("is ready when the controller runs", () => {
    expect(ready.map(({ fqn }) => fqn)).toContain("recorded.karpenter");
  });

  it("takes the charts in the same version", () => {
    const version = ({ chart }: ReturnType<typeof release>) => (chart.kind === "repository" ? chart.version : "");
    expect(version(release("karpenter-crd"))).toBe(version(release("karpenter")));
  });
});
