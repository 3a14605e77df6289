/** What keeps room free: pods that make way for any other, or room that Karpenter keeps in its own books. */
export type HeadroomKind = "pause-pods" | "capacity-buffer";

/** Room on the nodes of the sandboxes that is kept free for the next sessions. */
export interface HeadroomPlan {
  /** What keeps the room free. */
  readonly kind: HeadroomKind;
  /** Sandboxes that find room at once. */
  readonly sandboxes: number;
}

/** Part of the peak that is kept free unless something else is asked for: one session in twenty. */
const DEFAULT_SHARE = 20;

/** Room for so many sandboxes is kept free at least, unless something else is asked for. */
const LEAST_DEFAULT = 2;

/** Room that is kept free where nothing else is asked for. */
export function defaultHeadroom(sessions: number): number {
  return Math.max(LEAST_DEFAULT, Math.ceil(sessions / DEFAULT_SHARE));
}
