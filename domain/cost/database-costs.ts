import type { PostgresPlan } from "../database/instance-plan";
import { madeInstances } from "../environment/databases";
import type { EnvironmentPlan } from "../environment/environment";
import { hours, type MonthlyCost, priced, type PricedLine, times } from "./line";
import type { PriceBook } from "./prices";

/** What an instance is for, by the path of its configuration. */
const PURPOSES: Readonly<Record<string, string>> = {
  database: "platform database",
  retoolDatabase: "Retool Database",
  "temporal.database": "Temporal's database",
};

/** Storage of an instance, GiB: it grows by itself up to its limit. */
export function storageOf({ storageGiB, maxStorageGiB }: PostgresPlan): MonthlyCost {
  return { ...times(storageGiB, 1), atMost: maxStorageGiB };
}

/** The instances and their storage, in each of their zones. */
export function databaseCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  return Object.entries(madeInstances(plan)).map(([path, instance]) => {
    const { instanceClass, multiAz, storageGiB, maxStorageGiB } = instance;
    const copies = multiAz ? 2 : 1;
    const grows = maxStorageGiB > storageGiB ? ` to ${maxStorageGiB}` : "";
    const what = `${PURPOSES[path] ?? path} ${instanceClass}, ${multiAz ? "two zones" : "one zone"}, ${storageGiB}${grows} GiB`;
    return priced(book, "database", what, {
      [`rds:${instanceClass}`]: hours(copies),
      "rds:gp3": times(storageOf(instance), copies),
    });
  });
}
