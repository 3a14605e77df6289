// Two instances in one cluster.
// When: two departments want their own Retool on shared infrastructure. The first makes network and cluster; write the ids of its subnets into the
// second after the first deployment: `aws ec2 describe-subnets --filters Name=vpc-id,Values=vpc-...` lists them; two zones are enough
// (docs/guides/several-instances.md). config/index.ts exports both: `export const environments = { sales, support }`.
// Costs about 3,190 USD a month at rest, 3,450 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const sales = {
  name: "sales",
  account: "111122223333",
  region: "us-east-1",
  domain: "sales.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
} satisfies EnvironmentSpec;

export const support = {
  name: "support",
  account: "111122223333",
  region: "us-east-1",
  domain: "support.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  builders: 5,
  network: {
    kind: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidrs: ["10.0.0.0/16"],
    privateSubnets: [
      { id: "subnet-0a1b2c3d4e5f60711", cidr: "10.0.0.0/19" },
      { id: "subnet-0a1b2c3d4e5f60712", cidr: "10.0.64.0/19" },
    ],
    publicSubnets: [
      { id: "subnet-0a1b2c3d4e5f60713", cidr: "10.0.32.0/21" },
      { id: "subnet-0a1b2c3d4e5f60714", cidr: "10.0.96.0/21" },
    ],
    databaseSubnets: [
      { id: "subnet-0a1b2c3d4e5f60715", cidr: "10.0.40.0/22" },
      { id: "subnet-0a1b2c3d4e5f60716", cidr: "10.0.104.0/22" },
    ],
  },
  cluster: {
    kind: "existing",
    name: "retool-sales",
    kubernetesVersion: "1.36",
    has: {
      networkPolicies: true,
      podIdentityAgent: true,
      metricsServer: true,
      loadBalancerController: { roleName: "retool-sales-load-balancer-controller" },
      karpenter: {
        version: "1.14.1",
        instanceProfileName: "retool-sales-karpenter-node",
        sandboxInstanceProfileName: "retool-sales-sandbox-node",
        controllerRoleArn: "arn:aws:iam::111122223333:role/retool-sales-karpenter",
        nodeOverlay: true,
        interruptionQueue: true,
      },
    },
  },
} satisfies EnvironmentSpec;
