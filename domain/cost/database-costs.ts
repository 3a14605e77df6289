import type { PostgresPlan } from "../database/instance-plan";
import type { EnvironmentPlan } from "../environment/environment";
import { hours, type MonthlyCost, priced, type PricedLine, times } from "./line";
import type { PriceBook } from "./prices";

/** The instances of RDS that an environment makes, by what they are for. */
export function madeDatabases({
  database,
  retoolDatabase,
  temporalDatabase,
}: EnvironmentPlan): (readonly [name: string, instance: PostgresPlan])[] {
  return [
    ...(database.kind === "new" ? [["platform database", database] as const] : []),
    ...(retoolDatabase.kind === "dedicated" ? [["Retool Database", retoolDatabase.instance] as const] : []),
    ...(temporalDatabase === undefined ? [] : [["Temporal's database", temporalDatabase] as const]),
  ];
}

/** Storage of an instance, GiB: it grows by itself up to its limit. */
export function storageOf({ storageGiB, maxStorageGiB }: PostgresPlan): MonthlyCost {
  return { ...times(storageGiB, 1), atMost: maxStorageGiB };
}

/** The instances and their storage, in each of their zones. */
export function databaseCosts(book: PriceBook, plan: EnvironmentPlan): PricedLine[] {
  return madeDatabases(plan).map(([name, instance]) => {
    const { instanceClass, multiAz, storageGiB, maxStorageGiB } = instance;
    const copies = multiAz ? 2 : 1;
    const grows = maxStorageGiB > storageGiB ? ` to ${maxStorageGiB}` : "";
    const what = `${name} ${instanceClass}, ${multiAz ? "two zones" : "one zone"}, ${storageGiB}${grows} GiB`;
    return priced(book, "database", what, {
      [`rds:${instanceClass}`]: hours(copies),
      "rds:gp3": times(storageOf(instance), copies),
    });
  });
}
