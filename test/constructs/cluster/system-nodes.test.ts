import { SystemNodes } from "../../../constructs/cluster/system-nodes";
import { planSystemNodes, type SystemNodesSpec } from "../../../domain/cluster/system-nodes";
import { resourceTypes } from "../../support/dependables";
import { cluster, network } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

const NODES = {
  clusterName: "retool-prod",
  region: "us-east-1",
  kubernetesVersion: "1.35",
  releaseVersion: "1.35.6-20260714",
};
const define = (spec: SystemNodesSpec = {}, use: (nodes: SystemNodes) => void = () => {}): Synthesized =>
  synthesize((stack) => {
    const plan = planSystemNodes(spec, NODES);
    const routes = { ...network, egressReady: [{ fqn: "aws_route.out" }] };
    use(new SystemNodes(stack, "Nodes", { plan, cluster, network: routes, after: [{ fqn: "aws_eks_addon.vpc-cni" }] }));
  });
const group = (spec?: SystemNodesSpec): Record<string, unknown> => define(spec).only("aws_eks_node_group");
const template = (spec?: SystemNodesSpec): Record<string, unknown> => define(spec).only("aws_launch_template");

describe("SystemNodes", () => {
  test("keep pods away from the credentials of the instance", () => {
    expect(template()).toMatchObject({
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
    });
  });

  test("have encrypted disks and no way in by SSH", () => {
    expect(template({ diskGiB: 80 })).toMatchObject({
      block_device_mappings: [
        { device_name: "/dev/xvda", ebs: { encrypted: "true", volume_type: "gp3", volume_size: 80 } },
      ],
    });
    expect(Object.keys(template())).not.toContain("key_name");
    expect(Object.keys(group())).not.toContain("remote_access");
  });

  test("may join the cluster and pull images, and nothing else", () => {
    expect(
      define()
        .all("aws_iam_role_policy_attachment")
        .map((attachment) => attachment["policy_arn"]),
    ).toEqual([
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    ]);
  });

  test("spread over the private subnets of every zone", () => {
    expect(group()).toMatchObject({ subnet_ids: network.privateSubnetIds });
  });

  test("carry the label and the taint of system pods", () => {
    expect(group()).toMatchObject({
      labels: { "karpenter.sh/controller": "true" },
      taint: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
    });
  });

  test("run one release of one image, even after newer ones are published", () => {
    expect(group()).toMatchObject({
      version: "1.35",
      release_version: "1.35.6-20260714",
      ami_type: "AL2023_x86_64_STANDARD",
    });
  });

  test("grow when they are asked to: their size is not ignored", () => {
    expect(group({ count: 4 })).toMatchObject({
      scaling_config: { min_size: 4, desired_size: 4, max_size: 5 },
      update_config: { max_unavailable: 1 },
    });
    expect(group()["lifecycle"]).not.toHaveProperty("ignore_changes");
  });

  test("exist together with their successors while they are replaced, under a name that the provider makes", () => {
    expect(group()).toMatchObject({ node_group_name_prefix: "system-", lifecycle: { create_before_destroy: true } });
    expect(group()).not.toHaveProperty("node_group_name");
  });

  test("have the security groups of the cluster's nodes where EKS does not give them", () => {
    const plan = planSystemNodes({}, NODES);
    const groups = synthesize((stack) => {
      new SystemNodes(stack, "Nodes", { plan, cluster, network, securityGroupIds: ["sg-1", "sg-2"], after: [] });
    }).only("aws_launch_template")["vpc_security_group_ids"];

    expect(groups).toEqual(["sg-1", "sg-2"]);
    expect(template()).not.toHaveProperty("vpc_security_group_ids");
  });

  test("are replaced when they stop answering", () => {
    expect(group()).toMatchObject({ node_repair_config: { enabled: true } });
  });

  test("honour the instance types", () => {
    expect(group({ instanceTypes: ["m7g.large", "m6g.large"] })).toMatchObject({
      instance_types: ["m7g.large", "m6g.large"],
      ami_type: "AL2023_ARM_64_STANDARD",
    });
  });

  test("come after the network plugin, their permissions and the routes out", () => {
    const dependsOn = group()["depends_on"] as string[];

    expect(dependsOn).toEqual(expect.arrayContaining(["aws_eks_addon.vpc-cni", "aws_route.out"]));
    expect(dependsOn.filter((address) => address.startsWith("aws_iam_role_policy_attachment."))).toHaveLength(2);
  });

  test("take every new version of their template", () => {
    expect(group()).toMatchObject({
      launch_template: { version: expect.stringMatching(/^\$\{aws_launch_template\.[^.]+\.latest_version\}$/) },
    });
  });

  test("are ready when the group is", () => {
    let types: string[] = [];
    define({}, (nodes) => {
      types = resourceTypes(nodes.ready);
    });

    expect(types).toEqual(["aws_eks_node_group"]);
  });
});
