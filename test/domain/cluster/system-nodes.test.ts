import { shapeViolations } from "../../../domain/common/shape";
import {
  planSystemNodes,
  systemNodesSchema,
  type SystemNodesSpec,
  systemNodesViolations,
} from "../../../domain/cluster/system-nodes";
import { formatViolation } from "../../../domain/common/violation";
import { chartContract } from "../../support/contracts";

const cluster = {
  clusterName: "retool-prod",
  region: "us-east-1",
  kubernetesVersion: "1.35",
  releaseVersion: "1.35.6-20260714",
};
const problems = (spec: SystemNodesSpec): string[] =>
  [
    ...shapeViolations(systemNodesSchema, spec, "cluster.systemNodes"),
    ...systemNodesViolations(planSystemNodes(spec, cluster), "cluster.systemNodes"),
  ].map(formatViolation);

describe("planSystemNodes", () => {
  test("has a default for everything", () => {
    expect(planSystemNodes({}, cluster)).toEqual({
      name: "retool-prod-system",
      groupNamePrefix: "system-",
      roleName: "retool-prod-system-node",
      managedPolicyArns: {
        join: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        pull: "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
      },
      kubernetesVersion: "1.35",
      releaseVersion: "1.35.6-20260714",
      instanceTypes: ["m6i.large"],
      amiType: "AL2023_x86_64_STANDARD",
      count: 2,
      maximum: 3,
      diskGiB: 50,
      labels: { "karpenter.sh/controller": "true" },
      taint: { key: "CriticalAddonsOnly", value: "true" },
    });
  });

  test.each([
    ["m7g.large", "AL2023_ARM_64_STANDARD"],
    ["c7gn.xlarge", "AL2023_ARM_64_STANDARD"],
    ["x2gd.large", "AL2023_ARM_64_STANDARD"],
    ["t4g.large", "AL2023_ARM_64_STANDARD"],
    ["is4gen.large", "AL2023_ARM_64_STANDARD"],
    ["m7i-flex.large", "AL2023_x86_64_STANDARD"],
    ["m5.large", "AL2023_x86_64_STANDARD"],
  ])("starts %s from %s", (type, amiType) => {
    expect(planSystemNodes({ instanceTypes: [type] }, cluster).amiType).toBe(amiType);
    expect(problems({ instanceTypes: [type] })).toEqual([]);
  });

  test("takes one image for all types, even for a mixture that it refuses", () => {
    expect(planSystemNodes({ instanceTypes: ["m6i.large", "m7g.large"] }, cluster).amiType).toBe(
      "AL2023_ARM_64_STANDARD",
    );
  });

  test("gives nodes no right to change network interfaces", () => {
    expect(JSON.stringify(planSystemNodes({}, cluster))).not.toContain("CNI");
  });
});

describe("systemNodesViolations", () => {
  test.each<[string, SystemNodesSpec]>([
    ["the fewest nodes", { count: 2 }],
    ["the most nodes", { count: 10 }],
    ["the smallest disk", { diskGiB: 30 }],
    ["the largest disk", { diskGiB: 1000 }],
    ["several types of one architecture", { instanceTypes: ["m6i.large", "m6a.xlarge"] }],
  ])("accepts %s", (_case, spec) => {
    expect(problems(spec)).toEqual([]);
  });

  test.each<[string, SystemNodesSpec, string]>([
    ["one node", { count: 1 }, "count: 1 is out of range; use 2 to 10 nodes"],
    ["eleven nodes", { count: 11 }, "count: 11 is out of range; use 2 to 10 nodes"],
    ["half a node", { count: 2.5 }, "count: 2.5 is not a whole number; use 2 to 10 nodes"],
    ["a small disk", { diskGiB: 29 }, "diskGiB: 29 is out of range; use 30 to 1000 GiB"],
    ["a huge disk", { diskGiB: 1001 }, "diskGiB: 1001 is out of range; use 30 to 1000 GiB"],
    [
      "no type",
      { instanceTypes: [] },
      'instanceTypes: is an empty list; name at least one instance type, such as "m6i.large"',
    ],
    [
      "a family",
      { instanceTypes: ["m6i"] },
      'instanceTypes[0]: "m6i" is not an instance type of the c, m, r, t, x or i families; use one such as "m6i.large"',
    ],
    [
      "a small type",
      { instanceTypes: ["m6i.large", "t3.medium"] },
      'instanceTypes[1]: "t3.medium" is too small for the controllers of a cluster; use "t3.large"',
    ],
    [
      "two architectures",
      { instanceTypes: ["m6i.large", "m7g.large"] },
      "instanceTypes: m6i.large, m7g.large have different processor architectures; use types of one architecture: the nodes of a group share an image",
    ],
  ])("refuses %s", (_case, spec, problem) => {
    expect(problems(spec)).toEqual([`cluster.systemNodes.${problem}`]);
  });
});

describe("instance types", () => {
  test.each([
    ...["M6i.large", "6i.large", "m6i.large ", "m6i.Large", "m6i.", ".large", "m6i-large", "m_6i.large"],
    ...["m99.large", "m6i.3xlarge", "db.m6i.large", "mac1.metal", "p5.48xlarge"],
  ])("refuses %j, and takes what it names instead", (type) => {
    const [refusal = "", ...more] = problems({ instanceTypes: [type] });

    expect(more).toEqual([]);
    expect(refusal).toContain(`"${type}" is not an instance type`);
    expect(problems({ instanceTypes: [/use one such as "(.*)"$/.exec(refusal)?.[1] ?? ""] })).toEqual([]);
  });

  test.each(["nano", "micro", "small", "medium"])("refuses size %s", (size) => {
    expect(problems({ instanceTypes: [`t3.${size}`] })).toEqual([expect.stringContaining("is too small")]);
  });

  test.each(["m7i.metal-24xl", "c5n.9xlarge"])("accepts %s", (type) => {
    expect(problems({ instanceTypes: [type] })).toEqual([]);
  });
});

describe("the taint of system nodes", () => {
  test("is one that Karpenter's controller tolerates", () => {
    const { tolerations } = chartContract("karpenter-1.14.1")["defaults"] as {
      tolerations: { key: string; operator: string }[];
    };

    expect(tolerations).toContainEqual({ key: planSystemNodes({}, cluster).taint.key, operator: "Exists" });
  });
});
