import { nodeFindings } from "../../../domain/doctor/nodes";
import { planEnvironment } from "../../../domain/environment/environment";
import type { Nodes } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";
import { node, nodesAsPlanned } from "../../support/observed";

const plan = planEnvironment(prod);
const planned = nodesAsPlanned(plan);
const judge = (change: Partial<Nodes>): string[] => texts(nodeFindings(plan, { ...planned, ...change }));
const retool = planned.pools.find(({ name }) => name === "retool")!;
const others = planned.pools.filter((pool) => pool !== retool);

describe("nodes", () => {
  test("are good where all are ready", () => {
    const { retoolPool, sandboxPool } = plan.capacity;
    const maximum = plan.cluster.systemNodes!.maximum;

    expect(judge({})).toEqual([
      `good all ready: system 2 of at most ${maximum}, retool 1 of at most ${retoolPool.limits.nodes}, sandbox 1 of at most ${sandboxPool.limits.nodes}`,
    ]);
  });

  test("are not ready", () => {
    const nodes = [
      ...planned.nodes,
      ...["b", "c", "d", "e"].map((name) => node(name, { pool: "retool", ready: false })),
    ];

    expect(judge({ nodes })).toEqual([
      "problem pool retool: 4 nodes are not ready: b, c, d; their pods are lost to their services until they start elsewhere; kubectl describe node b; a node of Karpenter is replaced by kubectl delete node <node>",
    ]);
  });

  test("are too few for the controllers", () => {
    expect(judge({ nodes: planned.nodes.slice(1) })).toEqual([
      "problem pool system: 1 of 2 nodes; controllers that insist on different nodes do not start; look at the node group's health in the EKS console, and at the account's quota",
    ]);
  });

  test("are none of the managed group: the group exists, and its nodes do not", () => {
    expect(judge({ nodes: planned.nodes.filter(({ isManaged }) => !isManaged) })).toEqual([
      expect.stringMatching(/^problem pool system: 0 of 2 nodes; controllers that insist/),
    ]);
  });

  test("have no pool", () => {
    expect(judge({ pools: others })).toEqual([
      "problem pool retool: it does not exist; no node of it is ever launched; npx cdktf deploy prod",
    ]);
  });

  test("are limited otherwise than planned", () => {
    expect(judge({ pools: [{ ...retool, mostNodes: 3 }, ...others] })).toEqual([
      `warning pool retool: the cluster allows 3 nodes, the plan says ${plan.capacity.retoolPool.limits.nodes}; the configuration was changed and not deployed, or the pool was changed by hand; npx cdktf deploy prod`,
    ]);
  });

  test("are at the limit, by their number or by their CPUs", () => {
    const full = `warning pool retool: it is at its limit of ${retool.mostNodes} nodes; the next pod without room waits; raise builders or users and deploy`;
    const many = Array.from({ length: retool.mostNodes! }, (_, index) => node(`n${index}`, { pool: "retool" }));

    expect(judge({ pools: [{ ...retool, cpus: retool.mostCpus! }, ...others] })).toEqual([full]);
    expect(judge({ nodes: [...planned.nodes.filter(({ pool }) => pool !== "retool"), ...many] })).toEqual([full]);
  });

  test("cannot be launched", () => {
    expect(judge({ failures: [{ pool: "sandbox", message: "VcpuLimitExceeded" }] })).toEqual([
      "problem pool sandbox: a node could not be launched: VcpuLimitExceeded; pods wait for it; kubectl get nodeclaims -o wide; the runbook says what each of EC2's refusals means",
    ]);
  });
});
