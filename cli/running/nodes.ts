import type { LaunchFailure, Nodes, NodeState, PoolState } from "../../domain/status/observed";
import { Failure } from "../failure";
import type { KubernetesApi } from "../kubernetes-api";

type Labels = Readonly<Record<string, string>>;

interface List<Item> {
  readonly items: readonly Item[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface Item {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface NodePool {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly limits?: Labels };
  readonly status?: { readonly resources?: Labels };
}

/** Label of Karpenter that names the pool of a node. */
const POOL = "karpenter.sh/nodepool";

/** Label of EKS that names the managed node group of a node. */
const NODE_GROUP = "eks.amazonaws.com/nodegroup";

/** Reads nodes, pools, and nodes that could not be launched. */
export async function nodesOf(api: KubernetesApi): Promise<Nodes> {
  const [nodes, pools, claims] = await Promise.all([
    api.call<List<Item>>("GET", "/api/v1/nodes"),
    ifThere(api.call<List<NodePool>>("GET", "/apis/karpenter.sh/v1/nodepools")),
    ifThere(api.call<List<Item>>("GET", "/apis/karpenter.sh/v1/nodeclaims")),
  ]);
  return {
    nodes: nodes.items.map(nodeState),
    pools: pools.items.map(poolState),
    failures: claims.items.flatMap(launchFailure),
  };
}

/** Without Karpenter's definitions the server knows no such path. */
async function ifThere<Each>(asked: Promise<List<Each>>): Promise<List<Each>> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Failure && error.message.includes("(404:")) return { items: [] };
    throw error;
  }
}

function nodeState({ metadata: { name, labels = {} }, status }: Item): NodeState {
  return {
    name,
    pool: labels[POOL],
    isManaged: labels[NODE_GROUP] !== undefined,
    ready: status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") === true,
    type: labels["node.kubernetes.io/instance-type"] ?? "",
  };
}

function poolState({ metadata: { name }, spec: { limits = {} }, status }: NodePool): PoolState {
  return {
    name,
    mostNodes: limits["nodes"] === undefined ? undefined : Number(limits["nodes"]),
    cpus: cpusOf(status?.resources?.["cpu"]) ?? 0,
    mostCpus: cpusOf(limits["cpu"]),
  };
}

/** CPUs of a quantity such as `16` or `15890m`. */
function cpusOf(quantity: string | undefined): number | undefined {
  if (quantity === undefined) return undefined;
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}

function launchFailure({ metadata: { labels = {} }, status }: Item): LaunchFailure[] {
  const failed = status?.conditions?.find(hasFailed);
  if (failed === undefined) return [];
  const { message, reason } = failed;
  const said = (message ?? reason ?? "no reason is given").replaceAll(/\s+/g, " ").slice(0, 200);
  return [{ pool: labels[POOL] ?? "of nobody", message: said }];
}

/** Unknown means that it was not tried yet, unless it says why not. */
function hasFailed({ type, status, reason }: Condition): boolean {
  return type === "Launched" && (status === "False" || (status === "Unknown" && reason === "LaunchFailed"));
}
