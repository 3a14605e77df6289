// A small production.
// When: a handful of builders, below $900 a month. Two zones, one NAT gateway (the loss of its zone takes the way out with it), a smaller database with
// its standby, and pods that ask for what a few users need: raise `resources` when pods are throttled or killed.
// Costs about 700 USD a month at rest, 820 with working days.
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
  builders: 5,
  network: { zones: 2, nat: "single", interfaceEndpoints: [] },
  cluster: { systemNodes: { instanceTypes: ["t3.large"], diskGiB: 30 } },
  nodePools: { nodeCpus: 4 },
  database: { instanceClass: "db.t4g.medium", storageGiB: 60 },
  sandbox: { prewarmPoolSize: 0, warmHeadroom: 0, nodeCpus: 4 },
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
} satisfies EnvironmentSpec;
