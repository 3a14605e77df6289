import { controllerFindings, serviceFindings } from "../../../domain/doctor/workloads";
import { planEnvironment } from "../../../domain/environment/environment";
import type { DeploymentState, PodState } from "../../../domain/status/observed";
import { headroomName } from "../../../domain/nodes/headroom-manifests";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";
import { asPlanned, AT, deployment, withService } from "../../support/observed";

const plan = planEnvironment(prod);
const planned = asPlanned(plan);
const minutesAgo = (minutes: number): string => new Date(Date.parse(AT) - minutes * 60_000).toISOString();
const unready: Partial<PodState> = { ready: false, created: minutesAgo(3) };

describe("services", () => {
  const judge = (change: Partial<DeploymentState>, ...pods: Partial<PodState>[]): string[] => {
    const changed = withService(planned, "retool-code-executor", change, pods.length === 0 ? undefined : pods);
    return texts(serviceFindings(plan, changed, AT));
  };

  test("are good where every one has its pods", () => {
    expect(texts(serviceFindings(plan, planned, AT))).toEqual(["good 8 services with 13 pods, all ready"]);
  });

  test("are missing", () => {
    const deployments = planned.deployments.filter(({ name }) => name !== "retool-js-executor");

    expect(texts(serviceFindings(plan, { ...planned, deployments }, AT))).toEqual([
      "problem js-executor: there is no Deployment retool-js-executor; the plan has it; what it does for users does not work; npx cdktf deploy prod; if that changes nothing, somebody deleted it: helm -n retool rollback retool <revision>, the one that helm -n retool history retool calls deployed",
    ]);
  });

  test("that all only start are one finding", () => {
    const deployments = planned.deployments.map((each) => ({ ...each, ready: 0 }));
    const [first, ...others] = texts(serviceFindings(plan, { ...planned, deployments, pods: [] }, AT));

    expect(others).toEqual([]);
    expect(first).toBe(
      "warning 8 services have fewer ready pods than they ask for: api 0 of 2, workflow-worker 0 of 2, workflow-backend 0 of 1, code-executor 0 of 2, js-executor 0 of 1, sandbox-controller 0 of 1, sandbox-proxy 0 of 2, r2-agent-worker 0 of 2; a deployment is going on, or what they all need is not there: nodes, the database, the jobs-runner; wait, and watch them: kubectl -n retool get deployments --watch",
    );
  });

  test("are not in the plan", () => {
    const deployments = [...planned.deployments, deployment("retool-dbconnector"), deployment("a-team-s-own")];

    expect(texts(serviceFindings(plan, { ...planned, deployments }, AT))).toEqual([
      "warning Deployment retool-dbconnector runs and is not in the plan; it was made by hand, or the last deployment did not finish; it takes room and connections; npx cdktf deploy prod; if it is still there, kubectl -n retool delete deployment retool-dbconnector",
    ]);
  });

  test.each<[string, Partial<DeploymentState>, string]>([
    [
      "too few",
      { wanted: 1 },
      "warning code-executor: the Deployment asks for 1 pods, the plan says 2; it has less room than its users need: somebody scaled it, or the configuration is not deployed; kubectl -n retool scale deployment/retool-code-executor --replicas=2",
    ],
    [
      "none",
      { wanted: 0, updated: 0, existing: 0, ready: 0 },
      "problem code-executor: the Deployment asks for 0 pods, the plan says 2; it has less room than its users need: somebody scaled it, or the configuration is not deployed; kubectl -n retool scale deployment/retool-code-executor --replicas=2",
    ],
    [
      "too many",
      { wanted: 5, updated: 5, existing: 5, ready: 5 },
      "warning code-executor: the Deployment asks for 5 pods, the plan says 2; nodes and the database's connections are planned for fewer: somebody scaled it, or the configuration is not deployed; kubectl -n retool scale deployment/retool-code-executor --replicas=2",
    ],
    [
      "another version",
      { image: "tryretool/code-executor-service:4.0.8-stable" },
      "warning code-executor: 4.0.8-stable runs, the configuration says 4.0.9-stable; the configuration was changed and not deployed, or the deployment did not finish; npx cdktf deploy prod",
    ],
    [
      "a rollout",
      { updated: 1, existing: 3, ready: 2 },
      "warning code-executor: 2 of 2 pods are ready, and old pods are being replaced; a rollout or a start is going on; until it ends, fewer pods serve; wait, and watch it: kubectl -n retool rollout status deployment/retool-code-executor",
    ],
  ])("have %s", (_, change, expected) => {
    expect(judge(change)).toEqual([expected]);
  });

  const pending = { ...unready, phase: "Pending", unschedulable: "0/3 nodes are available: 3 Insufficient cpu." };
  const stopped = { reason: "exit code 1", message: "", at: minutesAgo(2) };
  const backOff = { reason: "CrashLoopBackOff", message: "back-off 5m0s" };

  test.each<[string, Partial<PodState>, string]>([
    [
      "no node for a moment",
      pending,
      "warning code-executor: pod retool-code-executor-0 has waited 3 minutes for a node: 0/3 nodes are available: 3 Insufficient cpu.; Karpenter launches a node within two minutes; where it cannot, the pod waits for ever; kubectl -n retool describe pod retool-code-executor-0; kubectl get nodeclaims -o wide",
    ],
    [
      "no node for long",
      { ...pending, created: minutesAgo(30) },
      "problem code-executor: pod retool-code-executor-0 has waited 30 minutes for a node: 0/3 nodes are available: 3 Insufficient cpu.; Karpenter launches a node within two minutes; where it cannot, the pod waits for ever; kubectl -n retool describe pod retool-code-executor-0; kubectl get nodeclaims -o wide",
    ],
    [
      "no image",
      { ...unready, waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image\n "x"' } },
      'problem code-executor: pod retool-code-executor-0: ImagePullBackOff: Back-off pulling image "x"; the registry cannot be reached, or does not have the tag; kubectl -n retool describe pod retool-code-executor-0; correct retoolVersion or retool.images, or open the registry\'s hosts',
    ],
    [
      "no Secret",
      { ...unready, waiting: { reason: "CreateContainerConfigError", message: 'secret "s" not found' } },
      'problem code-executor: pod retool-code-executor-0: CreateContainerConfigError: secret "s" not found; a Secret or a key of it is not there; kubectl -n retool describe pod retool-code-executor-0; deploy again: Secrets are written before the pods',
    ],
    [
      "a process that ends",
      { ...unready, waiting: backOff, stopped },
      "problem code-executor: pod retool-code-executor-0: CrashLoopBackOff, last end: exit code 1; the process ends as soon as it starts; kubectl -n retool logs retool-code-executor-0 --previous --tail=50",
    ],
    [
      "too little memory",
      { ...unready, waiting: backOff, stopped: { ...stopped, reason: "OOMKilled" } },
      "problem code-executor: pod retool-code-executor-0: OOMKilled, again and again; it takes more memory than its limit; raise retool.codeExecutor.resources.memoryLimitMiB and deploy",
    ],
    [
      "no answer",
      { ready: false },
      "problem code-executor: pod retool-code-executor-0: not ready for 60 minutes; it answers no health check: it waits for the database, for a migration, or for Temporal; kubectl -n retool logs retool-code-executor-0 --tail=50",
    ],
    [
      "been restarted",
      { restarts: 1, stopped },
      "warning code-executor: a container stopped within the last hour (exit code 1); it runs again; if it stops often, requests are lost; kubectl -n retool logs deployment/retool-code-executor --previous --tail=50",
    ],
  ])("have a pod that has %s", (_, change, expected) => {
    expect(judge({}, change, {})).toEqual([expected]);
  });

  test.each<[string, Partial<PodState>]>([
    ["stopped two hours ago", { restarts: 1, stopped: { ...stopped, at: minutesAgo(120) } }],
    ["ends", { ready: false, ending: true }],
    ["starts, and the others are enough", { ...unready }],
  ])("are good with a pod that %s", (_, change) => {
    expect(judge({}, change, {})).toEqual(["good 8 services with 13 pods, all ready"]);
  });
});

describe("controllers", () => {
  const judge = (...controllers: DeploymentState[]): string[] =>
    texts(controllerFindings(plan, { ...planned, controllers }));
  const others = planned.controllers.slice(1);

  test("are good where all are ready", () => {
    expect(judge(...planned.controllers)).toEqual(["good 3 in kube-system, all ready"]);
  });

  test("are good but for placeholders, which give way to sandboxes", () => {
    const headroom = deployment(headroomName(plan.cluster.pools), { ready: 0 });

    expect(judge(...planned.controllers, headroom)).toEqual([
      "warning retool-sandbox-headroom: 0 of 1 placeholders have room; the next sandboxes wait for a node; where Karpenter launches one, the placeholders are back within minutes; kubectl get nodeclaims -o wide",
    ]);
  });

  test("are missing, without a pod, or have too few", () => {
    expect(judge(...others)).toEqual([
      "problem there is no Deployment coredns in kube-system; no name is resolved in the cluster; npx cdktf deploy prod",
    ]);
    expect(judge(...others, deployment("coredns", { wanted: 2, ready: 0 }))).toEqual([
      "problem coredns: 0 of 2 pods are ready; no name is resolved in the cluster; kubectl -n kube-system get pods; kubectl -n kube-system logs deployment/coredns --tail=50",
    ]);
    expect(judge(...others, deployment("coredns", { wanted: 2, ready: 1 }))).toEqual([
      "warning coredns: 1 of 2 pods are ready; the next failure stops it altogether; kubectl -n kube-system get pods; kubectl -n kube-system logs deployment/coredns --tail=50",
    ]);
  });
});
