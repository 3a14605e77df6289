import type { Price, PriceBook, PriceKey } from "./prices";

/** Hours of a month, as AWS's own calculator counts them. */
export const MONTH_HOURS = 730;

/** US dollars, or units that are paid for, a month in three situations. */
export interface MonthlyCost {
  /** Nobody works. */
  readonly atRest: number;
  /** Builders work as in the benchmark on 21 days of the month, and nobody on the others. */
  readonly workingDays: number;
  /** Everything that may grow stands at its limit all month. */
  readonly atMost: number;
}

/** One part of the bill. */
export interface CostLine extends MonthlyCost {
  /** Group of parts, such as `cluster`. */
  readonly part: CostPart;
  /** What is paid for, such as `RDS db.m7g.large over two zones`. */
  readonly what: string;
  /** Prices that it follows from, by their key. */
  readonly prices: Readonly<Record<string, Price>>;
  /** Units a month that are paid at each price, by its key. */
  readonly quantities: Readonly<Record<string, MonthlyCost>>;
}

/** Groups of parts. */
export type CostPart =
  "nodes" | "cluster" | "database" | "network" | "entrance" | "keys and logs" | "storage" | "observability";

/** One line, and the keys for which no price is known. */
export interface PricedLine {
  /** The line; absent where a price is missing. */
  readonly line?: CostLine;
  /** Keys without a price. */
  readonly unpriced: readonly string[];
}

/** A quantity that is the same in every situation, or one for each. */
export type Quantity = number | MonthlyCost;

/** Quantity of each price in a line. */
export type Quantities = Readonly<Record<string, Quantity>>;

/** Keys with a known price, and those of instances. */
export type Key = PriceKey | `ec2:${string}` | `rds:db.${string}`;

/** Multiplies quantities with their prices. */
export function priced(book: PriceBook, part: CostPart, what: string, quantities: Quantities): PricedLine {
  const used = Object.entries(quantities).map(([key, quantity]) => ({ key, quantity, price: book(key) }));
  const unpriced = used.filter(({ price }) => price === undefined).map(({ key }) => key);
  if (unpriced.length > 0) return { unpriced };
  const sum = (when: keyof MonthlyCost): number =>
    used.reduce((total, { quantity, price }) => total + quantityOf(quantity, when) * (price?.usd ?? 0), 0);
  return {
    line: {
      part,
      what,
      atRest: sum("atRest"),
      workingDays: sum("workingDays"),
      atMost: sum("atMost"),
      prices: Object.fromEntries(used.flatMap(({ key, price }) => (price === undefined ? [] : [[key, price]]))),
      quantities: Object.fromEntries(used.map(({ key, quantity }) => [key, times(quantity, 1)])),
    },
    unpriced: [],
  };
}

function quantityOf(quantity: Quantity, when: keyof MonthlyCost): number {
  return typeof quantity === "number" ? quantity : quantity[when];
}

/** The same number of things through a month, in each situation, in hours. */
export function hours(count: Quantity): MonthlyCost {
  const of = (when: keyof MonthlyCost): number => quantityOf(count, when) * MONTH_HOURS;
  return { atRest: of("atRest"), workingDays: of("workingDays"), atMost: of("atMost") };
}

/** So many units for each of a number of things. */
export function times(count: Quantity, units: number): MonthlyCost {
  const of = (when: keyof MonthlyCost): number => quantityOf(count, when) * units;
  return { atRest: of("atRest"), workingDays: of("workingDays"), atMost: of("atMost") };
}
