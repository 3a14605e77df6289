import type { Violation } from "../common/violation";

/**
 * Namespace of an instance that names none: in a cluster of ours always the same, in a shared cluster one that no other has.
 *
 * @param prefix - Prefix of every name that the environment makes.
 * @param cluster - What the configuration says of the cluster.
 */
export function defaultNamespace(prefix: string, cluster: unknown): string {
  const { kind } = (typeof cluster === "object" && cluster !== null ? cluster : {}) as { readonly kind?: unknown };
  return kind === "existing" ? prefix : "retool";
}

/** Names of Kubernetes' and EKS's namespaces. */
const RESERVED = /^(default|kube-.*|amazon-.*|aws-.*)$/;

/**
 * Checks that a namespace can hold Retool.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 */
export function namespaceViolations(namespace: string): Violation[] {
  if (RESERVED.test(namespace)) {
    return [
      {
        path: "namespace",
        problem: `"${namespace}" belongs to the cluster, and destroying Retool would delete it`,
        remedy: 'use a separate namespace, such as "retool"',
      },
    ];
  }
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) return [];
  return [
    {
      path: "namespace",
      problem: `"${namespace}" is not the name of a Kubernetes namespace`,
      remedy: "use 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
    },
  ];
}
