import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import { planEnvironment } from "../../domain/environment/environment";
import { installedReleases } from "../../domain/environment/installed-releases";
import type { ExistingClusterSpec, PresentInCluster } from "../../domain/cluster/existing";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import type { Manifest } from "../../domain/common/kubernetes";
import { RetoolStack } from "../../stacks";
import { Graph } from "../support/graph";
import { type Block, Synthesized } from "../support/synthesize";

const KARPENTER = {
  version: "1.14.1",
  instanceProfileName: "platform-karpenter-node",
  controllerRoleArn: "arn:aws:iam::111122223333:role/platform-karpenter",
  nodeOverlay: true,
};
const ALL = {
  networkPolicies: true,
  podIdentityAgent: true,
  metricsServer: true,
  loadBalancerController: { roleName: "platform-lbc" },
  karpenter: KARPENTER,
} as const satisfies PresentInCluster;

const specWith = (has: PresentInCluster): EnvironmentSpec => ({
  ...prod,
  access: "internal",
  network: {
    kind: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidrs: ["10.20.0.0/16", "100.64.0.0/16"],
    privateSubnets: [
      { id: "subnet-00000001", cidr: "10.20.0.0/18" },
      { id: "subnet-00000002", cidr: "10.20.64.0/18" },
    ],
    sandboxSubnets: [
      { id: "subnet-00000003", cidr: "100.64.0.0/18" },
      { id: "subnet-00000004", cidr: "100.64.64.0/18" },
    ],
    natAddresses: ["198.51.100.7"],
  },
  cluster: {
    kind: "existing",
    name: "platform",
    kubernetesVersion: "1.35",
    nodeSecurityGroupIds: ["sg-00000001"],
    has,
  } satisfies ExistingClusterSpec,
});
const define = (spec: EnvironmentSpec): Synthesized =>
  new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);

test.each([
  [true, 0],
  [undefined, 1],
])("with IRSA, and its OpenID Connect provider %j, makes %i", (oidcProvider, count) => {
  const stack = define({ ...specWith({ ...ALL, oidcProvider }), blobStorage: { identity: "irsa" } });
  const [release] = stack.all("helm_release").filter(({ name }) => name === "retool");
  const values = JSON.parse((release!["values"] as string[])[0]!) as { serviceAccount: unknown };

  expect(stack.all("aws_iam_openid_connect_provider")).toHaveLength(count);
  expect(values.serviceAccount).toEqual({
    create: true,
    name: "retool",
    annotations: { "eks.amazonaws.com/role-arn": expect.stringContaining("aws_iam_role.Retool_BlobAccess_Role") },
  });
  // Users' code has another service account.
  expect(JSON.stringify(release!["postrender"])).toMatch(/code-executor[^}]*serviceAccountName[^}]*default/);
});

const complete = define(specWith(ALL));
const bare = define(specWith({ networkPolicies: true }));

test.each([
  ["complete", ALL, complete],
  ["bare", { networkPolicies: true }, bare],
] as const)("doctor looks at the releases that are installed in a %s cluster, and at no other", (_, has, stack) => {
  const known = installedReleases(planEnvironment(specWith(has)));

  expect(known.map(({ namespace, name, timeoutSeconds }) => ({ namespace, name, timeout: timeoutSeconds }))).toEqual(
    expect.arrayContaining(
      stack.all("helm_release").map(({ namespace, name, timeout }) => ({ namespace, name, timeout })),
    ),
  );
  expect(known).toHaveLength(stack.all("helm_release").length);
  expect(known.some(({ namespace }) => namespace === "kube-system")).toBe(stack === bare);
});
const releasesOf = (stack: Synthesized): Map<string, Block> =>
  new Map(stack.all("helm_release").map((release) => [String(release["name"]), release]));
const valuesOf = (stack: Synthesized, name: string): unknown =>
  JSON.parse((releasesOf(stack).get(name)!["values"] as string[])[0]!);
const manifestsOf = (stack: Synthesized, name: string): Manifest[] =>
  (valuesOf(stack, name) as { manifests: Manifest[] }).manifests;

describe("a stack in an existing cluster", () => {
  test.each([
    ["complete", complete],
    ["bare", bare],
  ])("makes no network, cluster, node policy or policy of kube-system: %s", (_, stack) => {
    const types = new Set(stack.addresses().map((address) => address.split(".")[0]));
    for (const type of [
      "aws_vpc",
      "aws_subnet",
      "aws_route_table",
      "aws_nat_gateway",
      "aws_eks_cluster",
      "aws_flow_log",
    ])
      expect(types).not.toContain(type);
    const namespaces = stack
      .all("kubernetes_network_policy_v1")
      .map(({ metadata }) => (metadata as { namespace: string }).namespace);
    expect(new Set(namespaces)).toEqual(new Set(["retool-prod"]));
    expect(stack.addresses().filter((address) => address.includes("ClusterKey"))).toEqual([]);
  });

  test("compares what the configuration says of them with AWS, before anything is made", () => {
    const conditions = (block: Block): unknown[] =>
      (block["lifecycle"] as { postcondition: { condition: unknown }[] }).postcondition.map(
        ({ condition }) => condition,
      );

    expect(conditions(complete.onlyData("aws_eks_cluster"))).toEqual([
      '${self.version == "1.35"}',
      '${self.vpc_config[0].vpc_id == "vpc-0a1b2c3d4e5f60718"}',
      '${self.kubernetes_network_config[0].service_ipv4_cidr == "172.20.0.0/16"}',
      '${self.access_config[0].authentication_mode != "CONFIG_MAP"}',
    ]);
    const subnets = Object.values(complete.json["data"]?.["aws_subnet"] ?? {}).filter(
      ({ id }) => id !== "${each.value}",
    );
    expect(subnets.map(({ id }) => id)).toEqual([
      "subnet-00000001",
      "subnet-00000002",
      "subnet-00000003",
      "subnet-00000004",
    ]);
    expect(conditions(subnets[2]!)).toEqual([
      '${self.vpc_id == "vpc-0a1b2c3d4e5f60718"}',
      '${self.owner_id == "111122223333"}',
      '${self.cidr_block == "100.64.0.0/18"}',
    ]);
  });

  test("logs in to the cluster that exists", () => {
    const { kubernetes } = complete.json["provider"] as unknown as Record<string, Record<string, unknown>[]>;

    expect(kubernetes?.[0]).toMatchObject({ host: expect.stringContaining("${data.aws_eks_cluster.") as unknown });
    expect(JSON.stringify(kubernetes)).toContain('"--cluster-name","platform"');
  });

  test("has nodes in the given subnets and security groups, sandboxes in their own", () => {
    const [retool, sandbox] = manifestsOf(complete, "retool-prod-node-classes");
    const subnetsOf = (manifest: Manifest): unknown[] =>
      (manifest["spec"] as { subnetSelectorTerms: { id: string }[] }).subnetSelectorTerms.map(({ id }) => id);

    expect(subnetsOf(retool!)).toEqual(["subnet-00000001", "subnet-00000002"]);
    expect(subnetsOf(sandbox!)).toEqual(["subnet-00000003", "subnet-00000004"]);
    expect(retool!["spec"]).toMatchObject({
      instanceProfile: "platform-karpenter-node",
      securityGroupSelectorTerms: [
        { id: expect.stringContaining("aws_eks_cluster") as unknown },
        { id: "sg-00000001" },
      ],
    });
    expect(sandbox!["spec"]).toMatchObject({
      securityGroupSelectorTerms: [{ id: expect.stringContaining("SandboxSecurityGroup") as unknown }],
    });
    const groups = bare.only("aws_launch_template")["vpc_security_group_ids"];
    expect(groups).toEqual([expect.stringContaining("data.aws_eks_cluster."), "sg-00000001"]);
  });

  test("lets every pod look only for nodes of this environment, and its pools make them", () => {
    const values = valuesOf(complete, "retool") as {
      nodeSelector: Record<string, string>;
      rr: { agentSandbox: { nodeSelector: Record<string, string> } };
    };
    const labels = manifestsOf(complete, "retool-prod-node-pools")
      .filter(({ kind }) => kind === "NodePool")
      .map(({ spec }) => (spec as { template: { metadata: { labels: object } } }).template.metadata.labels);

    expect(values.nodeSelector).toEqual({ "kubernetes.io/arch": "amd64", "retool.com/pool": "retool-prod" });
    expect(values.rr.agentSandbox.nodeSelector).toEqual({
      "kubernetes.io/arch": "amd64",
      "retool.com/pool": "retool-prod-sandbox",
    });
    expect(labels).toEqual([{ "retool.com/pool": "retool-prod" }, { "retool.com/pool": "retool-prod-sandbox" }]);
    expect(JSON.stringify(values)).not.toContain("retool.com/code-execution");
    const [headroom] = manifestsOf(complete, "retool-prod-sandbox-headroom");
    expect(headroom).toMatchObject({ metadata: { namespace: "retool-prod-nodes" } });
    expect(JSON.stringify(headroom)).toContain('"retool.com/pool":"retool-prod-sandbox"');
  });

  test("lets the Karpenter that is there encrypt our disks, and asks nothing else of it", () => {
    expect(complete.only("aws_kms_grant")).toMatchObject({
      grantee_principal: KARPENTER.controllerRoleArn,
      key_id: expect.stringContaining("DataKey") as unknown,
      operations: expect.arrayContaining(["CreateGrant", "GenerateDataKeyWithoutPlaintext"]) as unknown,
    });
    expect(complete.all("aws_sqs_queue")).toEqual([]);
    expect(complete.all("aws_eks_access_entry")).toEqual([]);
    expect([...releasesOf(complete).keys()]).not.toContain("karpenter");
    const graph = new Graph(complete.json);
    expect(graph.isAfter(graph.find(/helm_release\..*Pools_Classes/), graph.find(/aws_kms_grant/))).toBe(true);
  });

  test("lets the load balancer controller that is there fill our target groups, and no others", () => {
    const policies = complete.all("aws_iam_role_policy").filter(({ role }) => role === "platform-lbc");

    expect(policies).toHaveLength(1);
    expect(policies[0]!["name"]).toBe("retool-prod-targets");
    expect(policies[0]!["policy"]).toContain("elasticloadbalancing:RegisterTargets");
    const published = define(specWith({ ...ALL, loadBalancerController: {} }));
    expect(published.all("aws_iam_role_policy").filter(({ role }) => role === "platform-lbc")).toEqual([]);
  });

  test("installs Karpenter for the cluster's own name where there is none", () => {
    expect(bare.all("aws_kms_grant")).toEqual([]);
    expect(valuesOf(bare, "karpenter")).toMatchObject({ settings: { clusterName: "platform" } });
    expect(bare.all("aws_sqs_queue").map(({ name }) => name)).toEqual(["platform-karpenter"]);
    const entries = bare.all("aws_eks_access_entry");
    expect(entries).toHaveLength(2);
    for (const entry of entries) expect(entry).toMatchObject({ cluster_name: "platform", type: "EC2_LINUX" });
    expect(bare.only("aws_eks_addon")["addon_name"]).toBe("eks-pod-identity-agent");
    expect(bare.only("aws_eks_node_group")).toMatchObject({ node_group_name_prefix: "retool-prod-system-" });
  });

  test.each([
    ["complete", complete],
    ["bare", bare],
  ])(
    "destroys release, namespace, pools and classes in this order, and stops where the API does not answer: %s",
    (_, stack) => {
      const graph = new Graph(stack.json);
      const chain = [
        graph.find(/^helm_release\..*Namespace_Release/),
        graph.find(/^kubernetes_namespace_v1\.Retool_Namespace/),
        graph.find(/^helm_release\.Retool_Nodes_Pools_[0-9A-F]{8}$/),
        graph.find(/^helm_release\..*Pools_Classes/),
        graph.find(/^kubernetes_namespace_v1\.Retool_Cluster_Namespace/),
      ];
      chain.slice(1).forEach((earlier, index) => {
        expect(graph.isAfter(chain[index]!, earlier)).toBe(true);
      });
      for (const release of graph.addresses.filter((address) => address.startsWith("helm_release."))) {
        const waits = [...graph.ancestors(release)].some((address) => address.startsWith("kubernetes_"));
        expect({ release, waits }).toEqual({ release, waits: true });
      }
    },
  );

  test("hands on the addresses that data sources must allow", () => {
    expect(complete.json["output"]?.["nat_addresses"]).toMatchObject({ value: ["198.51.100.7"] });
  });
});
