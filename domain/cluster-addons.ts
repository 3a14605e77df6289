import type { JsonObject } from "./kubernetes";
import { SYSTEM_TOLERATION } from "./system-nodes";

/** An add-on that Amazon EKS installs and keeps. */
export interface AddonPlan {
  /** Name of the add-on. */
  readonly name: string;
  /** Settings of the add-on, under the keys of its own schema. */
  readonly configuration?: JsonObject;
  /** Service account of the add-on that calls AWS, and the AWS managed policy it gets. */
  readonly identity?: { readonly serviceAccount: string; readonly managedPolicy: string };
}

/** The add-ons of a cluster, by when they must exist. */
export interface AddonsPlan {
  /** DaemonSets: a node is not ready, or its pods get no credentials or policies, without them. */
  readonly beforeNodes: readonly AddonPlan[];
  /** Deployments: EKS waits until their pods run, so nodes and the network policies of `kube-system` come first. */
  readonly afterNodes: readonly AddonPlan[];
}

/** Resolves the add-ons of a cluster. */
export function planAddons({ prefixDelegation }: { readonly prefixDelegation: boolean }): AddonsPlan {
  return {
    beforeNodes: [
      {
        name: "vpc-cni",
        configuration: vpcCniConfiguration(prefixDelegation),
        identity: { serviceAccount: "aws-node", managedPolicy: "AmazonEKS_CNI_Policy" },
      },
      { name: "kube-proxy" },
      { name: "eks-pod-identity-agent" },
    ],
    afterNodes: [
      { name: "coredns", configuration: { tolerations: [SYSTEM_TOLERATION] } },
      { name: "metrics-server", configuration: { tolerations: [SYSTEM_TOLERATION] } },
      {
        name: "aws-ebs-csi-driver",
        configuration: { controller: { tolerations: [SYSTEM_TOLERATION] } },
        identity: { serviceAccount: "ebs-csi-controller-sa", managedPolicy: "service-role/AmazonEBSCSIDriverPolicy" },
      },
    ],
  };
}

/**
 * Network policies are enforced from the first packet of a pod: in `strict` mode a pod that no policy selects can neither
 * send nor receive. All values are text, which the add-on's schema demands.
 *
 * Source: https://github.com/aws/amazon-vpc-cni-k8s#network_policy_enforcing_mode-v1171
 */
function vpcCniConfiguration(prefixDelegation: boolean): JsonObject {
  return {
    enableNetworkPolicy: "true",
    env: {
      NETWORK_POLICY_ENFORCING_MODE: "strict",
      ENABLE_PREFIX_DELEGATION: String(prefixDelegation),
    },
  };
}
