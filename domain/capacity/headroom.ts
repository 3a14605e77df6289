/** Room on the nodes of the sandboxes that is kept free for the next sessions. */
export interface HeadroomPlan {
  /** Sandboxes that find room at once; rounded up so that every pod holds the same. */
  readonly sandboxes: number;
  /** Pods of low priority that hold the room and make way for sandboxes. */
  readonly pods: number;
  /** Sandboxes whose room each of these pods holds. */
  readonly sandboxesPerPod: number;
}

/** Part of the peak that is kept free unless something else is asked for: one session in twenty. */
const DEFAULT_SHARE = 20;

/** Room for so many sandboxes is kept free at least, unless something else is asked for. */
const LEAST_DEFAULT = 2;

/** Room that is kept free where nothing else is asked for. */
export function defaultHeadroom(sessions: number): number {
  return Math.max(LEAST_DEFAULT, Math.ceil(sessions / DEFAULT_SHARE));
}

/**
 * Shares room between as few pods as hold it: small pods would spread, and each would keep its node from being empty.
 *
 * @param sandboxes - Sandboxes that should find room.
 * @param sandboxesPerNode - Sandboxes that one node holds.
 */
export function planHeadroom(sandboxes: number, sandboxesPerNode: number): HeadroomPlan {
  if (sandboxes === 0) return { sandboxes, pods: 0, sandboxesPerPod: 0 };
  const pods = Math.ceil(sandboxes / sandboxesPerNode);
  const sandboxesPerPod = Math.ceil(sandboxes / pods);
  return { sandboxes: pods * sandboxesPerPod, pods, sandboxesPerPod };
}

/** DaemonSets of the chart on the nodes of sandboxes, in the namespace of Retool: seccomp profiles, images and, where it is used, devices. */
export const SANDBOX_DAEMON_SETS = { withDevices: 3, withoutDevices: 2 } as const;

/** What decides on how many nodes sandboxes run. */
export interface SandboxPacking {
  /** Settings of the sandboxes. */
  readonly sandbox: { readonly devicePlugin: boolean };
  /** Sandboxes that one node holds. */
  readonly maxDevices: number;
  /** Room that is kept free. */
  readonly headroom: HeadroomPlan;
}

/** Pods of the sandboxes' DaemonSets while so many sandboxes exist on nodes that are full and not being replaced. */
export function sandboxDaemonPods({ sandbox, maxDevices, headroom }: SandboxPacking, sandboxes: number): number {
  const { withDevices, withoutDevices } = SANDBOX_DAEMON_SETS;
  return (sandbox.devicePlugin ? withDevices : withoutDevices) * nodesWithHeadroom(sandboxes, maxDevices, headroom);
}

/**
 * Nodes that hold sandboxes and the room that is kept free.
 *
 * Sandboxes fill nodes first: theirs is the higher priority, and they prefer the nodes of others. A pod that holds room has it on one
 * node, so the last node of the sandboxes takes one only where all of its room is left there.
 */
export function nodesWithHeadroom(
  sandboxes: number,
  sandboxesPerNode: number,
  { pods, sandboxesPerPod }: HeadroomPlan,
): number {
  const nodes = Math.ceil(sandboxes / sandboxesPerNode);
  const left = nodes * sandboxesPerNode - sandboxes;
  const besides = pods === 0 ? 0 : Math.min(pods, Math.floor(left / sandboxesPerPod));
  return nodes + pods - besides;
}
