/** Where Karpenter runs and whose pods get its role. */
export const KARPENTER = { namespace: "kube-system", serviceAccount: "karpenter" } as const;

/**
 * Names of the pools and node classes in the cluster.
 *
 * The names of the first two are also the values of the label `retool.com/pool`: pods find the nodes of their own environment
 * by them, and no others.
 */
export interface PoolNames {
  /** Pool and class of Retool's containers. */
  readonly retool: string;
  /** Pool and class of the sandboxes. */
  readonly sandbox: string;
  /** Pool and class of the containers that run users' code. */
  readonly code: string;
  /** Beginning of the names of the Helm releases and of the objects that keep room free. */
  readonly releases: string;
}

/** Names in our own cluster. */
export const OWN_CLUSTER_NAMES: PoolNames = {
  retool: "retool",
  sandbox: "sandbox",
  code: "code-execution",
  releases: "retool",
};

/** Names in a cluster that may have pools of others, such as those of another environment. */
export function sharedClusterNames(prefix: string): PoolNames {
  return { retool: prefix, sandbox: `${prefix}-sandbox`, code: `${prefix}-code-execution`, releases: prefix };
}
