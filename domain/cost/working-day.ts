/** Working days of a month, and days of a month of 730 hours. */
const DAYS = { working: 21, all: 730 / 24 } as const;

/**
 * Mean number of the sandboxes' nodes through a working day of 24 hours, of the most nodes of that day.
 *
 * Source: `npm run bench:capacity`, which finds 50 to 58 % for 20 to 1,000 builders (docs/capacity/benchmark.md).
 */
export const MEAN_OF_PEAK = 0.55;

/** Mean number of nodes in a month of working days with the planned peak, and of other days at rest. */
export function monthlyMean(atRest: number, peak: number): number {
  const workingDay = Math.max(atRest, MEAN_OF_PEAK * peak);
  return (DAYS.working * workingDay + (DAYS.all - DAYS.working) * atRest) / DAYS.all;
}
