/** A product as AWS's price list answers with it, cut down to what is read. */
export function product(usagetype: string, ...tiers: readonly [begin: string, usd: string, unit?: string][]): string {
  const dimensions = tiers.map(([beginRange, USD, unit = "Hrs"], index) => [
    `rate-${index}`,
    { beginRange, unit, pricePerUnit: { USD } },
  ]);
  return JSON.stringify({
    product: { attributes: { usagetype } },
    publicationDate: "2026-11-20T00:00:00Z",
    terms: { OnDemand: { term: { priceDimensions: Object.fromEntries(dimensions) as object } } },
  });
}
