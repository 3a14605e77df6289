import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import type { Nodes } from "../status/observed";
import { type PoolStatus, poolStatuses } from "../status/pools";
import { type Finding, good, problem, warning } from "./finding";

const CHECK = "nodes";

/** Nodes that are named; more do not fit on a screen. */
const SHOWN = 3;

/** Judges the nodes of every pool against the plan and the pool's limits. */
export function nodeFindings(plan: EnvironmentPlan, nodes: Nodes): Finding[] {
  const pools = poolStatuses(plan, nodes);
  const found = [
    ...pools.flatMap((pool) => poolFindings(deployCommand(plan), pool)),
    ...nodes.failures.map(({ pool, message }) =>
      problem(CHECK, {
        what: `pool ${pool}: a node could not be launched: ${message}`,
        why: "pods wait for it",
        remedy: "kubectl get nodeclaims -o wide; the runbook says what each of EC2's refusals means",
        link: "docs/runbooks/pods-pending.md",
      }),
    ),
  ];
  const counts = pools.map(({ name, ready, most }) => `${name} ${ready} of at most ${most}`).join(", ");
  return found.length > 0 ? found : [good(CHECK, `all ready: ${counts}`)];
}

const LINK = "docs/runbooks/pods-pending.md";

function poolFindings(deploy: string, pool: PoolStatus): Finding[] {
  if (pool.exists) return [...readyFindings(pool), ...limitFindings(deploy, pool)];
  return [
    problem(CHECK, {
      what: `pool ${pool.name}: it does not exist`,
      why: "no node of it is ever launched",
      remedy: deploy,
      link: "docs/guides/interrupted-apply.md",
    }),
  ];
}

function readyFindings({ name, ready, notReady, fewest }: PoolStatus): Finding[] {
  if (notReady.length > 0)
    return [
      problem(CHECK, {
        what: `pool ${name}: ${notReady.length === 1 ? "1 node is" : `${notReady.length} nodes are`} not ready: ${notReady.slice(0, SHOWN).join(", ")}`,
        why: "their pods are lost to their services until they start elsewhere",
        remedy: `kubectl describe node ${notReady[0] ?? ""}; a node of Karpenter is replaced by kubectl delete node <node>`,
        link: "docs/runbooks/nodes-not-ready.md",
      }),
    ];
  if (ready >= fewest) return [];
  return [
    problem(CHECK, {
      what: `pool ${name}: ${ready} of ${fewest} nodes`,
      why: "controllers that insist on different nodes do not start",
      remedy: "look at the node group's health in the EKS console, and at the account's quota",
      link: LINK,
    }),
  ];
}

function limitFindings(deploy: string, { name, most, allowed, isFull }: PoolStatus): Finding[] {
  const differs = warning(CHECK, {
    what: `pool ${name}: the cluster allows ${allowed ?? "any number of"} nodes, the plan says ${most}`,
    why: "the configuration was changed and not deployed, or the pool was changed by hand",
    remedy: deploy,
    link: LINK,
  });
  const full = warning(CHECK, {
    what: `pool ${name}: it is at its limit of ${allowed ?? most} nodes`,
    why: "the next pod without room waits",
    remedy: "raise builders or users and deploy",
    link: LINK,
  });
  return [...(allowed === most ? [] : [differs]), ...(isFull ? [full] : [])];
}
