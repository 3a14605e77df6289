// An existing VPC with three /24 subnets.
// When: the network team gives you three small private subnets. They hold the planned peak; `npm run plan` warns of what they cannot hold,
// with numbers. `warmIpTarget` lets each node keep two addresses in reserve and not a whole network interface. Where that is not enough,
// give the sandboxes subnets of a second range of the VPC (`network.sandboxSubnets`): 100.64.0.0/10 needs no routes to other networks.
// Costs about 1,640 USD a month at rest, 1,890 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: "internal",
  clusterAccess: "private",
  license: "retool/license-key",
  builders: 20,
  network: {
    kind: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidrs: ["10.20.0.0/22"],
    privateSubnets: [
      { id: "subnet-0a1b2c3d4e5f60711", cidr: "10.20.0.0/24" },
      { id: "subnet-0a1b2c3d4e5f60712", cidr: "10.20.1.0/24" },
      { id: "subnet-0a1b2c3d4e5f60713", cidr: "10.20.2.0/24" },
    ],
  },
  cluster: { warmIpTarget: 2 },
  dns: { kind: "private-zone", validationZoneId: "Z0123456789ABCDEFGHIJ" },
} satisfies EnvironmentSpec;
