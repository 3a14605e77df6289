// Subnets that the network account shares through AWS RAM.
// When: VPCs belong to one account and workloads to others. Only the owner can attach a DNS firewall, so `egress` is `open` here and the owner
// gets the names from `npx cdktf-retool egress prod`.
// Costs about 1,650 USD a month at rest, 1,890 with working days.
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
    ownerAccount: "999988887777",
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
} satisfies EnvironmentSpec;
