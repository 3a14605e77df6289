import { planCapacity } from "../../../domain/capacity/capacity";
import { headroomManifests } from "../../../domain/nodes/headroom-manifests";
import type { Manifest } from "../../../domain/common/kubernetes";
import { DEVICE, SANDBOX_TOLERATION, sandboxNodeSelector } from "../../../domain/nodes/node-pools";
import type { SandboxSpec } from "../../../domain/capacity/sandbox";
import { context } from "../../support/fakes";

const planOf = (builders: number, sandbox: SandboxSpec = {}) => planCapacity({ builders, sandbox }, context).plan;
const manifestsOf = (builders: number, sandbox: SandboxSpec = {}) =>
  headroomManifests(planOf(builders, sandbox), "kube-system")!;

interface PodSpec {
  readonly containers: readonly { readonly resources: { readonly requests: Record<string, string> } }[];
}
const podOf = ({ spec }: Manifest) => (spec as unknown as { template: { spec: PodSpec } }).template.spec;

describe("the headroom", () => {
  it.each([
    { builders: 1, sandbox: {}, sandboxes: 2 },
    { builders: 40, sandbox: {}, sandboxes: 2 },
    { builders: 41, sandbox: {}, sandboxes: 3 },
    { builders: 200, sandbox: {}, sandboxes: 10 },
    { builders: 200, sandbox: { threadsPerBuilder: 3 }, sandboxes: 30 },
    { builders: 200, sandbox: { warmHeadroom: 0 }, sandboxes: 0 },
    { builders: 200, sandbox: { warmHeadroom: 7 }, sandboxes: 7 },
  ])("of $builders builders with $sandbox is room for $sandboxes", ({ builders, sandbox, sandboxes }) => {
    expect(planOf(builders, sandbox).headroom.sandboxes).toBe(sandboxes);
  });

  it("does not widen the limits: at the peak nothing is kept free", () => {
    expect(planOf(200, { warmHeadroom: 50 }).sandboxPool.limits).toEqual(
      planOf(200, { warmHeadroom: 0 }).sandboxPool.limits,
    );
  });

  it("is a whole number", () => {
    const { violations } = planCapacity({ builders: 20, sandbox: { warmHeadroom: 1.5 } }, context);
    expect(violations).toEqual([
      {
        path: "sandbox.warmHeadroom",
        problem: "1.5 is not a whole number",
        remedy: "use 0 to 1000000 sandboxes",
      },
    ]);
  });
});

describe("headroomManifests", () => {
  it("makes nothing where no room is kept", () => {
    expect(headroomManifests(planOf(20, { warmHeadroom: 0 }), "kube-system")).toBeUndefined();
  });

  it.each([
    { sandboxes: 2, pods: 1, cpu: "2000m", memory: "4096Mi", devices: "2" },
    { sandboxes: 7, pods: 1, cpu: "7000m", memory: "14336Mi", devices: "7" },
    { sandboxes: 8, pods: 2, cpu: "4000m", memory: "8192Mi", devices: "4" },
  ])(
    "keeps room for $sandboxes sandboxes by $pods pods of $cpu",
    ({ sandboxes, pods: replicas, cpu, memory, devices }) => {
      const { pods } = manifestsOf(20, { warmHeadroom: sandboxes });
      expect(pods).toMatchObject({ kind: "Deployment", spec: { replicas } });
      // The device as well: a node whose device plugin has not registered yet has no room for a sandbox.
      expect(podOf(pods).containers[0]!.resources.requests).toEqual({ cpu, memory, [DEVICE]: devices });
    },
  );

  it.each([
    { builders: 1000, sandboxes: 50, pods: 2, sandboxesPerPod: 25 },
    { builders: 200, sandboxes: 10, pods: 1, sandboxesPerPod: 10 },
  ])("shares $sandboxes sandboxes evenly between $pods pods", ({ builders, ...headroom }) => {
    expect(planOf(builders).headroom).toEqual(headroom);
  });

  // A pod holds its room on one node: 10 of 15 places are left besides the 5 idle sandboxes, and 11 are not. Measured with Karpenter
  // 1.14.1 and kube-scheduler 1.34.1: 5 idle sandboxes and two pods of 11 made three nodes.
  it.each([
    { builders: 400, sandboxesPerPod: 10, nodes: 29, nodesAtRest: 2 },
    { builders: 401, sandboxesPerPod: 11, nodes: 29, nodesAtRest: 3 },
    { builders: 500, sandboxesPerPod: 13, nodes: 36, nodesAtRest: 3 },
    { builders: 1000, sandboxesPerPod: 25, nodes: 35, nodesAtRest: 2 },
    { builders: 1121, sandboxesPerPod: 29, nodes: 39, nodesAtRest: 3 },
  ])("of $builders builders takes part in $nodesAtRest nodes at rest", ({ builders, sandboxesPerPod, ...nodes }) => {
    const { headroom, sandboxPool } = planOf(builders);
    expect(headroom).toMatchObject({ pods: 2, sandboxesPerPod });
    expect(sandboxPool).toMatchObject(nodes);
  });

  it("lets any other pod take its place", () => {
    const { priorityClass, pods } = manifestsOf(20);
    expect(priorityClass).toMatchObject({ kind: "PriorityClass", value: -10, preemptionPolicy: "Never" });
    expect(podOf(pods)).toMatchObject({
      priorityClassName: priorityClass.metadata.name,
      terminationGracePeriodSeconds: 0,
    });
  });

  it("is ready without a single pod, so that a full pool holds no deployment up", () => {
    expect(manifestsOf(20).pods).toMatchObject({
      spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%", maxSurge: 0 } } },
    });
  });

  it("stays on the nodes of sandboxes, without rights", () => {
    expect(podOf(manifestsOf(20).pods)).toMatchObject({
      nodeSelector: sandboxNodeSelector(),
      tolerations: [SANDBOX_TOLERATION],
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    });
  });

  it("asks for no device where none is handed out", () => {
    expect(JSON.stringify(manifestsOf(20, { devicePlugin: false }))).not.toContain("smarter-devices");
  });
});
