import { prod } from "../../support/environments/prod";
import { checkEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import {
  type ExistingClusterDemand,
  type ExistingClusterSpec,
  planExistingCluster,
} from "../../../domain/cluster/existing";
import { isSettable } from "../../../domain/environment/settable";
import { listSettings } from "../../../domain/environment/settings";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const karpenter = {
  version: "1.14.1",
  instanceProfileName: "platform-karpenter-node",
  controllerRoleArn: "arn:aws:iam::111122223333:role/platform-karpenter",
  nodeOverlay: true,
};
const complete: ExistingClusterSpec = {
  kind: "existing",
  name: "platform",
  kubernetesVersion: "1.35",
  has: {
    networkPolicies: true,
    podIdentityAgent: true,
    metricsServer: true,
    loadBalancerController: {},
    karpenter,
  },
};
const bare: ExistingClusterSpec = { ...complete, has: { networkPolicies: true } };
const demand: ExistingClusterDemand = {
  devicePlugin: true,
  spot: false,
  existingNetwork: true,
  privateCidrs: ["10.0.0.0/24"],
  autoscales: true,
};
const check = (spec: object, more: Partial<ExistingClusterDemand> = {}) => {
  const { plan, violations } = planExistingCluster(spec as ExistingClusterSpec, context, { ...demand, ...more });
  return { plan, problems: violations.map(formatViolation) };
};
const withKarpenter = (changes: object): object => ({
  ...complete,
  has: { ...complete.has, karpenter: { ...karpenter, ...changes } },
});

describe("planExistingCluster", () => {
  test("installs nothing into a cluster that has all", () => {
    expect(check(complete)).toMatchObject({
      problems: [],
      plan: {
        kind: "existing",
        name: "platform",
        serviceCidr: "172.20.0.0/16",
        nodeSecurityGroupIds: [],
        addons: [],
        systemNodes: undefined,
        karpenter,
        loadBalancerController: {},
        pools: { retool: "retool-prod", sandbox: "retool-prod-sandbox", releases: "retool-prod" },
        nodesNamespace: "retool-prod-nodes",
      },
    });
  });

  test("installs what a cluster lacks, with nodes for it that carry the environment's name", () => {
    const { plan, problems } = check(bare);

    expect(problems).toEqual([]);
    expect(plan.addons.map(({ name }) => name)).toEqual(["eks-pod-identity-agent", "metrics-server"]);
    expect(plan).toMatchObject({
      karpenter: undefined,
      loadBalancerController: undefined,
      systemNodes: {
        groupNamePrefix: "retool-prod-system-",
        name: "retool-prod-system",
        kubernetesVersion: "1.35",
        count: 2,
      },
    });
  });

  test("installs metrics-server only where a service autoscales", () => {
    expect(check(bare, { autoscales: false }).plan.addons.map(({ name }) => name)).toEqual(["eks-pod-identity-agent"]);
  });

  test("takes the ranges of the control plane as they are written, else those of the private subnets", () => {
    expect(check(complete).plan.controlPlaneCidrs).toEqual(["10.0.0.0/24"]);
    expect(check({ ...complete, controlPlaneCidrs: ["10.9.0.0/28"] }).plan.controlPlaneCidrs).toEqual(["10.9.0.0/28"]);
    expect(check({ ...complete, controlPlaneCidrs: ["10.9.0.0/28", "10.9.0.1/28"] }).problems).toEqual([
      expect.stringMatching(/^cluster\.controlPlaneCidrs\[1\]: /),
    ]);
    expect(check({ ...complete, controlPlaneCidrs: [] }).problems).toEqual([
      "cluster.controlPlaneCidrs: the list is empty; list the ranges, or leave it out",
    ]);
  });

  test("gives our nodes the image that is asked for", () => {
    expect(check(complete).plan.nodeReleaseVersion).toBe("1.35.7-20260903");
    expect(check({ ...bare, nodeReleaseVersion: "1.35.8-20270101" })).toMatchObject({
      problems: [],
      plan: { nodeReleaseVersion: "1.35.8-20270101", systemNodes: { releaseVersion: "1.35.8-20270101" } },
    });
    expect(check({ ...complete, nodeReleaseVersion: "1.36.3-20260903" }).problems).toEqual([
      expect.stringMatching(/^cluster\.nodeReleaseVersion: .* but the cluster runs 1\.35; use a release of 1\.35/),
    ]);
  });

  test("lets our nodes manage network interfaces, unless the network plug-in has its own role", () => {
    const plugin = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";
    const policies = (has: object): string[] =>
      Object.values(check({ ...bare, has: { ...bare.has, ...has } }).plan.systemNodes!.managedPolicyArns);

    expect(policies({})).toContain(plugin);
    expect(policies({ networkPluginRole: true })).not.toContain(plugin);
    expect(check(bare).plan.networkPluginUsesNodeRole).toBe(true);
  });

  test.each([
    [{ podIdentityAgent: true }, ["metrics-server"]],
    [{ metricsServer: true }, ["eks-pod-identity-agent"]],
  ])("leaves out what is there: %j", (has, addons) => {
    expect(check({ ...bare, has: { ...bare.has, ...has } }).plan.addons.map(({ name }) => name)).toEqual(addons);
  });

  test.each([
    ["karpenter", { loadBalancerController: {} }],
    ["loadBalancerController", { karpenter }],
  ])("makes nodes where only %s is missing", (_, has) => {
    expect(check({ ...complete, has: { networkPolicies: true, ...has } }).plan.systemNodes).toBeDefined();
  });

  test("says what nobody can check", () => {
    const spoken = check(complete).plan.unseen.join("\n");

    expect(spoken).toContain("Check yourself that the cluster enforces NetworkPolicies");
    expect(spoken).toContain("feature gates are as the configuration says");
    expect(spoken).toContain("platform-karpenter-node");
    expect(spoken).toContain("register targets in any target group");
    expect(spoken).toContain("set cluster.has.karpenter.sandboxInstanceProfileName");
    expect(check(bare).plan.unseen).toHaveLength(1);
    const apart = { ...karpenter, sandboxInstanceProfileName: "platform-sandbox-node" };
    const separate = check({ ...complete, has: { ...complete.has, karpenter: apart } }).plan.unseen.join("\n");
    expect(separate).not.toContain("set cluster.has.karpenter.sandboxInstanceProfileName");
    expect(separate).toContain("platform-sandbox-node");
    const bound = { ...complete, has: { ...complete.has, loadBalancerController: { roleName: "lbc" } } };
    expect(check(bound).plan.unseen.join("\n")).not.toContain("target group");
  });

  test.each<[string, object, Partial<ExistingClusterDemand>, string[]]>([
    [
      "a new network around it",
      complete,
      { existingNetwork: false },
      [
        'network: a new network would be created, but the existing cluster is already in one; describe the existing one: network: { kind: "existing", ... }',
      ],
    ],
    [
      "policies that nothing enforces",
      { ...complete, has: { ...complete.has, networkPolicies: false } },
      {},
      [
        "cluster.has.networkPolicies: false would leave pods that run users' code free to reach the nodes, the database and each other; " +
          'set enableNetworkPolicy to "true" in the configuration of the add-on vpc-cni, then set this to true',
      ],
    ],
    [
      "a device that Karpenter does not know",
      withKarpenter({ nodeOverlay: false }),
      {},
      [
        "cluster.has.karpenter.nodeOverlay: Karpenter would never launch a node for a sandbox, because it does not know the device that sandboxes request; " +
          "set settings.featureGates.nodeOverlay to true in its chart and set this to true, or set sandbox.devicePlugin to false",
      ],
    ],
    ["no gate where no device is asked for", withKarpenter({ nodeOverlay: undefined }), { devicePlugin: false }, []],
    [
      "spot nodes without a queue",
      complete,
      { spot: true },
      [
        "cluster.has.karpenter.interruptionQueue: spot nodes would be reclaimed without notice: Karpenter has no interruption queue; " +
          'give its chart settings.interruptionQueue and set this to true, or set sandbox.purchaseOption to "on-demand"',
      ],
    ],
    ["spot nodes with one", withKarpenter({ interruptionQueue: true }), { spot: true }, []],
    [
      "an old Karpenter",
      withKarpenter({ version: "1.13.9" }),
      {},
      [
        "cluster.has.karpenter.version: Karpenter 1.13.9 does not support these pools on Kubernetes 1.35; " +
          "use 1.14.0 or later, below 2.0.0, and the same version of its CRDs (chart karpenter-crd)",
      ],
    ],
    ["the oldest Karpenter", withKarpenter({ version: "1.14.0" }), {}, []],
    [
      "a Karpenter that is not out",
      withKarpenter({ version: "2.0.0" }),
      {},
      [
        "cluster.has.karpenter.version: Karpenter 2.0.0 does not support these pools on Kubernetes 1.35; " +
          "use 1.14.0 or later, below 2.0.0, and the same version of its CRDs (chart karpenter-crd)",
      ],
    ],
    [
      "a version that is none",
      withKarpenter({ version: "latest" }),
      {},
      ['cluster.has.karpenter.version: "latest" is not a version; use one such as "1.14.1"'],
    ],
    [
      "a role by its name",
      withKarpenter({ controllerRoleArn: "platform-karpenter" }),
      {},
      [
        `cluster.has.karpenter.controllerRoleArn: "platform-karpenter" is not the ARN of a role of the cluster's account; use arn:aws:iam::111122223333:role/<name>`,
      ],
    ],
    ...["arn:aws:iam::444455556666:role/karpenter", "arn:aws-us-gov:iam::111122223333:role/karpenter"].map(
      (arn): [string, object, Partial<ExistingClusterDemand>, string[]] => [
        `a role that is elsewhere: ${arn}`,
        withKarpenter({ controllerRoleArn: arn }),
        {},
        [
          `cluster.has.karpenter.controllerRoleArn: "${arn}" is not the ARN of a role of the cluster's account; use arn:aws:iam::111122223333:role/<name>`,
        ],
      ],
    ),
    [
      "a profile by its ARN",
      withKarpenter({ instanceProfileName: "arn:aws:iam::111122223333:instance-profile/x" }),
      {},
      [
        'cluster.has.karpenter.instanceProfileName: "arn:aws:iam::111122223333:instance-profile/x" is not the name of an instance profile; ' +
          "use its name, not its ARN",
      ],
    ],
    [
      "a Kubernetes that nothing was tried with",
      { ...complete, kubernetesVersion: "1.32" },
      {},
      ['cluster.kubernetesVersion: Kubernetes "1.32" is not supported; use 1.33, 1.34, 1.35, 1.36'],
    ],
    [
      "a cluster by its ARN",
      { ...complete, name: "arn:aws:eks:us-east-1:111122223333:cluster/platform" },
      {},
      [
        'cluster.name: "arn:aws:eks:us-east-1:111122223333:cluster/platform" is not the name of an EKS cluster; use its name, not its ARN',
      ],
    ],
    [
      "a security group by its name",
      { ...complete, nodeSecurityGroupIds: ["nodes"] },
      {},
      [
        'cluster.nodeSecurityGroupIds[0]: "nodes" is not the id of a security group; use an id such as "sg-0a1b2c3d4e5f60711"',
      ],
    ],
    [
      "Services on the internet",
      { ...complete, serviceCidr: "8.8.0.0/16" },
      {},
      [
        'cluster.serviceCidr: "8.8.0.0/16" cannot be the range of Kubernetes Services; use a range from /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
      ],
    ],
    [
      "nodes for nothing",
      { ...complete, systemNodes: { count: 3 } },
      {},
      ["cluster.systemNodes: has no effect, because the cluster already has all controllers; remove it"],
    ],
    [
      "one node for controllers",
      { ...bare, systemNodes: { count: 1 } },
      {},
      ["cluster.systemNodes.count: 1 is out of range; use 2 to 10 nodes"],
    ],
    [
      "settings of a new cluster",
      { ...complete, logTypes: [] },
      {},
      ["cluster.logTypes: is not a known setting; remove it or correct its spelling"],
    ],
    [
      "no word on what there is",
      { kind: "existing", name: "platform", kubernetesVersion: "1.35" },
      {},
      ["cluster.has: is missing; use an object: { ... }"],
    ],
  ])("refuses %s", (_, spec, more, expected) => {
    expect(check(spec, more).problems).toEqual(expected);
  });
});

describe("an environment in an existing cluster", () => {
  const network = {
    kind: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidrs: ["10.20.0.0/16"],
    privateSubnets: [
      { id: "subnet-00000001", cidr: "10.20.0.0/18" },
      { id: "subnet-00000002", cidr: "10.20.64.0/18" },
    ],
  } as const;
  const spec: EnvironmentSpec = { ...prod, access: "internal", network, cluster: complete };

  test("is checked against what the sandboxes ask for", () => {
    const paths = (sandbox: EnvironmentSpec["sandbox"]): string[] =>
      checkEnvironment({ ...spec, sandbox }).violations.map(({ path }) => path);

    expect(paths({})).toEqual([]);
    expect(paths({ purchaseOption: "spot" })).toEqual(["cluster.has.karpenter.interruptionQueue"]);
    expect(checkEnvironment({ ...spec, network: undefined }).violations.map(({ path }) => path)).toEqual(["network"]);
  });

  test.each(["network", "cluster"] as const)("says of a misspelt kind of %s just that", (part) => {
    const misspelt = { ...spec, [part]: { ...spec[part], kind: "exsting" } };

    expect(checkEnvironment(misspelt).violations.map(formatViolation)).toContain(
      `${part}.kind: "exsting" is not a kind of ${part}; use "existing", or remove kind, which creates a new ${part}`,
    );
    expect(checkEnvironment(misspelt).violations.filter(({ problem }) => problem === "is not a known setting")).toEqual(
      [],
    );
  });

  test("lists its settings with where they come from", () => {
    const settings = listSettings(spec, checkEnvironment(spec).plan, isSettable);
    const origin = (path: string): string | undefined => settings.find((one) => one.path === path)?.origin;

    expect(origin("cluster.has.karpenter.version")).toBe("config");
    expect(origin("cluster.serviceCidr")).toBe("default");
    expect(origin("cluster.nodesNamespace")).toBe("computed");
    expect(origin("cluster.unseen")).toBe("computed");
  });

  test("can be one more instance in the same cluster as another: no name of nodes, objects or roles is shared", () => {
    const { plan } = checkEnvironment(spec);
    const other = checkEnvironment({ ...spec, name: "second", domain: "second.example.com" }).plan;

    for (const key of ["retool", "sandbox", "code", "releases"] as const)
      expect(plan.cluster.pools[key]).not.toBe(other.cluster.pools[key]);
    expect(plan.cluster.nodesNamespace).not.toBe(other.cluster.nodesNamespace);
  });
});
