// Retool's images and the charts from mirrors of your own.
// When: images of Retool must come from a mirror. Each registry has one with the same paths, such as a pull-through cache of ECR.
// Nodes still pull from two public registries: from docker.io busybox, which Retool's chart names by digest for code-executor and
// js-executor, and from public.ecr.aws the images of Karpenter, the AWS Load Balancer Controller and the pause pods. No setting moves them.
// `chartsDirectory` holds the unpacked charts retool, karpenter, karpenter-crd and aws-load-balancer-controller (the last three only where
// the cluster does not run them already), each in a folder of that name. It is absolute, or relative to the folder in which Terraform runs:
// from cdktf.out/stacks/prod, "../../../charts" is the folder charts next to config.
// Rules and rights of ECR: docs/guides/private-deployment.md#images-from-amazon-ecr. A registry in another region was not tried.
// Mirrors for npm and Python packages are settings of egress: docs/guides/egress.md#packages.
// Costs about 1,790 USD a month at rest, 2,040 with working days.
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
  chartsDirectory: "../../../charts",
  retool: {
    images: {
      registries: {
        dockerHub: "111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub",
        github: "111122223333.dkr.ecr.us-east-1.amazonaws.com/github",
      },
    },
  },
} satisfies EnvironmentSpec;
