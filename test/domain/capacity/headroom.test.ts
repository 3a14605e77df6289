import { planCapacity } from "../../../domain/capacity/capacity";
import { headroomManifests } from "../../../domain/nodes/headroom-manifests";
import type { Manifest } from "../../../domain/common/kubernetes";
import { SANDBOX_TOLERATION, sandboxNodeSelector } from "../../../domain/nodes/node-pools";
import type { SandboxSpec } from "../../../domain/capacity/sandbox";
import { celViolations } from "../../support/cel";
import { validateCustomResource } from "../../support/contracts";
import { context } from "../../support/fakes";

const planOf = (builders: number, sandbox: SandboxSpec = {}) => planCapacity({ builders, sandbox }, context).plan;
const manifestsOf = (builders: number, sandbox: SandboxSpec = {}) =>
  headroomManifests(planOf(builders, sandbox), "kube-system");

interface PodSpec {
  readonly containers: readonly { readonly resources: { readonly requests: Record<string, string> } }[];
}
const podOf = ({ spec, template }: Manifest) =>
  ((template ?? (spec as { template: unknown }).template) as { spec: PodSpec }).spec;

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
    expect(planOf(builders, sandbox).headroom).toEqual({ kind: "pause-pods", sandboxes });
  });

  it("does not widen the limits: at the peak nothing is kept free", () => {
    expect(planOf(200, { warmHeadroom: 50 }).poolLimits).toEqual(planOf(200, { warmHeadroom: 0 }).poolLimits);
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
    expect(manifestsOf(20, { warmHeadroom: 0 })).toEqual({ objects: [] });
  });

  it.each([
    { sandboxes: 2, pods: 1, cpu: "2000m", memory: "4096Mi" },
    { sandboxes: 7, pods: 1, cpu: "7000m", memory: "14336Mi" },
    { sandboxes: 8, pods: 2, cpu: "7000m", memory: "14336Mi" },
  ])("keeps room for $sandboxes sandboxes by $pods pods of $cpu", ({ sandboxes, pods, cpu, memory }) => {
    const { objects } = manifestsOf(20, { warmHeadroom: sandboxes });
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({ kind: "Deployment", spec: { replicas: pods } });
    expect(podOf(objects[0]!).containers[0]!.resources.requests).toEqual({ cpu, memory });
  });

  it("lets any other pod take its place", () => {
    const { priorityClass, objects } = manifestsOf(20);
    expect(priorityClass).toMatchObject({ kind: "PriorityClass", value: -10, preemptionPolicy: "Never" });
    expect(podOf(objects[0]!)).toMatchObject({
      priorityClassName: priorityClass!.metadata.name,
      terminationGracePeriodSeconds: 0,
    });
  });

  it("is ready without a single pod, so that a full pool holds no deployment up", () => {
    expect(manifestsOf(20).objects[0]).toMatchObject({
      spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%", maxSurge: 0 } } },
    });
  });

  it.each(["pause-pods", "capacity-buffer"] as const)("stays on the nodes of sandboxes, without rights: %s", (kind) => {
    const { objects } = manifestsOf(20, { headroomKind: kind });
    expect(podOf(objects[0]!)).toMatchObject({
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

  it("asks for no device: the one that it makes way for shall have it", () => {
    expect(JSON.stringify(manifestsOf(20))).not.toContain("smarter-devices");
  });

  it("lets Karpenter count in sandboxes where it keeps a buffer", () => {
    const { priorityClass, objects } = manifestsOf(200, { headroomKind: "capacity-buffer" });
    expect(priorityClass).toBeUndefined();
    expect(objects.map(({ kind }) => kind)).toEqual(["PodTemplate", "CapacityBuffer"]);
    expect(podOf(objects[0]!).containers[0]!.resources.requests).toEqual({ cpu: "1000m", memory: "2048Mi" });
    expect(objects[1]).toMatchObject({ spec: { podTemplateRef: { name: objects[0]!.metadata.name }, replicas: 10 } });
  });
});

describe("the capacity buffer", () => {
  it("is valid by schema and rules", () => {
    const [, buffer] = manifestsOf(20, { headroomKind: "capacity-buffer" }).objects;
    expect([...validateCustomResource(buffer!), ...celViolations(buffer!)]).toEqual([]);
  });
});
