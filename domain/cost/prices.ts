import { EGRESS_PRICES } from "../egress/prices";
import { instancePrice } from "./instance-prices";

/** A list price. */
export interface Price {
  /** US dollars for one unit. */
  readonly usd: number;
  /** Region it is of; for another region it is an estimate. */
  readonly region: string;
  /** Day it was read, `YYYY-MM-DD`. */
  readonly date: string;
  /** Page or file that says so. */
  readonly source: string;
}

/** Gives the price of a thing by its key, such as `ec2:m6i.large`; `undefined` where no price is known. */
export type PriceBook = (key: string) => Price | undefined;

/** The region of every price that is known without asking AWS. */
export const HOME_REGION = "us-east-1";

const READ = "2026-06-30";

/** Keys of prices that do not depend on a type or class. */
export type PriceKey = keyof typeof OTHERS;

/**
 * What AWS asks in us-east-1 for everything but instances: the price of one unit and the page that says so. Written down by hand; no program
 * compares them, except `cost --live` with credentials.
 */
const OTHERS = {
  ...EGRESS_PRICES,
  /** An hour of a control plane in standard support. */
  "eks:cluster": [0.1, "https://aws.amazon.com/eks/pricing/"],
  /** An hour of a control plane in extended support. */
  "eks:cluster-extended": [0.6, "https://aws.amazon.com/eks/pricing/"],
  /** A GiB and month of a gp3 volume. */
  "ebs:gp3": [0.08, "https://aws.amazon.com/ebs/pricing/"],
  /** A month of an operation a second of a gp3 volume beyond 3,000. */
  "ebs:gp3-iops": [0.005, "https://aws.amazon.com/ebs/pricing/"],
  /** A month of a MiB a second of a gp3 volume beyond 125. */
  "ebs:gp3-throughput": [0.04, "https://aws.amazon.com/ebs/pricing/"],
  /** An hour of a public IPv4 address. */
  "vpc:public-ipv4": [0.005, "https://aws.amazon.com/vpc/pricing/"],
  /** An hour of an interface endpoint in one zone. */
  "vpc:endpoint": [0.01, "https://aws.amazon.com/privatelink/pricing/"],
  /** A month of a hosted zone. */
  "route53:zone": [0.5, "https://aws.amazon.com/route53/pricing/"],
  /** An hour of an application load balancer. */
  "alb:hour": [0.0225, "https://aws.amazon.com/elasticloadbalancing/pricing/"],
  /** An hour of a load balancer's capacity unit. */
  "alb:lcu": [0.008, "https://aws.amazon.com/elasticloadbalancing/pricing/"],
  /** A month of a web access control list. */
  "waf:acl": [5, "https://aws.amazon.com/waf/pricing/"],
  /** A month of a rule in one. */
  "waf:rule": [1, "https://aws.amazon.com/waf/pricing/"],
  /** A GiB and month of a database's storage in one zone. */
  "rds:gp3": [0.115, "https://aws.amazon.com/rds/postgresql/pricing/"],
  /** A month of a key. */
  "kms:key": [1, "https://aws.amazon.com/kms/pricing/"],
  /** A month of a secret. */
  "secretsmanager:secret": [0.4, "https://aws.amazon.com/secrets-manager/pricing/"],
  /** The bastion's instance, USD an hour; sizes below `large` are not in proportion. */
  "bastion:t4g.nano": [0.0042, "https://aws.amazon.com/ec2/pricing/on-demand/"],
  /** A GB taken in by CloudWatch Logs. */
  "logs:ingest": [0.5, "https://aws.amazon.com/cloudwatch/pricing/"],
  /** A GB and month kept by CloudWatch Logs. */
  "logs:kept": [0.03, "https://aws.amazon.com/cloudwatch/pricing/"],
  /** A GB of flow logs that goes to a bucket. */
  "logs:to-bucket": [0.25, "https://aws.amazon.com/cloudwatch/pricing/"],
  /** A month of a metric that lines of a log make. */
  "cloudwatch:metric": [0.3, "https://aws.amazon.com/cloudwatch/pricing/"],
  /** A month of an alarm on one metric. */
  "cloudwatch:alarm": [0.1, "https://aws.amazon.com/cloudwatch/pricing/"],
  /** A month of a dashboard. */
  "cloudwatch:dashboard": [3, "https://aws.amazon.com/cloudwatch/pricing/"],
  /** A million observations of Container Insights with enhanced observability for Amazon EKS. */
  "cloudwatch:observations": [0.21, "https://aws.amazon.com/cloudwatch/pricing/"],
  /** A GB and month in S3's standard class. */
  "s3:standard": [0.023, "https://aws.amazon.com/s3/pricing/"],
  /** A thousand objects written to S3's standard class. */
  "s3:put": [0.005, "https://aws.amazon.com/s3/pricing/"],
  /** A GB and month of a database's snapshot. */
  "backup:rds": [0.095, "https://aws.amazon.com/backup/pricing/"],
  /** A GB and month of a bucket's copy. */
  "backup:s3": [0.05, "https://aws.amazon.com/backup/pricing/"],
  /** A GB of a copy that is sent to another region. */
  "transfer:regions": [0.02, "https://aws.amazon.com/backup/pricing/"],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** What an hour of a control plane costs more once the standard support of its Kubernetes version has ended. */
export const EXTENDED_SUPPORT_USD = OTHERS["eks:cluster-extended"][0] - OTHERS["eks:cluster"][0];

/**
 * Classes of databases on PostgreSQL, USD an hour in one zone; of each family the size `large`, the larger ones in proportion.
 *
 * Source: https://aws.amazon.com/rds/postgresql/pricing/
 */
const DATABASE_LARGE: Readonly<Record<string, number>> = {
  t4g: 0.129,
  m5: 0.178,
  m6g: 0.159,
  m6i: 0.178,
  m7g: 0.168,
  r5: 0.25,
  r6g: 0.225,
  r6i: 0.25,
  r7g: 0.239,
};
const DATABASE_SIZES: Readonly<Record<string, number>> = {
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
  "8xlarge": 16,
  "12xlarge": 24,
  "16xlarge": 32,
};
/** The sizes below `large` are rounded to a tenth of a cent, so they stand here. */
const SMALL_DATABASES: Readonly<Record<string, number>> = {
  "db.t4g.micro": 0.016,
  "db.t4g.small": 0.032,
  "db.t4g.medium": 0.065,
};

/**
 * The prices that are known offline: instances of the region where the table has it, else everything of us-east-1.
 *
 * @param region - Region of the environment.
 */
export function listPrices(region: string): PriceBook {
  return (key) => ec2Price(region, key) ?? databasePrice(key) ?? otherPrice(key);
}

function ec2Price(region: string, key: string): Price | undefined {
  if (!key.startsWith("ec2:")) return undefined;
  const type = key.slice("ec2:".length);
  const source = "AWS price list by Karpenter 1.14.1";
  for (const candidate of [region, HOME_REGION]) {
    const found = instancePrice(candidate, type);
    if (found !== undefined) return { ...found, region: candidate, source };
  }
  return undefined;
}

function databasePrice(key: string): Price | undefined {
  const usd = databaseClassPrice(key.replace(/^rds:/, ""));
  if (usd === undefined) return undefined;
  return { usd, region: HOME_REGION, date: READ, source: "https://aws.amazon.com/rds/postgresql/pricing/" };
}

function databaseClassPrice(name: string): number | undefined {
  const [, family = "", size = ""] = /^db\.(\w+)\.(\w+)$/.exec(name) ?? [];
  const [large, larges] = [DATABASE_LARGE[family], DATABASE_SIZES[size]];
  return large === undefined || larges === undefined ? SMALL_DATABASES[name] : large * larges;
}

function otherPrice(key: string): Price | undefined {
  if (!(key in OTHERS)) return undefined;
  const [usd, source] = OTHERS[key as PriceKey];
  return { usd, region: HOME_REGION, date: READ, source };
}
