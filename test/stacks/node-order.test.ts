import { InterruptionQueue } from "../../constructs/nodes/interruption-queue";
import { Karpenter } from "../../constructs/nodes/karpenter";
import { KarpenterNodes } from "../../constructs/nodes/karpenter-nodes";
import { NodePools } from "../../constructs/nodes/node-pools";
import { UserCodeSecurityGroup } from "../../constructs/nodes/user-code-security-group";
import { ClusterWorkloads } from "../../constructs/common/workloads";
import { planCapacity } from "../../domain/capacity/capacity";
import { planKarpenter } from "../../domain/nodes/karpenter";
import { cluster, context, encryptionKey, network } from "../support/fakes";
import { synthesize } from "../support/synthesize";

const stack = synthesize((scope) => {
  const plan = planKarpenter("retool-prod", context);
  const workloads = new ClusterWorkloads({ hasNodes: true });
  const karpenter = new Karpenter(scope, "Karpenter", {
    plan,
    context,
    cluster,
    nodes: new KarpenterNodes(scope, "Nodes", { role: plan.nodeRole, cluster }),
    sandboxNodes: new KarpenterNodes(scope, "SandboxNodes", { role: plan.sandboxNodeRole, cluster }),
    queue: new InterruptionQueue(scope, "Queue", { plan }),
    encryptionKey,
    workloads,
    after: [{ fqn: "aws_eks_node_group.system" }, { fqn: "aws_route.out" }],
  });
  new NodePools(scope, "Pools", {
    plan: planCapacity({ builders: 20 }, context).plan,
    subnetIds: network.privateSubnetIds,
    securityGroupIds: ["sg-cluster"],
    sandboxSecurityGroup: new UserCodeSecurityGroup(scope, "SandboxGroup", {
      nodes: "sandbox",
      prefix: "retool-prod",
      network,
      clusterSecurityGroupIds: ["sg-cluster"],
    }),
    encryptionKey,
    amiAlias: "al2023@v20260903",
    tags: {},
    karpenter,
    workloads,
  });
});

/** Everything that a resource waits for when it is made, and that waits for it when it is destroyed. */
function behind(address: string, seen = new Set<string>()): Set<string> {
  for (const found of namedIn(address).filter((one) => one !== address && !seen.has(one))) {
    seen.add(found);
    behind(found, seen);
  }
  return seen;
}

function namedIn(address: string): string[] {
  const [type = "", name = ""] = address.split(".");
  const text = JSON.stringify(stack.json["resource"]?.[type]?.[name] ?? {});
  return Array.from(text.matchAll(/(?:aws|helm)_[a-z_]+\.[A-Za-z0-9_-]+/g), ([found]) => found);
}

const releaseOf = (name: string) => {
  const releases = Object.entries(stack.json["resource"]?.["helm_release"] ?? {});
  const [logicalId] = releases.find(([, block]) => block["name"] === name)!;
  return `helm_release.${logicalId}`;
};
const kinds = (addresses: ReadonlySet<string>) => new Set([...addresses].map((address) => address.split(".")[0]));

describe("the order of destruction", () => {
  it.each([
    { first: "retool-node-pools", then: "retool-node-classes" },
    { first: "retool-node-classes", then: "karpenter" },
    { first: "karpenter", then: "karpenter-crd" },
  ])("removes $first before $then", ({ first, then }) => {
    expect(behind(releaseOf(first))).toContain(releaseOf(then));
    expect(behind(releaseOf(then))).not.toContain(releaseOf(first));
  });

  it("keeps what the controller needs until it is gone", () => {
    const needed = behind(releaseOf("karpenter"));
    expect(needed).toContain("aws_eks_node_group.system");
    expect(needed).toContain("aws_route.out");
    expect([...kinds(needed)].sort()).toEqual([
      "aws_cloudwatch_event_rule",
      "aws_cloudwatch_event_target",
      "aws_eks_access_entry",
      "aws_eks_node_group",
      "aws_eks_pod_identity_association",
      "aws_iam_instance_profile",
      "aws_iam_policy",
      "aws_iam_role",
      "aws_iam_role_policy_attachment",
      "aws_route",
      "aws_sqs_queue",
      "aws_sqs_queue_policy",
      "helm_release",
    ]);
    // The nodes need their security group until they are gone, and with them their class.
    const untilNodesAreGone = behind(releaseOf("retool-node-classes"));
    const made = stack.addresses().filter((address) => address.startsWith("aws_"));
    expect(made.filter((address) => !untilNodesAreGone.has(address))).toEqual([]);
  });
});
