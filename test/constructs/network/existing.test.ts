import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";

import { ExistingCluster } from "../../../constructs/cluster/existing-cluster";
import { ExistingKarpenter } from "../../../constructs/nodes/existing-karpenter";
import { ExistingNetwork } from "../../../constructs/network/existing-network";
import { LoadBalancerRights } from "../../../constructs/cluster/load-balancer-rights";
import { planExistingCluster } from "../../../domain/cluster/existing";
import { planExistingNetwork } from "../../../domain/network/existing";
import { addressesInZone, context, encryptionKey, network } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

const subnets = (first: number, cidrs: readonly string[]): { id: string; cidr: string }[] =>
  cidrs.map((cidr, index) => ({ id: `subnet-0000000${first + index}`, cidr }));
const spec = {
  kind: "existing",
  vpcId: "vpc-00000001",
  cidrs: ["10.20.0.0/16", "100.64.0.0/16"],
  privateSubnets: subnets(1, ["10.20.0.0/20", "10.20.16.0/20"]),
  publicSubnets: subnets(3, ["10.20.32.0/24", "10.20.33.0/24"]),
  natAddresses: ["198.51.100.7"],
} as const;
const networkOf = (more: object = {}) => {
  const { plan } = planExistingNetwork({ ...spec, ...more }, { addressesPerZone: addressesInZone(1) });
  let made: ExistingNetwork | undefined;
  const stack = synthesize((scope) => (made = new ExistingNetwork(scope, "Network", { plan })));
  return { stack, network: made! };
};
const lookedUp = (stack: ReturnType<typeof synthesize>): unknown[] =>
  Object.values(stack.json["data"]?.["aws_subnet"] ?? {}).map(({ id }) => id);

describe("ExistingNetwork", () => {
  test("hands ids on as they are, so that nothing waits for the look-up of each", () => {
    const { stack, network: made } = networkOf();

    expect(made).toMatchObject({
      vpcId: "vpc-00000001",
      vpcCidr: "10.20.0.0/16",
      secondaryCidrs: ["100.64.0.0/16"],
      privateSubnetIds: ["subnet-00000001", "subnet-00000002"],
      databaseSubnetIds: ["subnet-00000001", "subnet-00000002"],
      publicSubnetIds: ["subnet-00000003", "subnet-00000004"],
      natAddresses: ["198.51.100.7"],
      egressReady: [],
    });
    expect(made.sandboxSubnetIds).toBeUndefined();
    expect(lookedUp(stack)).toEqual(["subnet-00000001", "subnet-00000002", "subnet-00000003", "subnet-00000004"]);
    expect(stack.addresses()).toEqual([]);
  });

  test("has subnets of databases and sandboxes where they are given", () => {
    const { stack, network: made } = networkOf({
      databaseSubnets: subnets(5, ["10.20.40.0/24", "10.20.41.0/24"]),
      sandboxSubnets: subnets(7, ["100.64.0.0/18"]),
    });

    expect(made.databaseSubnetIds).toEqual(["subnet-00000005", "subnet-00000006"]);
    expect(made.sandboxSubnetIds).toEqual(["subnet-00000007"]);
    expect(lookedUp(stack)).toHaveLength(7);
  });

  test("stops a plan with the setting that is wrong", () => {
    const data = Object.values(networkOf().stack.json["data"]?.["aws_subnet"] ?? {});

    expect(data[1]).toMatchObject({
      lifecycle: {
        postcondition: [
          {
            condition: '${self.vpc_id == "vpc-00000001"}',
            error_message: "network.privateSubnets[1].id: the subnet is in another VPC; use one of network.vpcId",
          },
          {
            condition: '${self.cidr_block == "10.20.16.0/20"}',
            error_message: "network.privateSubnets[1].cidr: the subnet has another range; correct it",
          },
        ],
      },
    });
  });
});

test("ExistingCluster finds what providers and nodes need, and makes nothing", () => {
  const { plan } = planExistingCluster(
    { kind: "existing", name: "platform", kubernetesVersion: "1.34", has: { networkPolicies: true } },
    context,
    { devicePlugin: true, capacityBuffer: false, spot: false, existingNetwork: true },
  );
  let made: ExistingCluster | undefined;
  const stack = synthesize((scope) => (made = new ExistingCluster(scope, "Cluster", { plan, network })));

  expect(made!.clusterName).toBe("platform");
  expect(made!.apiReady).toEqual([]);
  expect(stack.onlyData("aws_eks_cluster")).toMatchObject({
    name: "platform",
    lifecycle: {
      postcondition: [
        {
          condition: '${self.version == "1.34"}',
          error_message: expect.stringMatching(/^cluster\.kubernetesVersion: .*; /) as unknown,
        },
        {
          condition: '${self.vpc_config[0].vpc_id == "vpc-1"}',
          error_message: expect.stringMatching(/^network\.vpcId: .*; /) as unknown,
        },
        { error_message: expect.stringMatching(/^cluster\.serviceCidr: .*; /) as unknown },
        { error_message: expect.stringMatching(/^cluster\.name: .*; .*API_AND_CONFIG_MAP$/) as unknown },
      ],
    },
  });
  expect(stack.addresses()).toEqual([]);
});

test("ExistingKarpenter is ready when it may use the key of the disks, and what it waits for stands", () => {
  let made: ExistingKarpenter | undefined;
  const stack = synthesize((scope) => {
    made = new ExistingKarpenter(scope, "Karpenter", {
      karpenter: { instanceProfileName: "theirs", controllerRoleArn: "arn:aws:iam::111122223333:role/karpenter" },
      prefix: "retool-prod",
      encryptionKey,
      after: [{ fqn: "kubernetes_namespace_v1.nodes" }],
    });
  });

  expect(made!.instanceProfileName).toBe("theirs");
  expect(made!.ready).toEqual([{ fqn: "kubernetes_namespace_v1.nodes" }, expect.any(KmsGrant)]);
  expect(stack.only("aws_kms_grant")).toEqual({
    grantee_principal: "arn:aws:iam::111122223333:role/karpenter",
    key_id: encryptionKey.keyArn,
    name: "retool-prod-karpenter",
    operations: [
      "CreateGrant",
      "Decrypt",
      "DescribeKey",
      "GenerateDataKeyWithoutPlaintext",
      "ReEncryptFrom",
      "ReEncryptTo",
    ],
  });
});

test("LoadBalancerRights allow an existing role our target groups and nothing else that changes anything", () => {
  const target = { name: "retool", serviceName: "retool", servicePort: 3000 };
  const stack = synthesize((scope) => {
    new LoadBalancerRights(scope, "Rights", {
      roleName: "theirs",
      prefix: "retool-prod",
      frontDoor: { targets: [{ ...target, targetGroupArn: "arn:aws:elasticloadbalancing:::targetgroup/retool/1" }] },
    });
  });
  const { name, role, policy } = stack.only("aws_iam_role_policy");
  const { Statement } = JSON.parse(String(policy)) as { Statement: { Action: string[]; Resource: unknown }[] };

  expect({ name, role }).toEqual({ name: "retool-prod-targets", role: "theirs" });
  expect(Statement.filter(({ Resource }) => Resource !== "*")).toMatchObject([
    { Resource: ["arn:aws:elasticloadbalancing:::targetgroup/retool/1"] },
  ]);
  for (const action of Statement.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => Action))
    expect(action).toMatch(/:Describe/);
});
