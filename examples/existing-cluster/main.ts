import { App } from "cdktf";
import { type EnvironmentSpec, RetoolStack } from "cdktf-retool";

// Retool in a network and a cluster of the platform team. What the cluster has is written down under `has`; what it lacks is
// installed. Network, cluster, their policies and nodes stay as they are. So does the database of the first one.
const network = {
  kind: "existing",
  vpcId: "vpc-0a1b2c3d4e5f60718",
  cidrs: ["10.20.0.0/16", "100.64.0.0/16"],
  privateSubnets: [
    { id: "subnet-0a1b2c3d4e5f60711", cidr: "10.20.0.0/19" },
    { id: "subnet-0a1b2c3d4e5f60712", cidr: "10.20.32.0/19" },
  ],
  databaseSubnets: [
    { id: "subnet-0a1b2c3d4e5f60713", cidr: "10.20.200.0/24" },
    { id: "subnet-0a1b2c3d4e5f60714", cidr: "10.20.201.0/24" },
  ],
  sandboxSubnets: [
    { id: "subnet-0a1b2c3d4e5f60715", cidr: "100.64.0.0/18" },
    { id: "subnet-0a1b2c3d4e5f60716", cidr: "100.64.64.0/18" },
  ],
} as const satisfies EnvironmentSpec["network"];

// A cluster whose platform team runs all controllers.
const complete = {
  name: "tools",
  account: "111122223333",
  region: "eu-central-1",
  domain: "retool.tools.example.com",
  retoolVersion: "4.34.1-stable",
  access: "internal",
  clusterAccess: "private",
  license: "retool/license-key",
  network,
  database: {
    kind: "existing",
    host: "retool.c1a2b3c4d5e6.eu-central-1.rds.amazonaws.com",
    secret: "retool/database-password",
    addresses: ["10.20.200.0/24", "10.20.201.0/24"],
  },
  cluster: {
    kind: "existing",
    name: "platform",
    kubernetesVersion: "1.35",
    serviceCidr: "172.20.0.0/16",
    nodeSecurityGroupIds: ["sg-0a1b2c3d4e5f60717"],
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
      },
    },
  },
} satisfies EnvironmentSpec;

// A cluster with nothing but the network plugin: Karpenter, load balancer controller and the agent of Pod Identity are
// installed, with two nodes for them.
const bare = {
  ...complete,
  name: "bare",
  domain: "retool.bare.example.com",
  database: {},
  cluster: { kind: "existing", name: "empty", kubernetesVersion: "1.35", has: { networkPolicies: true } },
} satisfies EnvironmentSpec;

const app = new App();
new RetoolStack(app, complete);
new RetoolStack(app, bare);
app.synth();
