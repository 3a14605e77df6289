// A cheap instance for trying changes, next to production.
// When: below $450 a month. It shares production's network and cluster, and so pays neither for a control plane, NAT gateways nor system nodes;
// its database has no standby, its sandboxes run on spot nodes, and nothing waits idle. Deploy production first.
// Costs about 370 USD a month at rest, 430 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const dev = {
  name: "dev",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.dev.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  builders: 1,
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
    name: "retool-prod",
    kubernetesVersion: "1.36",
    has: {
      networkPolicies: true,
      podIdentityAgent: true,
      metricsServer: true,
      loadBalancerController: { roleName: "retool-prod-load-balancer-controller" },
      karpenter: {
        version: "1.14.1",
        instanceProfileName: "retool-prod-karpenter-node",
        sandboxInstanceProfileName: "retool-prod-sandbox-node",
        controllerRoleArn: "arn:aws:iam::111122223333:role/retool-prod-karpenter",
        nodeOverlay: true,
        interruptionQueue: true,
      },
    },
  },
  nodePools: { nodeCpus: 4 },
  database: { multiAz: false, instanceClass: "db.t4g.medium", storageGiB: 60 },
  sandbox: { prewarmPoolSize: 0, warmHeadroom: 0, purchaseOption: "spot" },
  retool: {
    profile: "evaluation",
    api: { resources: { cpuMillicores: 500, memoryMiB: 2048 } },
    jobsRunner: { resources: { cpuMillicores: 250, memoryMiB: 1024 } },
    workflowsWorker: { resources: { cpuMillicores: 250, memoryMiB: 1024 } },
    workflowsBackend: { resources: { cpuMillicores: 250, memoryMiB: 1024 } },
    codeExecutor: { resources: { cpuMillicores: 250, memoryMiB: 1024 } },
    jsExecutor: { resources: { cpuMillicores: 250, memoryMiB: 1024 } },
    sandboxController: { resources: { cpuMillicores: 100, memoryMiB: 256 } },
    sandboxProxy: { resources: { cpuMillicores: 100, memoryMiB: 256 } },
    r2Worker: { resources: { cpuMillicores: 250, memoryMiB: 1024 } },
  },
} satisfies EnvironmentSpec;
