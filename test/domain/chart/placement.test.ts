import { planCapacity } from "../../../domain/capacity/capacity";
import type { HelmValues } from "../../../domain/chart/values";
import { headroomManifests } from "../../../domain/nodes/headroom-manifests";
import { context } from "../../support/fakes";
import type { ContainerSpec } from "../../support/container-validation";
import { type PodSpec, podErrors, refusedPods } from "../../support/pod-validation";
import { EVERYTHING } from "../../support/release-choices";
import { capacity, releaseValues } from "../../support/retool-release";

/** What only the values decide about each pod; the chart adds the rest, which test/contracts checks where it is at hand. */
function podsOf(values: HelmValues): Readonly<Record<string, PodSpec>> {
  const { affinity, rr, workflows, codeExecutor, dbconnector, agents, multiplayer, mcp } = values;
  const { agentSandbox, jsExecutor, agent } = rr;
  const { tolerations, affinity: sandboxAffinity } = agentSandbox;
  const pod = (parts: object, rest: object = { affinity }): PodSpec => {
    const { resources, securityContext } = parts as Pick<ContainerSpec, "resources" | "securityContext">;
    return { containers: [{ name: "container", image: "image", resources, securityContext }], ...rest };
  };
  return {
    api: pod(values),
    "jobs-runner": pod(values.jobRunner),
    "workflow-worker": pod(workflows.worker),
    "workflow-backend": pod(workflows.backend),
    "code-executor": pod(codeExecutor, codeExecutor),
    "js-executor": pod(jsExecutor, jsExecutor),
    "r2-agent-worker": pod(agent.worker),
    "sandbox-controller": pod(agentSandbox.controller, { affinity: sandboxAffinity, tolerations }),
    "sandbox-proxy": pod(agentSandbox.proxy, { affinity: sandboxAffinity, tolerations }),
    sandbox: pod(agentSandbox.sandbox, { tolerations }),
    dbconnector: pod(dbconnector),
    "agent-worker": pod(agents["worker"] as object),
    "agent-eval-worker": pod(agents["evalWorker"] as object),
    multiplayer: pod(multiplayer),
    mcp: pod(mcp),
  };
}

describe("the pods that the values ask for", () => {
  test.each([
    ["production", {}],
    ["evaluation", { retool: { profile: "evaluation" as const } }],
    ["without a sandbox for code", { retool: { codeExecutor: { sandboxing: "unsandboxed" as const } } }],
    ["privileged code", { retool: { codeExecutor: { sandboxing: "privileged" as const } } }],
    ["nodes for users' code", { input: { capacity: { ...capacity, codePool: {} } } }],
    ["a priority", { retool: { priorityClassName: "retool" } }],
  ])("are accepted by the API server's rules: %s", (_, choice) => {
    const pods = podsOf(
      releaseValues({ ...choice, retool: { ...EVERYTHING, ...("retool" in choice && choice.retool) } }),
    );

    for (const [name, pod] of Object.entries(pods)) expect([name, podErrors(pod)]).toEqual([name, []]);
  });

  test("are accepted: the ones that keep room free", () => {
    const { pods } = headroomManifests(planCapacity({ builders: 200 }, context).plan, "kube-system")!;

    expect(pods.kind).toBe("Deployment");
    expect(refusedPods([pods])).toEqual([]);
  });
});
