import { type AddonPlan, addonVersionViolations, planAddons } from "../../../domain/cluster/addons";
import { formatViolation } from "../../../domain/common/violation";

const input = {
  clusterName: "retool-prod",
  region: "us-east-1",
  kubernetesVersion: "1.35",
  prefixDelegation: false,
  addonVersions: { "aws-ebs-csi-driver": "v1.62.0-eksbuild.1" },
  autoscales: true,
};
const all = (): AddonPlan[] => {
  const { beforeNodes, afterNodes } = planAddons(input);
  return [...beforeNodes, ...afterNodes];
};
const named = (name: string): AddonPlan => {
  const found = all().find((addon) => addon.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

describe("planAddons", () => {
  test("has what nodes need before nodes, and what EKS waits for after them", () => {
    const { beforeNodes, afterNodes } = planAddons(input);

    expect(beforeNodes.map(({ name }) => name)).toEqual(["vpc-cni", "kube-proxy", "eks-pod-identity-agent"]);
    expect(afterNodes.map(({ name }) => name)).toEqual(["coredns", "metrics-server", "aws-ebs-csi-driver"]);
  });

  test("has neither a driver of volumes nor metrics where nothing needs them and nobody names them", () => {
    const namesOf = (more: Partial<typeof input>): string[] =>
      planAddons({ ...input, addonVersions: {}, autoscales: false, ...more }).afterNodes.map(({ name }) => name);

    expect(namesOf({})).toEqual(["coredns"]);
    expect(namesOf({ autoscales: true })).toEqual(["coredns", "metrics-server"]);
    expect(
      planAddons({ ...input, autoscales: false, addonVersions: { "metrics-server": "v0.8.0-eksbuild.1" } }).afterNodes,
    ).toMatchObject([{ name: "coredns" }, { name: "metrics-server", version: "v0.8.0-eksbuild.1" }]);
  });

  test("enforces network policies from a pod's first packet, in text as the add-on's schema wants it", () => {
    expect(named("vpc-cni").configuration).toEqual({
      enableNetworkPolicy: "true",
      env: { NETWORK_POLICY_ENFORCING_MODE: "strict", ENABLE_PREFIX_DELEGATION: "false" },
    });
  });

  test("keeps few addresses in reserve where that is asked for", () => {
    const [plugin] = planAddons({ ...input, warmIpTarget: 2 }).beforeNodes;

    expect(plugin?.configuration).toMatchObject({ env: { WARM_IP_TARGET: "2" } });
  });

  test("lets every Deployment onto the system nodes", () => {
    const toleration = { key: "CriticalAddonsOnly", operator: "Exists" };

    expect(named("coredns").configuration).toEqual({ tolerations: [toleration] });
    expect(named("metrics-server").configuration).toEqual({ tolerations: [toleration] });
    expect(named("aws-ebs-csi-driver").configuration).toEqual({ controller: { tolerations: [toleration] } });
  });

  test("gives a role to the two that call AWS, and to no other", () => {
    const identities = all().flatMap(({ identity }) => (identity ? [identity] : []));

    expect(identities).toEqual([
      {
        serviceAccount: "aws-node",
        roleName: "retool-prod-vpc-cni",
        managedPolicyArns: { access: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" },
      },
      {
        serviceAccount: "ebs-csi-controller-sa",
        roleName: "retool-prod-ebs-csi",
        managedPolicyArns: { access: "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy" },
      },
    ]);
  });

  test("follows the Kubernetes version, but for the versions that are pinned", () => {
    const pinned = planAddons({
      ...input,
      kubernetesVersion: "1.36",
      addonVersions: { "kube-proxy": "v1.36.2-eksbuild.1", "metrics-server": "v0.8.0-eksbuild.1" },
      autoscales: false,
    });

    expect([...pinned.beforeNodes, ...pinned.afterNodes].map(({ version }) => version)).toEqual([
      undefined,
      "v1.36.2-eksbuild.1",
      undefined,
      undefined,
      "v0.8.0-eksbuild.1",
    ]);
    expect(new Set([...pinned.beforeNodes, ...pinned.afterNodes].map((addon) => addon.kubernetesVersion))).toEqual(
      new Set(["1.36"]),
    );
  });
});

describe("the versions of the network plugin", () => {
  const FAULTY = "can cut off all pods of a new cluster; use v1.21.2, v1.22.2 or later";

  test.each([
    ["v1.20.5-eksbuild.1", true],
    ["v1.21.0-eksbuild.4", false],
    ["v1.21.1-eksbuild.7", false],
    ["v1.21.2-eksbuild.1", true],
    ["v1.21.10-eksbuild.1", true],
    ["v1.22.0-eksbuild.1", false],
    ["v1.22.1-eksbuild.1", false],
    ["v1.22.2-eksbuild.1", true],
    ["v1.23.0-eksbuild.1", true],
    ["v1.210.0-eksbuild.1", true],
  ])("%s may run: %s", (version, mayRun) => {
    expect(addonVersionViolations({ "vpc-cni": version }, "v").map(formatViolation)).toEqual(
      mayRun ? [] : [`v.vpc-cni: "${version}" ${FAULTY}`],
    );
    expect(new RegExp(named("vpc-cni").faulty?.pattern ?? "none").test(version)).toBe(!mayRun);
  });

  test.each([
    "1.22.4-eksbuild.1",
    "v1.22-eksbuild.1",
    "v1.22.4",
    "v1.22.4-eksbuild.1 ",
    "v1.22.4-eksbuild.x",
    "vv1.2.3-eksbuild.1",
  ])("%j is none", (version) => {
    expect(addonVersionViolations({ coredns: version }, "v")).toHaveLength(1);
  });

  test("may have numbers of several digits", () => {
    expect(addonVersionViolations({ coredns: "v10.20.30-eksbuild.40" }, "v")).toEqual([]);
  });

  test("say nothing about other add-ons", () => {
    expect(addonVersionViolations({ coredns: "v1.21.1-eksbuild.7" }, "v")).toEqual([]);
    expect(all().filter(({ faulty }) => faulty !== undefined)).toHaveLength(1);
  });
});
