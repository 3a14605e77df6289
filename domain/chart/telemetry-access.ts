import type { JsonObject } from "../common/kubernetes";

/** Service account that the chart makes for the telemetry pod of a release called `retool`. */
const SERVICE_ACCOUNT = "retool-telemetry";

/** What the telemetry pod reads; the rules of chart 6.11.21. */
const RULES = [
  {
    apiGroups: [""],
    resources: ["namespaces", "nodes", "nodes/metrics", "pods", "pods/log"],
    verbs: ["get", "list", "watch"],
  },
];

/**
 * Builds the telemetry pod's right to read nodes and pods, under a unique name.
 *
 * The chart calls its ClusterRole after the release, and every instance of a cluster has a release of the same name: the
 * second one would not install.
 */
export function telemetryAccess(name: string, namespace: string): JsonObject[] {
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
  return [
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules: RULES },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef,
      subjects: [{ kind: "ServiceAccount", name: SERVICE_ACCOUNT, namespace }],
    },
  ];
}
