import type { Price, PriceBook } from "../domain/cost/prices";
import { foundPrice, type PriceListAnswer, priceQuery } from "../domain/cost/price-queries";
import { type AskAws, MOST_AT_ONCE } from "./ask-aws";

/** Where AWS's price list is asked; its answers are about every region. */
export const PRICE_LIST_REGION = "us-east-1";

/** Milliseconds after which no further price is asked. */
const WHOLE_LIMIT_MS = 90_000;

/** Prices of AWS's price list, and what could not be asked. */
export interface LivePrices {
  /** The prices that were found, and the given ones for all others. */
  readonly book: PriceBook;
  /** Prices that were found. */
  readonly found: number;
  /** Keys without an answer, each with the reason. */
  readonly missing: Readonly<Record<string, string>>;
}

/** How prices are asked. */
export interface LiveOptions {
  /** Region of the prices. */
  readonly region: string;
  /** Prices for everything that is not found. */
  readonly fallback: PriceBook;
  /** Asks AWS in {@link PRICE_LIST_REGION}. */
  readonly ask: AskAws;
  /** The day as `YYYY-MM-DD`, where an answer names none. */
  readonly today: string;
  /** Told after each answer how many there are, and of how many. */
  readonly progress: (done: number, of: number) => void;
  /** Milliseconds since any moment. */
  readonly clock?: () => number;
}

/** Lists the keys that a computation asks a book for. */
export function keysAsked(book: PriceBook, compute: (book: PriceBook) => unknown): string[] {
  const keys = new Set<string>();
  compute((key) => {
    keys.add(key);
    return book(key);
  });
  return [...keys];
}

/**
 * Asks AWS's price list for prices: one first, since without credentials, rights or a network every question fails alike, then
 * all others, a few at the same time.
 */
export async function livePrices(keys: readonly string[], options: LiveOptions): Promise<LivePrices> {
  const { region, progress, clock = Date.now } = options;
  const askable = keys.filter((key) => priceQuery(key, region) !== undefined);
  const found = new Map<string, Price>();
  const missing: Record<string, string> = Object.fromEntries(
    keys.filter((key) => !askable.includes(key)).map((key) => [key, "is not among the prices that can be asked"]),
  );
  const end = clock() + WHOLE_LIMIT_MS;
  let done = 0;
  const take = async (key: string): Promise<void> => {
    const answer = clock() > end ? `was not asked within ${WHOLE_LIMIT_MS / 1000} s` : await askOne(key, options);
    if (typeof answer === "string") missing[key] = answer;
    else found.set(key, answer);
    done += 1;
    progress(done, askable.length);
  };
  const [first, ...others] = askable;
  if (first !== undefined) await take(first);
  const refused = first === undefined ? undefined : missing[first];
  if (refused === undefined || refused === NOTHING) await takeAll(others, take);
  else {
    for (const key of others) missing[key] = refused;
    progress(askable.length, askable.length);
  }
  return { book: (key) => found.get(key) ?? options.fallback(key), found: found.size, missing };
}

/** Begins with a price only when a program is free for it, so that the limit holds for those that wait. */
async function takeAll(keys: readonly string[], take: (key: string) => Promise<void>): Promise<void> {
  const waiting = [...keys];
  const work = async (): Promise<void> => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) await take(key);
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, work));
}

/** An answer without a price: the others may have one. */
const NOTHING = "AWS's price list has no single price for it";

/** Source: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-differences.html, the API has no endpoint there. */
const GOVCLOUD =
  "the price list answers no credentials of GovCloud: use a profile of the standard account that the GovCloud account is billed to";

async function askOne(key: string, { region, ask, today }: LiveOptions): Promise<Price | string> {
  const query = priceQuery(key, region);
  if (query === undefined) return NOTHING;
  const filters = Object.entries(query.filters).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value }));
  const answer = await ask<PriceListAnswer>([
    "pricing",
    "get-products",
    ...["--service-code", query.serviceCode],
    ...["--filters", JSON.stringify(filters)],
    ...["--max-items", "300"],
  ]);
  if ("unknown" in answer) return region.startsWith("us-gov-") ? `${answer.unknown}; ${GOVCLOUD}` : answer.unknown;
  const price = foundPrice(answer.known, query);
  if (price === undefined) return NOTHING;
  return { usd: price.usd, region, date: price.published ?? today, source: "AWS's price list (pricing:GetProducts)" };
}
