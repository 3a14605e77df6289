import { PodIdentity, type PodIdentityProps } from "../../../constructs/common/pod-identity";
import { resourceTypes } from "../../support/dependables";
import { evaluate } from "../../support/iam-evaluator";
import { type Synthesized, synthesize } from "../../support/synthesize";

const define = (over: Partial<PodIdentityProps> = {}, use: (identity: PodIdentity) => void = () => {}): Synthesized =>
  synthesize((stack) => {
    use(
      new PodIdentity(stack, "Identity", {
        clusterName: "retool-prod",
        roleName: "retool-prod-reader",
        namespace: "retool",
        serviceAccount: "reader",
        ...over,
      }),
    );
  });
const assume = (template: Synthesized, namespace: string, serviceAccount: string, podName = "reader-0"): string =>
  evaluate(template.only("aws_iam_role")["assume_role_policy"] as string, {
    action: "sts:AssumeRole",
    service: "pods.eks.amazonaws.com",
    context: {
      "aws:RequestTag/kubernetes-namespace": namespace,
      "aws:RequestTag/kubernetes-service-account": serviceAccount,
      "aws:RequestTag/kubernetes-pod-name": podName,
    },
  });

describe("PodIdentity", () => {
  test("gives the role to the pods of one service account", () => {
    const template = define();

    expect(template.only("aws_eks_pod_identity_association")).toMatchObject({
      cluster_name: "retool-prod",
      namespace: "retool",
      service_account: "reader",
    });
    expect(assume(template, "retool", "reader")).toBe("Allow");
    expect(assume(template, "retool", "writer")).toBe("None");
    expect(assume(template, "other", "reader")).toBe("None");
  });

  test("refuses pods by name, though they run as that service account", () => {
    expect(assume(define({ refusedPodNames: ["*-executor-*"] }), "retool", "reader", "code-executor-1")).toBe("Deny");
    expect(assume(define(), "retool", "reader", "code-executor-1")).toBe("Allow");
  });

  test("has the permissions it is given, its own and managed ones", () => {
    const template = define({
      statements: [{ Sid: "Read", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" }],
      managedPolicyArns: { cni: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" },
    });

    expect(JSON.parse(template.only("aws_iam_role_policy")["policy"] as string)).toMatchObject({
      Statement: [{ Effect: "Allow", Sid: "Read", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" }],
    });
    expect(template.only("aws_iam_role_policy_attachment")).toMatchObject({
      policy_arn: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
    });
  });

  test("has none where it is given none", () => {
    expect(
      define()
        .addresses()
        .map((address) => address.split(".")[0]),
    ).toEqual(["aws_eks_pod_identity_association", "aws_iam_role"]);
  });

  test("is ready when the association and every permission are", () => {
    let types: string[] = [];
    define(
      {
        statements: [{ Action: "s3:GetObject", Resource: "*" }],
        managedPolicyArns: { a: "arn:aws:iam::aws:policy/A", b: "arn:aws:iam::aws:policy/B" },
      },
      (identity) => {
        types = resourceTypes(identity.ready);
      },
    );

    expect(types).toEqual([
      "aws_eks_pod_identity_association",
      "aws_iam_role_policy",
      "aws_iam_role_policy_attachment",
      "aws_iam_role_policy_attachment",
    ]);
  });

  test("waits for what it is told to", () => {
    expect(define({ after: [{ fqn: "aws_eks_cluster.one" }] }).only("aws_eks_pod_identity_association")).toMatchObject({
      depends_on: ["aws_eks_cluster.one"],
    });
  });
});
