/** Part of a limit above which it will soon be reached. */
const NEARLY = 0.9;

/** The largest number that is not yet near a limit. */
export function mostBeforeNearlyFull(limit: number): number {
  return Math.floor(NEARLY * limit);
}

/** Whether a limit will soon be reached. */
export function isNearlyFull(count: number, limit: number): boolean {
  return count > mostBeforeNearlyFull(limit);
}
