import type { ITerraformDependable } from "cdktf";

import type { IWorkloads } from "../../../constructs/common/contracts";
import { ClusterWorkloads } from "../../../constructs/common/workloads";
import type { NetworkPolicy } from "../../../domain/common/kubernetes";
import { managedSecret } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

const after: ITerraformDependable[] = [{ fqn: "aws_eks_cluster.it" }];

const policy: NetworkPolicy = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "api", namespace: "retool", labels: { app: "a${b" } },
  spec: {
    podSelector: { matchExpressions: [{ key: "retoolService", operator: "In", values: ["a", "b"] }] },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: "x" } } }], ports: [{ port: "http", protocol: "TCP" }] }],
    egress: [
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }], ports: [{ port: 443, protocol: "TCP" }] },
    ],
  },
};

const define = (
  use: (workloads: IWorkloads, stack: Parameters<Parameters<typeof synthesize>[0]>[0]) => void,
): Synthesized =>
  synthesize((stack) => {
    use(new ClusterWorkloads({ hasNodes: true }), stack);
  });

describe("ClusterWorkloads", () => {
  test("maps a NetworkPolicy without losing a part", () => {
    const template = define((workloads, stack) =>
      workloads.networkPolicy(stack, "Policy", { manifest: policy, after }),
    );

    expect(template.only("kubernetes_network_policy_v1")).toMatchObject({
      depends_on: ["aws_eks_cluster.it"],
      metadata: { name: "api", namespace: "retool", labels: { app: "a$${b" } },
      spec: {
        pod_selector: { match_expressions: [{ key: "retoolService", operator: "In", values: ["a", "b"] }] },
        policy_types: ["Ingress", "Egress"],
        ingress: [
          { from: [{ pod_selector: { match_labels: { app: "x" } } }], ports: [{ port: "http", protocol: "TCP" }] },
        ],
        egress: [
          {
            to: [{ ip_block: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }],
            ports: [{ port: "443", protocol: "TCP" }],
          },
        ],
      },
    });
  });

  test("installs custom resources with the local chart, as one document", () => {
    const manifest = { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "sandbox" } };
    const template = define((workloads, stack) =>
      workloads.customResources(stack, "Pools", {
        name: "pools",
        namespace: "kube-system",
        manifests: [manifest],
        timeoutSeconds: 60,
        after,
      }),
    );

    expect(template.only("helm_release")).toMatchObject({
      name: "pools",
      chart: expect.stringMatching(/^assets\/Pools_Chart_/) as string,
      values: [JSON.stringify({ manifests: [manifest] })],
      wait: true,
      timeout: 60,
    });
  });

  test("writes a Secret through a write-only argument", () => {
    const data = { password: { secret: managedSecret }, key: { secret: managedSecret, member: "a-key" } };
    const read = "ephemeral.aws_secretsmanager_secret_version.it.secret_string";
    const template = define((workloads, stack) =>
      workloads.secret(stack, "Secret", { name: "db", namespace: "retool", data, revision: 3, after }),
    );
    const secret = template.only("kubernetes_secret_v1");

    expect(secret).toMatchObject({
      data_wo: { password: `\${${read}}`, key: `\${jsondecode(${read})["a-key"]}` },
      data_wo_revision: 3,
    });
    expect(Object.keys(secret)).not.toContain("data");
  });

  test("makes namespaces, classes and autoscalers", () => {
    const template = define((workloads, stack) => {
      workloads.namespace(stack, "Namespace", {
        manifest: { apiVersion: "v1", kind: "Namespace", metadata: { name: "retool" } },
        after,
      });
      workloads.storageClass(stack, "Storage", {
        manifest: {
          apiVersion: "storage.k8s.io/v1",
          kind: "StorageClass",
          metadata: { name: "gp3", annotations: { default: "true" } },
          provisioner: "ebs.csi.aws.com",
          parameters: { encrypted: "true" },
          reclaimPolicy: "Delete",
          volumeBindingMode: "WaitForFirstConsumer",
          allowVolumeExpansion: true,
        },
        after,
      });
      workloads.priorityClass(stack, "Priority", {
        manifest: {
          apiVersion: "scheduling.k8s.io/v1",
          kind: "PriorityClass",
          metadata: { name: "headroom" },
          value: -10,
          description: "gives way",
          preemptionPolicy: "Never",
        },
        after,
      });
      workloads.horizontalPodAutoscaler(stack, "Autoscaler", {
        manifest: {
          apiVersion: "autoscaling/v2",
          kind: "HorizontalPodAutoscaler",
          metadata: { name: "api", namespace: "retool" },
          spec: {
            minReplicas: 2,
            maxReplicas: 4,
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "retool" },
            metrics: [
              { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
            ],
          },
        },
        after,
      });
    });

    expect(template.only("kubernetes_namespace_v1")).toMatchObject({ metadata: { name: "retool" } });
    expect(template.only("kubernetes_storage_class_v1")).toMatchObject({
      storage_provisioner: "ebs.csi.aws.com",
      parameters: { encrypted: "true" },
    });
    expect(template.only("kubernetes_priority_class_v1")).toMatchObject({ value: -10, preemption_policy: "Never" });
    expect(template.only("kubernetes_horizontal_pod_autoscaler_v2")).toMatchObject({
      spec: { min_replicas: 2, metric: [{ resource: { name: "cpu", target: { average_utilization: 60 } } }] },
    });
  });
});
