import { App } from "cdktf";
import { type EnvironmentSpec, RetoolStack } from "cdktf-retool";

// Retool in a VPC of the network team, whose routes and subnets stay as they are.
const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: "internal",
  clusterAccess: "private",
  license: "retool/license-key",
  network: {
    kind: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidrs: ["10.20.0.0/16"],
    privateSubnets: [
      { id: "subnet-0a1b2c3d4e5f60711", cidr: "10.20.0.0/19" },
      { id: "subnet-0a1b2c3d4e5f60712", cidr: "10.20.32.0/19" },
    ],
    databaseSubnets: [
      { id: "subnet-0a1b2c3d4e5f60713", cidr: "10.20.200.0/24" },
      { id: "subnet-0a1b2c3d4e5f60714", cidr: "10.20.201.0/24" },
    ],
  },
} satisfies EnvironmentSpec;

const app = new App();
new RetoolStack(app, prod);
app.synth();
