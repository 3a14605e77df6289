/** Prices of instance families, USD an hour of the size `large`, by region; the other sizes of a family cost in proportion to their CPUs. */
type FamilyPrices = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * EC2, Linux, on demand.
 *
 * Source: AWS's public price list of 2026-07-06, as Karpenter 1.14.1 tabulates it
 * (https://github.com/aws/karpenter-provider-aws/tree/v1.14.1/pkg/providers/pricing, Apache-2.0).
 */
const ON_DEMAND: FamilyPrices = {
  "us-east-1": {
    c5: 0.085,
    c5a: 0.077,
    c6a: 0.0765,
    c6i: 0.085,
    c7a: 0.10264,
    c7i: 0.08925,
    c8a: 0.10777,
    c8i: 0.09371,
    m5: 0.096,
    m5a: 0.086,
    m5n: 0.119,
    m6a: 0.0864,
    m6i: 0.096,
    m6id: 0.11865,
    m7a: 0.11592,
    m7i: 0.1008,
    "m7i-flex": 0.09576,
    m8a: 0.12172,
    m8i: 0.10584,
    r5: 0.126,
    r6a: 0.1134,
    r6i: 0.126,
    r7a: 0.15215,
    r7i: 0.1323,
    r8a: 0.15976,
    r8i: 0.13892,
    t3: 0.0832,
    t3a: 0.0752,
  },
  "us-gov-east-1": {
    c5: 0.102,
    c5a: 0.092,
    c6i: 0.102,
    c7i: 0.1071,
    m5: 0.121,
    m5a: 0.109,
    m5n: 0.149,
    m6i: 0.121,
    m7i: 0.12705,
    "m7i-flex": 0.1207,
    m8i: 0.1334,
    r5: 0.151,
    r6i: 0.151,
    r7i: 0.15855,
    r8i: 0.16648,
    t3: 0.0976,
    t3a: 0.0878,
  },
  "us-gov-west-1": {
    c5: 0.102,
    c5a: 0.092,
    c6i: 0.102,
    c7i: 0.1071,
    m5: 0.121,
    m5a: 0.109,
    m5n: 0.149,
    m6i: 0.121,
    m6id: 0.1502,
    m7i: 0.12705,
    "m7i-flex": 0.1207,
    m8a: 0.15341,
    m8i: 0.1334,
    r5: 0.151,
    r6i: 0.151,
    r7i: 0.15855,
    r8i: 0.16648,
    t3: 0.0976,
    t3a: 0.0878,
  },
};

/** Further families, from its table of 2026-01-19. */
const EARLIER: FamilyPrices = {
  "us-east-1": {
    c5ad: 0.086,
    c5d: 0.096,
    c6id: 0.1008,
    c6in: 0.1134,
    "c7i-flex": 0.08479,
    "c8i-flex": 0.08902,
    m5ad: 0.103,
    m5d: 0.113,
    m5dn: 0.136,
    m5zn: 0.1652,
    m6idn: 0.15912,
    m6in: 0.13923,
    "m8i-flex": 0.10055,
    r5a: 0.113,
    r5ad: 0.131,
    r5b: 0.149,
    r5d: 0.144,
    r5dn: 0.167,
    r5n: 0.149,
    r6id: 0.1512,
    r6idn: 0.19539,
    r6in: 0.17433,
    r7iz: 0.186,
    "r8i-flex": 0.13197,
  },
};

/** The tables by the day of the price list, the newest first. */
const TABLES = { "2026-07-06": ON_DEMAND, "2026-01-19": EARLIER } as const;

/** What one size costs, in sizes of `large`. */
const LARGES: Readonly<Record<string, number>> = {
  medium: 0.5,
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "3xlarge": 6,
  "4xlarge": 8,
  "6xlarge": 12,
  "8xlarge": 16,
  "9xlarge": 18,
  "12xlarge": 24,
  "16xlarge": 32,
  "18xlarge": 36,
  "24xlarge": 48,
};

/** Whether the table has the prices of a region. */
export function isRegionKnown(region: string): boolean {
  return region in ON_DEMAND;
}

/** A price in a table. */
export interface InstancePrice {
  /** USD an hour on demand. */
  readonly usd: number;
  /** When AWS's price list said so, `YYYY-MM-DD`. */
  readonly date: string;
}

/** Price of an instance type in a region; `undefined` where no table has it. */
export function instancePrice(region: string, type: string): InstancePrice | undefined {
  const [family = "", size = ""] = type.split(".");
  const larges = LARGES[size];
  const [found] = Object.entries(TABLES).flatMap(([date, table]) => {
    const price = table[region]?.[family];
    return price === undefined || larges === undefined ? [] : [{ usd: price * larges, date }];
  });
  return found;
}
