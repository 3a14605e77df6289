/** Seconds that things take, from public measurements. */
export const LATENCIES = {
  /**
   * From a pending pod to a node that is ready: Karpenter's batch, the instance, the kubelet.
   *
   * Public logs of Karpenter on EKS have 41 to 55 seconds.
   */
  nodeReady: 50,
  /** From a ready node to the images of a sandbox: 30 to 40 seconds for images of this size. */
  images: 35,
  /** From a pod on a node that has the images to a sandbox that answers; the chart's comments say 20 to 25 for the boot. */
  boot: 28,
} as const;

/** A node of sandboxes. */
export interface SimulatedNode {
  /** When pods can start on it. */
  readonly readyAt: number;
  /** When Karpenter begins to empty it because of its age. */
  readonly expiresAt: number;
  /** Sandboxes that it has room for. */
  room: number;
  /** Sandboxes on it. */
  used: number;
  /** Room that is kept free on it, in sandboxes. */
  kept: number;
  /** Whether it takes no further pod, because it goes as soon as the last one has ended. */
  draining: boolean;
  /** When it became empty; undefined while it is not. */
  emptySince: number | undefined;
}

/** Where a pod was put: on a node that runs, or on one that is about to. */
export interface Placement {
  /** The node. */
  readonly node: SimulatedNode;
  /** When the sandbox answers. */
  readonly answersAt: number;
  /** Whether the node, or its images, had to be waited for. */
  readonly isNew: boolean;
}

/** Size and limits of the pool. */
export interface PoolSize {
  /** Most nodes. */
  readonly mostNodes: number;
  /** Sandboxes that one node has room for. */
  readonly roomPerNode: number;
  /** Room that is kept free, in sandboxes. */
  readonly headroom: number;
  /** Sandboxes whose room one pause pod holds. */
  readonly headroomPerPod: number;
  /** Seconds after which an empty node is removed. */
  readonly emptySeconds: number;
  /** Seconds after which a node takes no further pod. */
  readonly expirySeconds: number;
}

/**
 * Nodes that Karpenter adds and removes, and a scheduler that puts each pod on the emptiest one, as Kubernetes does.
 *
 * Room that is kept free lies on one node, as the pause pod does that stands for it; a sandbox that finds no other room takes
 * all of it, and a new place is sought.
 */
export class SimulatedPool {
  /** Nodes that are there. */
  public nodes: SimulatedNode[] = [];
  private homeless: number;

  public constructor(private readonly size: PoolSize) {
    this.homeless = size.headroom;
    this.noteEmpty(this.add(-LATENCIES.nodeReady - LATENCIES.images), 0);
    this.keepRoom(0);
  }

  /** Puts a pod on a node; undefined where the pool is full. */
  public place(now: number): Placement | undefined {
    const node = this.emptiest(now) ?? this.takeKept(now) ?? this.starting() ?? this.launch(now);
    if (node === undefined) return undefined;
    node.used++;
    node.emptySince = undefined;
    this.keepRoom(now);
    const startsAt = Math.max(now, node.readyAt + LATENCIES.images);
    return { node, answersAt: startsAt + LATENCIES.boot, isNew: startsAt > now };
  }

  /** Takes a pod away. */
  public release(node: SimulatedNode, now: number): void {
    node.used--;
    this.noteEmpty(node, now);
    this.keepRoom(now);
  }

  /** Lets old nodes take no further pod, and removes those that have been empty for long enough. */
  public sweep(now: number): void {
    for (const node of this.nodes.filter(({ draining, expiresAt }) => !draining && expiresAt <= now))
      this.drain(node, now);
    const leaves = ({ draining, used, emptySince }: SimulatedNode): boolean =>
      draining ? used === 0 : emptySince !== undefined && now - emptySince >= this.size.emptySeconds;
    this.nodes = this.nodes.filter((node) => !leaves(node));
  }

  private drain(node: SimulatedNode, now: number): void {
    node.draining = true;
    this.homeless += node.kept;
    node.kept = 0;
    this.keepRoom(now);
  }

  private emptiest(now: number): SimulatedNode | undefined {
    let best: SimulatedNode | undefined;
    for (const node of this.nodes) {
      if (node.readyAt <= now && free(node) > (best === undefined ? 0 : free(best))) best = node;
    }
    return best;
  }

  private takeKept(now: number): SimulatedNode | undefined {
    const node = this.nodes.find(({ kept, readyAt }) => kept > 0 && readyAt <= now);
    if (node === undefined) return undefined;
    this.homeless += node.kept;
    node.kept = 0;
    return node;
  }

  private starting(): SimulatedNode | undefined {
    return this.nodes.find((node) => free(node) > 0);
  }

  private launch(now: number): SimulatedNode | undefined {
    return this.nodes.length < this.size.mostNodes ? this.add(now) : undefined;
  }

  /** Pause pods find the emptiest node with room for a whole one, or a new node. */
  private keepRoom(now: number): void {
    while (this.homeless > 0) {
      const each = Math.min(this.homeless, this.size.headroomPerPod);
      const node = this.nodes.find((one) => free(one) >= each) ?? this.launch(now);
      if (node === undefined || free(node) < each) return;
      node.kept += each;
      node.emptySince = undefined;
      this.homeless -= each;
    }
  }

  private add(now: number): SimulatedNode {
    const node = {
      readyAt: now + LATENCIES.nodeReady,
      expiresAt: now + this.size.expirySeconds,
      room: this.size.roomPerNode,
      used: 0,
      kept: 0,
      draining: false,
      emptySince: undefined,
    };
    this.nodes.push(node);
    return node;
  }

  private noteEmpty(node: SimulatedNode, now: number): void {
    const isEmpty = node.used === 0 && node.kept === 0;
    node.emptySince = isEmpty ? (node.emptySince ?? now) : undefined;
  }
}

function free({ room, used, kept, draining }: SimulatedNode): number {
  return draining ? 0 : room - used - kept;
}
