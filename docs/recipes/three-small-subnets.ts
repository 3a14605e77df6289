// An existing VPC with three /24 subnets.
// When: the network team gives you three small private subnets. The VPC CNI takes addresses in blocks of 16 from whole subnets, so the
// sandboxes, which grow with the builders, get subnets of a second range of the VPC (100.64.0.0/10 needs no routes to other networks).
// Costs about 1,380 USD a month at rest, 1,400 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.9-stable",
  access: "internal",
  clusterAccess: "private",
  license: "retool/license-key",
  builders: 5,
  network: {
    kind: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidrs: ["10.20.0.0/22", "100.64.0.0/16"],
    privateSubnets: [
      { id: "subnet-0a1b2c3d4e5f60711", cidr: "10.20.0.0/24" },
      { id: "subnet-0a1b2c3d4e5f60712", cidr: "10.20.1.0/24" },
      { id: "subnet-0a1b2c3d4e5f60713", cidr: "10.20.2.0/24" },
    ],
    sandboxSubnets: [
      { id: "subnet-0a1b2c3d4e5f60714", cidr: "100.64.0.0/18" },
      { id: "subnet-0a1b2c3d4e5f60715", cidr: "100.64.64.0/18" },
      { id: "subnet-0a1b2c3d4e5f60716", cidr: "100.64.128.0/18" },
    ],
  },
  nodePools: { nodeCpus: 8 },
  retool: {
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
  dns: { kind: "private-zone", validationZoneId: "Z0123456789ABCDEFGHIJ" },
} satisfies EnvironmentSpec;
