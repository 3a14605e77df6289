import { planCapacity } from "../../../domain/capacity/capacity";
import type { Manifest } from "../../../domain/common/kubernetes";
import { SANDBOX_TOLERATIONS } from "../../../domain/chart/placement";
import { type NodeClassReferences, nodeClasses } from "../../../domain/nodes/node-classes";
import {
  CODE_AFFINITY,
  CODE_TOLERATION,
  DEVICE,
  SANDBOX_TAINT,
  SANDBOX_TOLERATION,
  longestGraceMinutes,
  nodePools,
  retoolNodeSelector,
  sandboxNodeSelector,
} from "../../../domain/nodes/node-pools";
import { sharedClusterNames } from "../../../domain/cluster/pool-names";
import type { PoolsSpec } from "../../../domain/capacity/pools-spec";
import type { SandboxSpec } from "../../../domain/capacity/sandbox";
import { celViolations, describeWithRules } from "../../support/cel";
import { validateCustomResource } from "../../support/contracts";
import { context } from "../../support/fakes";

const references: NodeClassReferences = {
  subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
  securityGroupIds: ["sg-1"],
  sandboxSecurityGroupIds: ["sg-2"],
  instanceProfileName: "retool-prod-karpenter-node",
  sandboxInstanceProfileName: "retool-prod-sandbox-node",
  kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/k",
  amiAlias: "al2023@v20260714",
  tags: { environment: "prod" },
};

const planOf = (sandbox: SandboxSpec = {}, builders = 20, pools: PoolsSpec = {}) =>
  planCapacity({ builders, sandbox, nodePools: pools }, context).plan;
const poolsOf = (sandbox?: SandboxSpec, builders?: number, pools?: PoolsSpec) =>
  nodePools(planOf(sandbox, builders, pools));
const named = (manifests: readonly Manifest[], kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)!;
const sandboxClass = (sandbox?: SandboxSpec) =>
  named(nodeClasses(planOf(sandbox), references), "EC2NodeClass", "sandbox");

describe("nodeClasses", () => {
  it("makes one class a pool from ids, a pinned image and the instance profile of Terraform", () => {
    const classes = nodeClasses(planOf(), references);
    expect(classes.map(({ metadata }) => metadata.name)).toEqual(["retool", "sandbox"]);
    for (const { spec } of classes) {
      expect(spec).toMatchObject({
        amiSelectorTerms: [{ alias: "al2023@v20260714" }],
        subnetSelectorTerms: [{ id: "subnet-1" }, { id: "subnet-2" }, { id: "subnet-3" }],
        tags: { environment: "prod" },
      });
    }
  });

  it("gives the nodes of code execution the role of the sandboxes' nodes, their own security group, and the rest of Retool's", () => {
    const plan = planOf({}, 20, { isolateCodeExecution: true });
    const classes = nodeClasses(plan, { ...references, codeSecurityGroupIds: ["sg-3"] });
    const specOf = (name: string) => named(classes, "EC2NodeClass", name)["spec"] as object;
    expect(specOf("code-execution")).toEqual({
      ...specOf("retool"),
      instanceProfile: "retool-prod-sandbox-node",
      securityGroupSelectorTerms: [{ id: "sg-3" }],
    });
    expect(() => nodeClasses(plan, references)).toThrow("its own security group");
  });

  it("keeps pods away from the instance's credentials and nodes off the internet", () => {
    for (const { spec } of nodeClasses(planOf(), references)) {
      expect(spec).toMatchObject({
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        associatePublicIPAddress: false,
      });
    }
  });

  it.each([
    { sandbox: {}, size: "210Gi" },
    { sandbox: { diskGiB: 42 }, size: "360Gi" },
    { sandbox: { nodeCpus: 32 }, size: "800Gi" },
  ])("sizes the encrypted disk of sandbox nodes by $sandbox", ({ sandbox, size }) => {
    expect(sandboxClass(sandbox)["spec"]).toMatchObject({
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          rootVolume: true,
          ebs: { volumeSize: size, volumeType: "gp3", encrypted: true, kmsKeyID: references.kmsKeyArn, iops: 6000 },
        },
      ],
    });
  });

  it("pulls images of sandboxes in parallel through the user data, and lets every node have as many pods as the plan counts", () => {
    const { kubelet, userData } = sandboxClass()["spec"] as { kubelet: object; userData: string };
    expect(kubelet).toEqual({ maxPods: 58 });
    expect(JSON.parse(userData)).toEqual({
      apiVersion: "node.eks.aws/v1alpha1",
      kind: "NodeConfig",
      spec: { kubelet: { config: { serializeImagePulls: false, maxParallelImagePulls: 5 } } },
    });
    const plain = named(nodeClasses(planOf(), references), "EC2NodeClass", "retool")["spec"];
    expect(plain).toMatchObject({ kubelet: { maxPods: 58 } });
    expect(plain).not.toHaveProperty("userData");
  });
});

describe("nodePools", () => {
  const requirement = (manifest: Manifest, key: string) =>
    (
      manifest["spec"] as { template: { spec: { requirements: { key: string; values: string[] }[] } } }
    ).template.spec.requirements.find((one) => one.key === key)?.values;

  it.each(["retool", "sandbox"])("requires x86-64 in the pool %s", (name) => {
    expect(requirement(named(poolsOf(), "NodePool", name), "kubernetes.io/arch")).toEqual(["amd64"]);
  });

  it("has five requirements in the pool of Retool: the restore guide adds a sixth and removes it again", () => {
    const { template } = named(poolsOf(), "NodePool", "retool")["spec"] as { template: { spec: { requirements: [] } } };

    expect(template.spec.requirements).toHaveLength(5);
  });

  const nodeOf = (manifest: Manifest) => {
    const { template } = manifest["spec"] as {
      template: { metadata: { labels: Record<string, string> }; spec: { taints?: unknown[] } };
    };
    return {
      labels: { "kubernetes.io/arch": "amd64", ...template.metadata.labels },
      taints: template.spec.taints ?? [],
    };
  };

  it("gives sandbox nodes what the chart's values look for, and a taint that they tolerate", () => {
    const { labels, taints } = nodeOf(named(poolsOf(), "NodePool", "sandbox"));
    expect(labels).toMatchObject(sandboxNodeSelector());
    expect(taints).toEqual([SANDBOX_TAINT]);
    expect(SANDBOX_TOLERATIONS).toEqual([SANDBOX_TOLERATION]);
    expect(SANDBOX_TOLERATION).toEqual({ ...SANDBOX_TAINT, operator: "Equal" });
  });

  it("gives the nodes of the other containers what the chart's values look for, and no taint", () => {
    const { labels, taints } = nodeOf(named(poolsOf(), "NodePool", "retool"));
    expect(labels).toMatchObject(retoolNodeSelector());
    expect(taints).toEqual([]);
  });

  it("keeps everything else off the nodes of users' code, which cannot reach what others need", () => {
    const { labels, taints } = nodeOf(
      named(poolsOf({}, 20, { isolateCodeExecution: true }), "NodePool", "code-execution"),
    );
    const { operator, ...taint } = CODE_TOLERATION;
    expect([taints, operator]).toEqual([[taint], "Equal"]);
    expect(labels).toMatchObject({ [taint.key]: taint.value });
  });

  it("keeps containers that run users' code on nodes of their own where that is asked for", () => {
    const pools = poolsOf({}, 20, { isolateCodeExecution: true });
    const apart = named(pools, "NodePool", "code-execution");
    expect(pools.map(({ metadata }) => metadata.name)).toEqual([
      "retool",
      "code-execution",
      "sandbox",
      "sandbox-devices",
    ]);
    expect(nodeOf(apart).labels).toMatchObject({ ...retoolNodeSelector(), "retool.com/code-execution": "true" });
    expect(nodeOf(named(pools, "NodePool", "retool")).labels).not.toHaveProperty("retool.com/code-execution");
    expect(apart["spec"]).toMatchObject({ template: { spec: { nodeClassRef: { name: "code-execution" } } } });
    expect(JSON.stringify(CODE_AFFINITY)).toContain('"key":"retool.com/code-execution","operator":"In"');
  });

  it("has other names in a cluster that it shares", () => {
    const names = sharedClusterNames("retool-prod");
    const manifests = [...nodeClasses(planOf(), references, names), ...nodePools(planOf(), names)];
    expect(manifests.map(({ metadata }) => metadata.name)).toEqual([
      "retool-prod",
      "retool-prod-sandbox",
      "retool-prod",
      "retool-prod-sandbox",
      "retool-prod-sandbox-devices",
    ]);
    expect(named(manifests, "NodePool", "retool-prod-sandbox")["spec"]).toMatchObject({
      template: { spec: { nodeClassRef: { name: "retool-prod-sandbox" } } },
    });
    expect(nodeOf(named(manifests, "NodePool", "retool-prod")).labels).toEqual(retoolNodeSelector(names));
    expect(nodeOf(named(manifests, "NodePool", "retool-prod-sandbox")).labels).toEqual(sandboxNodeSelector(names));
    expect(sandboxNodeSelector(names)).not.toEqual(sandboxNodeSelector(sharedClusterNames("retool-dev")));
    expect(named(manifests, "NodeOverlay", "retool-prod-sandbox-devices")["spec"]).toMatchObject({
      requirements: [{ key: "karpenter.sh/nodepool", values: ["retool-prod-sandbox"] }],
    });
  });

  it.each([
    { builders: 20, limits: { cpu: "128", memory: "512Gi", nodes: "16" }, cpus: ["8"] },
    { builders: 200, limits: { cpu: "448", memory: "1792Gi", nodes: "28" }, cpus: ["16"] },
  ])("limits the sandbox pool to what $builders builders need", ({ builders, limits, cpus }) => {
    const pool = named(poolsOf({}, builders), "NodePool", "sandbox");
    expect(pool["spec"]).toMatchObject({ limits });
    expect(requirement(pool, "karpenter.k8s.aws/instance-cpu")).toEqual(cpus);
  });

  it("limits the pool of the other containers too", () => {
    expect(named(poolsOf(), "NodePool", "retool")["spec"]).toMatchObject({
      limits: { cpu: "112", memory: "448Gi", nodes: "14" },
    });
  });

  it("takes the families that were chosen", () => {
    const pool = named(poolsOf({ instanceFamilies: ["c7i", "c6i"] }), "NodePool", "sandbox");
    expect(requirement(pool, "karpenter.k8s.aws/instance-family")).toEqual(["c7i", "c6i"]);
  });

  it.each([
    { purchaseOption: "on-demand", types: ["on-demand"] },
    { purchaseOption: "spot", types: ["spot", "on-demand"] },
  ] as const)("buys sandbox nodes $purchaseOption", ({ purchaseOption, types }) => {
    const pools = poolsOf({ purchaseOption });
    expect(requirement(named(pools, "NodePool", "sandbox"), "karpenter.sh/capacity-type")).toEqual(types);
    expect(requirement(named(pools, "NodePool", "retool"), "karpenter.sh/capacity-type")).toEqual(["on-demand"]);
  });

  it.each([
    { lifetimeMinutes: 150, grace: "3h" },
    { lifetimeMinutes: 60, grace: "1h30m" },
    { lifetimeMinutes: 600, grace: "10h30m" },
  ])("lets a sandbox live its $lifetimeMinutes minutes on a node that goes", ({ lifetimeMinutes, grace }) => {
    const sandbox = { lifetimeMinutes };
    expect(named(poolsOf(sandbox), "NodePool", "sandbox")["spec"]).toMatchObject({
      template: { spec: { terminationGracePeriod: grace, expireAfter: "12h" } },
    });
    expect(longestGraceMinutes(planOf(sandbox))).toBe(lifetimeMinutes + 30);
  });

  it("replaces sandbox nodes at the age that was asked for", () => {
    expect(named(poolsOf({ nodeMaxAgeHours: 168 }), "NodePool", "sandbox")["spec"]).toMatchObject({
      template: { spec: { expireAfter: "168h" } },
    });
  });

  it("removes all empty sandbox nodes at once, and one that only keeps room free", () => {
    expect(named(poolsOf(), "NodePool", "sandbox")["spec"]).toMatchObject({
      disruption: {
        consolidationPolicy: "WhenEmptyOrUnderutilized",
        consolidateAfter: "10m",
        budgets: [
          { nodes: "100%", reasons: ["Empty"] },
          { nodes: "10%", reasons: ["Drifted", "Underutilized"] },
        ],
      },
    });
  });

  it.each<{ pools: PoolsSpec; quiet: object[] }>([
    { pools: {}, quiet: [{ nodes: "0", schedule: "0 11 * * mon-fri", duration: "13h" }] },
    {
      pools: { businessHours: { startHour: 22, hours: 9, days: "sunday-thursday", timeZone: "UTC" } },
      quiet: [{ nodes: "0", schedule: "0 22 * * sun-thu", duration: "9h" }],
    },
    {
      pools: { businessHours: { startHour: 0, hours: 23, days: "every-day", timeZone: "UTC" } },
      quiet: [{ nodes: "0", schedule: "0 0 * * *", duration: "23h" }],
    },
    { pools: { businessHours: "none" }, quiet: [] },
  ])("does not disrupt the other containers in business hours: $pools", ({ pools, quiet }) => {
    const reasons = ["Drifted", "Underutilized"];
    expect(named(poolsOf({}, 20, pools), "NodePool", "retool")["spec"]).toMatchObject({
      disruption: {
        consolidationPolicy: "WhenEmptyOrUnderutilized",
        budgets: [{ nodes: "1" }, ...quiet.map((budget) => ({ ...budget, reasons }))],
      },
    });
  });

  it("lets no node of the other containers end by its age, which heeds no business hours", () => {
    const pools = poolsOf({}, 20, { isolateCodeExecution: true });
    for (const name of ["retool", "code-execution"])
      expect(named(pools, "NodePool", name)["spec"]).toMatchObject({ template: { spec: { expireAfter: "Never" } } });
  });

  it.each([
    { sandbox: {}, builders: 20, devices: "7" },
    { sandbox: {}, builders: 200, devices: "15" },
    { sandbox: { cpuMillicores: 500 }, builders: 20, devices: "14" },
  ])("tells Karpenter of $devices devices on a sandbox node, and on no other", ({ sandbox, builders, devices }) => {
    const overlay = named(poolsOf(sandbox, builders), "NodeOverlay", "sandbox-devices");
    expect(overlay["spec"]).toEqual({
      requirements: [{ key: "karpenter.sh/nodepool", operator: "In", values: ["sandbox"] }],
      capacity: { [DEVICE]: devices },
    });
    expect(devices).toBe(String(planOf(sandbox, builders).maxDevices));
  });

  it("says nothing of devices where none are handed out", () => {
    expect(poolsOf({ devicePlugin: false }).map(({ kind }) => kind)).toEqual(["NodePool", "NodePool"]);
  });
});

describe("the custom resources", () => {
  it.each<{ sandbox: SandboxSpec; pools: PoolsSpec; count: number }>([
    { sandbox: {}, pools: {}, count: 5 },
    { sandbox: { purchaseOption: "spot", nodeCpus: 32 }, pools: { businessHours: "none" }, count: 5 },
    { sandbox: { lifetimeMinutes: 1440, diskGiB: 3 }, pools: { isolateCodeExecution: true }, count: 7 },
  ])("are valid by schema and rules: %j", ({ sandbox, pools, count }) => {
    const plan = planOf(sandbox, 20, pools);
    const manifests = [...nodeClasses(plan, { ...references, codeSecurityGroupIds: ["sg-3"] }), ...nodePools(plan)];
    expect(manifests).toHaveLength(count);
    expect(manifests.flatMap((manifest) => [...validateCustomResource(manifest), ...celViolations(manifest)])).toEqual(
      [],
    );
  });
});

describeWithRules("the rules of custom resources", () => {
  it("refuse a tag that Karpenter keeps for itself", () => {
    const tags = { "kubernetes.io/cluster/retool-prod": "owned" };
    const [manifest] = nodeClasses(planOf(), { ...references, tags });
    expect(celViolations(manifest!)).toEqual([
      ".spec.tags: tag contains a restricted tag matching kubernetes.io/cluster/",
    ]);
  });

  it("refuse a pool without a family to choose from", () => {
    const plan = planOf();
    const broken = { ...plan, sandboxPool: { ...plan.sandboxPool, families: [] } };
    expect(nodePools(broken).flatMap(celViolations)).toEqual([
      ".spec.template.spec.requirements: requirements with operator 'In' must have a value defined",
    ]);
  });
});
