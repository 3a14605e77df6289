import { INTERRUPTION_EVENTS, karpenterValues, planKarpenter } from "../../../domain/nodes/karpenter";
import { controllerStatements } from "../../../domain/nodes/karpenter-policies";
import { SYSTEM_NODE_LABELS, SYSTEM_TAINT } from "../../../domain/cluster/system-nodes";
import { unknownValues } from "../../support/contracts";
import { context } from "../../support/fakes";

/** Longest name of a cluster that this package makes, and longest name of a region. */
const LONGEST = { cluster: "a".repeat(38), region: "ap-southeast-1", queue: "b".repeat(80), role: "c".repeat(63) };

/** Characters that IAM counts in a managed policy, white space not among them. */
const POLICY_QUOTA = 6144;

const propsOf = (cluster = "retool-prod", region = "us-east-1") => {
  const regional = { ...context, region };
  return {
    plan: planKarpenter(cluster, regional),
    context: regional,
    nodeRoleArns: ["n", "s"].map((last) => `arn:aws:iam::111122223333:role/${LONGEST.role}${last}`),
    queueArn: `arn:aws:sqs:${region}:111122223333:${LONGEST.queue}`,
    encryptionKeyArn: `arn:aws:kms:${region}:111122223333:key/mrk-0123456789abcdef0123456789abcdef`,
  };
};
const statements = Object.values(controllerStatements(propsOf())).flat();
const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid)!;

describe("planKarpenter", () => {
  it("names what belongs to a cluster", () => {
    expect(planKarpenter("retool-prod", context)).toEqual({
      clusterName: "retool-prod",
      clusterArn: "arn:aws:eks:us-east-1:111122223333:cluster/retool-prod",
      region: "us-east-1",
      controllerRoleName: "retool-prod-karpenter",
      nodeRole: {
        roleName: "retool-prod-karpenter-node",
        policies: {
          AmazonEKSWorkerNodePolicy: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
          AmazonEC2ContainerRegistryPullOnly: "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
          AmazonSSMManagedInstanceCore: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        },
      },
      sandboxNodeRole: {
        roleName: "retool-prod-sandbox-node",
        policies: {
          AmazonEKSWorkerNodePolicy: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
          AmazonEC2ContainerRegistryPullOnly: "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
        },
      },
      queueName: "retool-prod-karpenter",
    });
  });

  it("lets nodes manage network interfaces only where the network plug-in has no role of its own", () => {
    const { nodeRole, sandboxNodeRole } = planKarpenter("platform", context, { networkPluginUsesNodeRole: true });
    for (const { policies } of [nodeRole, sandboxNodeRole])
      expect(policies).toMatchObject({ AmazonEKS_CNI_Policy: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" });
  });

  it.each(["a".repeat(38), "a".repeat(100)])("keeps names within the limits of AWS for %s", (cluster) => {
    const plan = planKarpenter(cluster, context);
    expect(plan.controllerRoleName.length).toBeLessThanOrEqual(64);
    expect(plan.nodeRole.roleName.length).toBeLessThanOrEqual(64);
    expect(plan.sandboxNodeRole.roleName.length).toBeLessThanOrEqual(64);
    expect(plan.queueName.length).toBeLessThanOrEqual(80);
    expect(plan.nodeRole.roleName).not.toBe(plan.controllerRoleName);
  });

  it("stays in the partition of the region", () => {
    const plan = planKarpenter("retool-prod", { ...context, region: "us-gov-west-1" });
    expect(plan.clusterArn).toMatch(/^arn:aws-us-gov:/);
    expect(Object.values(plan.nodeRole.policies)).toEqual([
      expect.stringMatching(/^arn:aws-us-gov:/),
      expect.stringMatching(/^arn:aws-us-gov:/),
      expect.stringMatching(/^arn:aws-us-gov:/),
    ]);
  });
});

describe("controllerStatements", () => {
  it.each([
    { cluster: "retool-prod", region: "us-east-1" },
    { cluster: LONGEST.cluster, region: "ap-southeast-1" },
    { cluster: LONGEST.cluster, region: "us-gov-west-1" },
    { cluster: LONGEST.cluster, region: "cn-northwest-1" },
  ])("keeps each policy below the quota for $cluster in $region", ({ cluster, region }) => {
    const policies = controllerStatements(propsOf(cluster, region));
    const sizes = Object.values(policies).map(
      (part) => JSON.stringify({ Version: "2012-10-17", Statement: part }).length,
    );
    expect(sizes).toHaveLength(3);
    // Each statement gets `"Effect":"Allow",` when it is rendered.
    expect(Math.max(...sizes.map((size, index) => size + 17 * Object.values(policies)[index]!.length))).toBeLessThan(
      POLICY_QUOTA,
    );
  });

  it("creates only what is tagged as the cluster's own", () => {
    const own = {
      "aws:RequestTag/kubernetes.io/cluster/retool-prod": "owned",
      "aws:RequestTag/eks:eks-cluster-name": "retool-prod",
    };
    const nodePool = { "aws:RequestTag/karpenter.sh/nodepool": "*" };
    expect(statement("LaunchTaggedAsOwn").Condition).toEqual({ StringEquals: own, StringLike: nodePool });
    expect(statement("TagWhatIsCreated").Condition).toEqual({
      StringEquals: { ...own, "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"] },
      StringLike: nodePool,
    });
  });

  it.each(["LaunchFromOwnTemplates", "DeleteOwn", "TagOwnInstances"])("touches only the cluster's own in %s", (sid) => {
    expect(statement(sid).Condition).toMatchObject({
      StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/retool-prod": "owned" },
      StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": "*" },
    });
  });

  it("changes three tags of an instance and no other", () => {
    expect(statement("TagOwnInstances").Condition).toMatchObject({
      StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": "retool-prod" },
      "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
    });
  });

  it("gives the nodes' roles, and no other, only to EC2", () => {
    expect(statement("GiveNodesTheirRole")).toMatchObject({
      Action: "iam:PassRole",
      Resource: propsOf().nodeRoleArns,
      Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] } },
    });
  });

  it("uses the key for disks only", () => {
    for (const sid of ["EncryptDisks", "LendKeyToDisks"]) {
      expect(statement(sid).Condition).toMatchObject({
        StringEquals: { "kms:ViaService": "ec2.us-east-1.amazonaws.com" },
      });
    }
    expect(statement("LendKeyToDisks").Condition).toMatchObject({ Bool: { "kms:GrantIsForAWSResource": "true" } });
  });

  it("reads everything in the region, and writes nothing without a condition or its own resource", () => {
    const unbound = statements.filter(({ Resource, Condition }) => Resource === "*" && Condition === undefined);
    expect(unbound).toEqual([]);
    expect(statement("ReadRegion").Condition).toEqual({ StringEquals: { "aws:RequestedRegion": "us-east-1" } });
  });

  it("asks for nothing at the global APIs, which a controller that thinks itself cut off never calls", () => {
    const elsewhere = /^(iam|pricing):(?!PassRole$)/;
    expect(statements.flatMap(({ Action }) => Action).filter((action) => elsewhere.test(action))).toEqual([]);
    expect(karpenterValues(planKarpenter("c", context), "q")).toMatchObject({ settings: { isolatedVPC: true } });
  });

  it("names every statement once", () => {
    const sids = statements.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
  });
});

describe("karpenterValues", () => {
  const values = karpenterValues({ clusterName: "retool-prod", region: "eu-west-1" }, "retool-prod-karpenter");

  it.each([
    [0, "1Gi"],
    [199, "1Gi"],
    [200, "2Gi"],
    [5000, "4Gi"],
  ])("has memory for %i nodes: %s", (nodes, memory) => {
    expect(karpenterValues({ clusterName: "c", region: "eu-west-1" }, "q", nodes)).toMatchObject({
      controller: { resources: { requests: { memory }, limits: { memory } } },
    });
  });

  it("tells the controller of its cluster, its queue and the devices of sandboxes", () => {
    expect(values["settings"]).toEqual({
      clusterName: "retool-prod",
      interruptionQueue: "retool-prod-karpenter",
      isolatedVPC: true,
      featureGates: { nodeOverlay: true },
    });
  });

  it("tells the controller its region, since no pod reaches the instance's metadata", () => {
    expect(values["controller"]).toMatchObject({ env: [{ name: "AWS_REGION", value: "eu-west-1" }] });
  });

  it("runs two replicas on the system nodes, with the DNS of the node", () => {
    expect(values).toMatchObject({
      replicas: 2,
      dnsPolicy: "Default",
      logLevel: "info",
      nodeSelector: { "kubernetes.io/os": "linux", ...SYSTEM_NODE_LABELS },
      tolerations: [{ key: SYSTEM_TAINT.key, operator: "Exists" }],
      controller: { resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } } },
    });
  });
});

describe("the values of Karpenter's chart", () => {
  it("are all known to the chart", () => {
    // Any label may stand in the node selector.
    const values = {
      ...karpenterValues({ clusterName: "c", region: "eu-west-1" }, "q"),
      nodeSelector: {},
    };
    expect(unknownValues("karpenter-1.14.1", values)).toEqual([]);
  });
});

describe("INTERRUPTION_EVENTS", () => {
  it("lists the five notices once each", () => {
    expect(new Set(INTERRUPTION_EVENTS.map(({ detailType }) => detailType)).size).toBe(5);
    expect(new Set(INTERRUPTION_EVENTS.map(({ name }) => name)).size).toBe(5);
  });
});
