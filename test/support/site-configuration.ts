import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { App, TerraformStack, Testing } from "cdktf";

import { serviceTrust } from "../../constructs/common/policy-document";
import { RenderedWorkloads } from "../../constructs/common/rendered-workloads";
import { type EnvironmentPlan, planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { declareAws, declareBackend } from "../../stacks";
import { ExistingKubernetesCluster } from "../../stacks/existing-kubernetes-cluster";
import { Foundation } from "../../stacks/foundation";
import { KubernetesCluster } from "../../stacks/kubernetes-cluster";
import { Nodes } from "../../stacks/nodes";

/** Ids that AWS gave the network and the cluster of {@link OWNER}. */
export interface SiteIds {
  /** The VPC. */
  readonly vpcId: string;
  /** Private subnets by their range. */
  readonly privateSubnets: readonly { readonly id: string; readonly cidr: string }[];
  /** Subnets of the sandboxes by their range. */
  readonly sandboxSubnets: readonly { readonly id: string; readonly cidr: string }[];
}

const BASE = {
  account: "123456789012",
  region: "us-east-1",
  retoolVersion: "4.0.9-stable",
  access: "internal",
  clusterAccess: "private",
  license: "none",
  dataProtection: "disposable",
  egress: { level: "open" },
  maxRetries: 3,
  workloads: "render",
} as const satisfies Partial<EnvironmentSpec>;

/** Who owns network and cluster: sandboxes in their own range, blocks of addresses, nodes apart for users' code. */
export const OWNER: EnvironmentSpec = {
  ...BASE,
  name: "owner",
  domain: "owner.example.com",
  state: { kind: "local", path: "terraform.tfstate" },
  builders: 1000,
  network: { zones: 2, nat: "single", sandboxCidr: "100.64.0.0/14" },
  cluster: { prefixDelegation: true },
  nodePools: { isolateCodeExecution: true },
};

const guestOf = (name: string, { vpcId, ...subnets }: SiteIds, has: object): EnvironmentSpec => ({
  ...BASE,
  name,
  domain: `${name}.example.com`,
  network: { kind: "existing", vpcId, cidrs: ["10.0.0.0/16", "100.64.0.0/16", "100.65.0.0/16"], ...subnets },
  cluster: {
    kind: "existing",
    name: "retool-owner",
    kubernetesVersion: "1.36",
    has: { networkPolicies: true, podIdentityAgent: true, metricsServer: true, ...has },
  },
});

const CONTROLLERS = {
  loadBalancerController: { roleName: "platform-load-balancer-controller" },
  karpenter: {
    version: "1.14.1",
    instanceProfileName: "platform-node",
    controllerRoleArn: "arn:aws:iam::123456789012:role/platform-karpenter",
    nodeOverlay: true,
  },
};

/**
 * An owner's network and cluster in Terraform's JSON, and once their ids are known two guests in them: one that uses the
 * owner's controllers, and one that brings its own.
 */
export function siteConfiguration(ids?: SiteIds): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "site");
  const owner = planEnvironment(OWNER);
  declareBackend(stack, owner.state);
  declareAws(stack, owner);
  const workloads = new RenderedWorkloads(stack);
  const { keys, network } = new Foundation(stack, "Owner", { plan: owner });
  if (owner.cluster.kind !== "new" || keys.cluster === undefined) throw new Error("the owner makes its cluster");
  const props = { plan: owner.cluster, network, secretsKey: keys.cluster, logsKey: keys.logs };
  new KubernetesCluster(stack, "OwnerCluster", props).withNodes(workloads);
  for (const name of ["platform-load-balancer-controller", "platform-karpenter"])
    new IamRole(stack, name, { name, assumeRolePolicy: serviceTrust("ec2.amazonaws.com") });
  if (ids !== undefined) {
    addGuest(stack, workloads, planEnvironment(guestOf("guest", ids, CONTROLLERS)));
    addGuest(stack, workloads, planEnvironment(guestOf("loner", ids, {})));
  }
  return Testing.synth(stack);
}

function addGuest(stack: TerraformStack, workloads: RenderedWorkloads, plan: EnvironmentPlan): void {
  const { name } = plan.context;
  const { keys, network } = new Foundation(stack, name, { plan });
  if (plan.cluster.kind !== "existing") throw new Error("a guest has no cluster of its own");
  const cluster = new ExistingKubernetesCluster(stack, `${name}-cluster`, { plan: plan.cluster, network, tags: {} });
  const group = new LbTargetGroup(stack, `${name}-targets`, {
    name: `${name}-targets`,
    vpcId: network.vpcId,
    port: 3000,
    protocol: "HTTP",
    targetType: "ip",
  });
  new Nodes(stack, `${name}-nodes`, {
    plan,
    network,
    cluster: cluster.withNodes(workloads),
    encryptionKey: keys.data,
    frontDoor: {
      arnSuffix: "",
      dnsName: "",
      attached: [],
      hostedZoneId: "",
      securityGroupId: "",
      targets: [
        {
          name: "retool",
          targetGroupArn: group.arn,
          targetGroupArnSuffix: group.arnSuffix,
          serviceName: "retool",
          servicePort: 3000,
        },
      ],
    },
    workloads,
  });
}
