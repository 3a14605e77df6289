// Images and charts from mirrors of your own.
// When: nodes may reach no public registry. `registry` mirrors Docker Hub and the GitHub registry under the same paths, such as a pull-through
// cache of ECR; charts are unpacked folders in the repository of your configuration.
// Costs about 1,750 USD a month at rest, 1,990 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.9-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  chartsDirectory: "charts",
  retool: { images: { registry: "111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub" } },
} satisfies EnvironmentSpec;
