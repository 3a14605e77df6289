import { amount } from "./container-validation";
import type { PodSpec, SpreadConstraint } from "./pod-validation";

/** A node as the scheduler sees it. */
export interface Node {
  readonly name: string;
  readonly zone: string;
  /** CPUs that pods may have. */
  readonly cpus: number;
}

/** A pod of one revision of a Deployment. */
export interface ScheduledPod {
  readonly deployment: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

/** Where a pod was placed. */
export interface Placement {
  readonly pod: ScheduledPod;
  readonly node: Node;
}

const HOST = "kubernetes.io/hostname";

/**
 * Places pods as kube-scheduler may at worst: of the nodes that its filters leave, always the one with the most pods.
 *
 * Filters: room (NodeResourcesFit), required anti-affinity (InterPodAffinity) and topology spread with `minDomains`
 * (PodTopologySpread, `DoNotSchedule`), each with `matchLabelKeys`. What only scores nodes promises nothing and is left out.
 * Source: Kubernetes 1.34, pkg/scheduler/framework/plugins.
 */
export class Scheduler {
  public readonly placements: Placement[] = [];
  private readonly nodes: Node[] = [];
  private waiting: ScheduledPod[];

  public constructor(pods: readonly ScheduledPod[]) {
    this.waiting = [...pods];
  }

  /** Pods for which no node is left. */
  public get pending(): readonly ScheduledPod[] {
    return this.waiting;
  }

  /** A node becomes ready, and the scheduler tries every pod that waits. */
  public join(node: Node): void {
    this.nodes.push(node);
    this.schedule();
  }

  /** A zone goes with its nodes; their pods wait again. */
  public lose(isLost: (node: Node) => boolean): void {
    const lost = this.placements.filter(({ node }) => isLost(node));
    this.nodes.splice(0, this.nodes.length, ...this.nodes.filter((node) => !isLost(node)));
    this.placements.splice(0, this.placements.length, ...this.placements.filter(({ node }) => !isLost(node)));
    this.waiting = [...this.waiting, ...lost.map(({ pod }) => pod)];
    this.schedule();
  }

  private schedule(): void {
    this.waiting = this.waiting.filter((pod) => {
      const fitting = this.nodes.filter(
        (node) => this.fits(pod, node) && this.isApart(pod, node) && this.isSpread(pod, node),
      );
      const [node] = fitting.sort((left, right) => this.on(right).length - this.on(left).length);
      if (node !== undefined) this.placements.push({ pod, node });
      return node === undefined;
    });
  }

  private on({ name }: Node): Placement[] {
    return this.placements.filter(({ node }) => node.name === name);
  }

  private fits(pod: ScheduledPod, node: Node): boolean {
    return (
      [...this.on(node).map((placement) => placement.pod), pod].reduce((sum, one) => sum + cpusOf(one), 0) <= node.cpus
    );
  }

  private isApart(pod: ScheduledPod, node: Node): boolean {
    const terms = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    return terms.every(({ topologyKey = "", ...selector }) =>
      this.placements.every(
        (other) => domain(other.node, topologyKey) !== domain(node, topologyKey) || !selects(selector, pod, other.pod),
      ),
    );
  }

  private isSpread(pod: ScheduledPod, node: Node): boolean {
    const strict = (pod.spec.topologySpreadConstraints ?? []).filter(
      ({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule",
    );
    return strict.every((constraint) => this.skew(constraint, pod, node) <= constraint.maxSkew);
  }

  private skew(constraint: SpreadConstraint, pod: ScheduledPod, node: Node): number {
    const { topologyKey = "", minDomains = 1 } = constraint;
    const domains = [...new Set(this.nodes.map((one) => domain(one, topologyKey)))];
    const count = (name: string): number =>
      this.placements.filter((other) => domain(other.node, topologyKey) === name && selects(constraint, pod, other.pod))
        .length;
    const least = domains.length < minDomains ? 0 : Math.min(...domains.map(count));
    return count(domain(node, topologyKey)) + 1 - least;
  }
}

function domain(node: Node, topologyKey: string): string {
  return topologyKey === HOST ? node.name : node.zone;
}

/** Whether a selector that compares labels with those of `pod` matches another pod. */
function selects(
  { labelSelector, matchLabelKeys }: Pick<SpreadConstraint, "labelSelector" | "matchLabelKeys">,
  pod: ScheduledPod,
  other: ScheduledPod,
): boolean {
  const labels = Object.entries(labelSelector?.matchLabels ?? {});
  const compared = (matchLabelKeys ?? []).map((key) => [key, pod.labels[key]] as const);
  return [...labels, ...compared].every(([key, value]) => other.labels[key] === value);
}

function cpusOf({ spec }: ScheduledPod): number {
  return spec.containers.reduce((sum, { resources }) => sum + (amount(resources?.requests?.["cpu"]) ?? 0), 0);
}
