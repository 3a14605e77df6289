// Retool in a cluster and a network of the platform team.
// When: an EKS cluster exists. `has` says what it runs already; what it lacks is installed. Nothing of the owner's is changed.
// Costs about 1,390 USD a month at rest, 1,630 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  network: {
    kind: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidrs: ["10.20.0.0/16"],
    privateSubnets: [
      { id: "subnet-0a1b2c3d4e5f60711", cidr: "10.20.0.0/19" },
      { id: "subnet-0a1b2c3d4e5f60712", cidr: "10.20.32.0/19" },
    ],
    publicSubnets: [
      { id: "subnet-0a1b2c3d4e5f60713", cidr: "10.20.200.0/24" },
      { id: "subnet-0a1b2c3d4e5f60714", cidr: "10.20.201.0/24" },
    ],
    databaseSubnets: [
      { id: "subnet-0a1b2c3d4e5f60715", cidr: "10.20.202.0/24" },
      { id: "subnet-0a1b2c3d4e5f60716", cidr: "10.20.203.0/24" },
    ],
  },
  cluster: {
    kind: "existing",
    name: "platform",
    kubernetesVersion: "1.35",
    has: {
      networkPolicies: true,
      podIdentityAgent: true,
      metricsServer: true,
      loadBalancerController: { roleName: "platform-load-balancer-controller" },
      karpenter: {
        version: "1.14.1",
        instanceProfileName: "platform-karpenter-node",
        // Its role may only join the cluster and pull images: docs/guides/existing-cluster.md.
        sandboxInstanceProfileName: "platform-sandbox-node",
        controllerRoleArn: "arn:aws:iam::111122223333:role/platform-karpenter",
        nodeOverlay: true,
        interruptionQueue: true,
      },
    },
  },
} satisfies EnvironmentSpec;
