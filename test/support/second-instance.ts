import { versions } from "../../domain/versions/pins";
import type { EnvironmentSpec } from "../../domain/environment/spec";

/** Another instance of Retool in the cluster and the network of an environment that made both. */
export function secondInstance(first: EnvironmentSpec): EnvironmentSpec {
  return {
    ...first,
    name: "tools",
    domain: "tools.example.com",
    builders: 5,
    network: {
      kind: "existing",
      vpcId: "vpc-0123456789abcdef0",
      cidrs: ["10.0.0.0/16"],
      privateSubnets: [
        { id: "subnet-00000000000000001", cidr: "10.0.0.0/19" },
        { id: "subnet-00000000000000002", cidr: "10.0.64.0/19" },
      ],
      publicSubnets: [
        { id: "subnet-00000000000000003", cidr: "10.0.32.0/21" },
        { id: "subnet-00000000000000004", cidr: "10.0.96.0/21" },
      ],
      databaseSubnets: [
        { id: "subnet-00000000000000005", cidr: "10.0.40.0/22" },
        { id: "subnet-00000000000000006", cidr: "10.0.104.0/22" },
      ],
    },
    cluster: {
      kind: "existing",
      name: `retool-${first.name}`,
      kubernetesVersion: versions.kubernetes.default,
      has: {
        networkPolicies: true,
        karpenter: {
          version: versions.charts.karpenter.version,
          instanceProfileName: `retool-${first.name}-karpenter-node`,
          sandboxInstanceProfileName: `retool-${first.name}-sandbox-node`,
          controllerRoleArn: `arn:aws:iam::${first.account}:role/retool-${first.name}-karpenter`,
          nodeOverlay: true,
          interruptionQueue: true,
        },
        loadBalancerController: { roleName: `retool-${first.name}-load-balancer-controller` },
        podIdentityAgent: true,
        oidcProvider: true,
        metricsServer: true,
      },
    },
  };
}
