/** Room on the nodes of the sandboxes that is kept free for the next sessions. */
export interface HeadroomPlan {
  /** Sandboxes that find room at once, the same number in every pod. */
  readonly sandboxes: number;
  /** Pods of low priority that hold the room and make way for sandboxes. */
  readonly pods: number;
  /** Sandboxes whose room each of these pods holds. */
  readonly sandboxesPerPod: number;
}

/** Part of the peak that is kept free unless something else is asked for: about one session in twenty. */
const DEFAULT_SHARE = 20;

/** Room for so many sandboxes is kept free at least, unless something else is asked for. */
const LEAST_DEFAULT = 2;

/** Room that is kept free where nothing else is asked for. */
export function defaultHeadroom(sessions: number): number {
  return Math.max(LEAST_DEFAULT, Math.ceil(sessions / DEFAULT_SHARE));
}

/** How many sandboxes are to find room. */
export interface HeadroomDemand {
  /** Sandboxes. */
  readonly sandboxes: number;
  /**
   * Whether fewer are not enough, because somebody asked for so many. Otherwise a few less are kept free: one sandbox above two nodes
   * keeps a third through the night.
   */
  readonly isMinimum: boolean;
}

/**
 * Shares room between as few pods as hold it: small pods would spread, and each would keep its node from being empty.
 *
 * @param demand - Sandboxes that should find room.
 * @param sandboxesPerNode - Sandboxes that one node holds.
 */
export function planHeadroom({ sandboxes, isMinimum }: HeadroomDemand, sandboxesPerNode: number): HeadroomPlan {
  if (sandboxes === 0) return { sandboxes, pods: 0, sandboxesPerPod: 0 };
  const pods = Math.ceil(sandboxes / sandboxesPerNode);
  if (isMinimum) return headroomOf(pods, Math.ceil(sandboxes / pods));
  const shared = headroomOf(pods, Math.floor(sandboxes / pods));
  const fullNodes = headroomOf(pods - 1, sandboxesPerNode);
  return fullNodes.sandboxes > shared.sandboxes ? fullNodes : shared;
}

function headroomOf(pods: number, sandboxesPerPod: number): HeadroomPlan {
  return { sandboxes: pods * sandboxesPerPod, pods, sandboxesPerPod };
}
