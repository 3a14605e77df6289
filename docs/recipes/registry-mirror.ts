// Images and charts from mirrors of your own.
// When: nodes may reach no public registry. Each registry that images are published on has a mirror with the same paths, such as a
// pull-through cache of ECR; charts are unpacked folders in the repository of your configuration.
// Costs about 1,790 USD a month at rest, 2,030 with working days.
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
  chartsDirectory: "charts",
  retool: {
    images: {
      registries: {
        dockerHub: "111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub",
        github: "111122223333.dkr.ecr.us-east-1.amazonaws.com/github",
      },
    },
  },
} satisfies EnvironmentSpec;
