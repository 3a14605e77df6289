import { madeInstances } from "../environment/databases";
import type { EnvironmentPlan } from "../environment/environment";
import { storageOf } from "./database-costs";
import { type MonthlyCost, MONTH_HOURS, priced, type PricedLine, times } from "./line";
import type { PriceBook } from "./prices";

/** What the bucket is taken to hold, GB, since no setting says it. */
const BUCKET_GB = 50;

/** Part of the data that is taken to change each day: a daily copy adds only what has changed. */
export const CHANGED_EACH_DAY = 0.01;

/** What is copied: storage of all databases that are made, GiB, and the bucket, GB. */
export interface CopiedSizes {
  /** Databases. */
  readonly database: MonthlyCost;
  /** The bucket; 0 where none is made. */
  readonly bucketGB: number;
}

/** Sizes of what a backup vault copies: all databases and the bucket that are made. */
export function copiedSizes(plan: EnvironmentPlan): CopiedSizes {
  const sizes = Object.values(madeInstances(plan)).map(storageOf);
  const sum = (when: keyof MonthlyCost): number => sizes.reduce((total, size) => total + size[when], 0);
  return {
    database: { atRest: sum("atRest"), workingDays: sum("workingDays"), atMost: sum("atMost") },
    bucketGB: plan.blobStorage.kind === "s3" ? BUCKET_GB : 0,
  };
}

/** The bucket, and the daily copies in the vault and in a second region. */
export function storageCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  const { retentionDays, copyTo } = plan.backup;
  const sizes = copiedSizes(plan);
  return [
    ...(sizes.bucketGB > 0 ? [priced(book, PART, `bucket, ${BUCKET_GB} GB`, { "s3:standard": BUCKET_GB })] : []),
    ...copiesCosts(book, sizes, { name: "daily copies", days: retentionDays }),
    ...(copyTo === undefined
      ? []
      : copiesCosts(book, sizes, {
          name: `copies in ${copyTo.region} with transfer`,
          days: copyTo.retentionDays,
          transferred: true,
        })),
  ];
}

const PART = "storage";

interface Copies {
  readonly name: string;
  readonly days: number;
  readonly transferred?: boolean;
}

/** One whole copy, and what changed in each of the days for which copies are kept. */
function copiesCosts(
  book: PriceBook,
  { database, bucketGB }: CopiedSizes,
  { name, days, transferred = false }: Copies,
): PricedLine[] {
  const kept = 1 + CHANGED_EACH_DAY * days;
  const sent = (CHANGED_EACH_DAY * MONTH_HOURS) / 24;
  const parts = [
    ...(database.atRest > 0 ? [`databases ${database.atRest} GiB`] : []),
    ...(bucketGB > 0 ? [`bucket ${bucketGB} GB`] : []),
  ];
  if (parts.length === 0) return [];
  const all = {
    atRest: database.atRest + bucketGB,
    workingDays: database.workingDays + bucketGB,
    atMost: database.atMost + bucketGB,
  };
  return [
    priced(book, PART, `${name}, ${days} days: ${parts.join(", ")}`, {
      ...(database.atRest > 0 ? { "backup:rds": times(database, kept) } : {}),
      ...(bucketGB > 0 ? { "backup:s3": bucketGB * kept } : {}),
      ...(transferred ? { "transfer:regions": times(all, sent) } : {}),
    }),
  ];
}
