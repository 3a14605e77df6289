import type { PriceKey } from "./prices";

/** What AWS's price list is asked for one price. */
export interface PriceQuery {
  /** Service, as the price list calls it. */
  readonly serviceCode: string;
  /** Attributes that a product must have. */
  readonly filters: Readonly<Record<string, string>>;
  /** End of the product's type of use, whose beginning names the region. */
  readonly usage: RegExp;
}

type Asked = readonly [serviceCode: string, filters: Readonly<Record<string, string>>, usage: RegExp];

/**
 * Products by our keys; what is left out is priced alike in many regions, has several tiers or no single product.
 *
 * Source: the attributes that https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetAttributeValues.html
 * lists for each service. A type of use that AWS renames finds nothing, and the price is an estimate again.
 */
const QUERIES: Readonly<Partial<Record<PriceKey, Asked>>> = {
  "nat:hour": ["AmazonEC2", { productFamily: "NAT Gateway" }, /(^|-)NatGateway-Hours$/],
  "ebs:gp3": ["AmazonEC2", { productFamily: "Storage", volumeApiName: "gp3" }, /(^|-)EBS:VolumeUsage\.gp3$/],
  "ebs:gp3-iops": [
    "AmazonEC2",
    { productFamily: "System Operation", volumeApiName: "gp3" },
    /(^|-)EBS:VolumeP-IOPS\.gp3$/,
  ],
  "ebs:gp3-throughput": [
    "AmazonEC2",
    { productFamily: "Provisioned Throughput", volumeApiName: "gp3" },
    /(^|-)EBS:VolumeP-Throughput\.gp3$/,
  ],
  "eks:cluster": ["AmazonEKS", {}, /(^|-)AmazonEKS-Hours:perCluster$/],
  "vpc:public-ipv4": ["AmazonVPC", {}, /(^|-)PublicIPv4:InUseAddress$/],
  "vpc:endpoint": ["AmazonVPC", { productFamily: "VpcEndpoint" }, /(^|-)VpcEndpoint-Hours$/],
  "alb:hour": ["AWSELB", { productFamily: "Load Balancer-Application" }, /(^|-)LoadBalancerUsage$/],
  "alb:lcu": ["AWSELB", { productFamily: "Load Balancer-Application" }, /(^|-)LCUUsage$/],
  "firewall:endpoint": ["AWSNetworkFirewall", {}, /(^|-)Endpoint-Hour$/],
  "rds:gp3": [
    "AmazonRDS",
    { productFamily: "Database Storage", databaseEngine: "PostgreSQL", deploymentOption: "Single-AZ" },
    /(^|-)RDS:GP3-Storage$/,
  ],
  "kms:key": ["awskms", {}, /(^|-)KMS-Keys$/],
  "logs:ingest": ["AmazonCloudWatch", {}, /(^|-)DataProcessing-Bytes$/],
  "logs:kept": ["AmazonCloudWatch", {}, /(^|-)TimedStorage-ByteHrs$/],
  "cloudwatch:alarm": ["AmazonCloudWatch", {}, /(^|-)CW:AlarmMonitorUsage$/],
  "s3:standard": ["AmazonS3", { volumeType: "Standard" }, /(^|-)TimedStorage-ByteHrs$/],
};

/** What to ask for a price in a region; undefined where the price list cannot be asked for it. */
export function priceQuery(key: string, region: string): PriceQuery | undefined {
  const [kind = "", name = ""] = key.split(":");
  if (kind === "ec2" || kind === "bastion") return instanceQuery(name, region);
  if (name.startsWith("db.")) return databaseQuery(name, region);
  const known = QUERIES[key as PriceKey];
  if (known === undefined) return undefined;
  const [serviceCode, filters, usage] = known;
  return { serviceCode, filters: { ...filters, regionCode: region }, usage };
}

function instanceQuery(instanceType: string, regionCode: string): PriceQuery {
  const plain = { operatingSystem: "Linux", tenancy: "Shared", preInstalledSw: "NA", capacitystatus: "Used" };
  return { serviceCode: "AmazonEC2", filters: { ...plain, instanceType, regionCode }, usage: /BoxUsage:/ };
}

function databaseQuery(instanceType: string, regionCode: string): PriceQuery {
  const plain = {
    productFamily: "Database Instance",
    databaseEngine: "PostgreSQL",
    deploymentOption: "Single-AZ",
  };
  return { serviceCode: "AmazonRDS", filters: { ...plain, instanceType, regionCode }, usage: /InstanceUsage:/ };
}

/** What AWS answers: each product as JSON text. */
export interface PriceListAnswer {
  /** Products. */
  readonly PriceList?: readonly string[];
}

interface Product {
  readonly product?: { readonly attributes?: { readonly usagetype?: string } };
  readonly publicationDate?: string;
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, Term>> };
}

interface Term {
  readonly priceDimensions?: Readonly<Record<string, Dimension>>;
}

interface Dimension {
  readonly beginRange?: string;
  readonly unit?: string;
  readonly pricePerUnit?: { readonly USD?: string };
}

/** A price in an answer, and the day on which AWS published it. */
export interface FoundPrice {
  /** US dollars for one of our units. */
  readonly usd: number;
  /** Day, as `YYYY-MM-DD`; undefined where the answer has none. */
  readonly published: string | undefined;
}

/** Reads the one price of an answer: that of the first tier on demand; undefined where there is none, or more than one. */
export function foundPrice({ PriceList = [] }: PriceListAnswer, { usage }: PriceQuery): FoundPrice | undefined {
  const products = PriceList.map((text) => JSON.parse(text) as Product).filter(({ product }) =>
    usage.test(product?.attributes?.usagetype ?? ""),
  );
  const prices = new Set(products.flatMap(firstTier));
  const [usd] = prices;
  return usd === undefined || prices.size > 1
    ? undefined
    : { usd, published: products[0]?.publicationDate?.slice(0, 10) };
}

function firstTier({ terms }: Product): number[] {
  return Object.values(terms?.OnDemand ?? {})
    .flatMap(({ priceDimensions = {} }) => Object.values(priceDimensions))
    .filter(({ beginRange = "0" }) => beginRange === "0")
    .map(ourUnit)
    .filter((usd) => usd > 0);
}

/** AWS counts throughput in GiB a second, we in MiB. */
function ourUnit({ unit = "", pricePerUnit }: Dimension): number {
  const usd = Number(pricePerUnit?.USD ?? 0);
  return unit.startsWith("GiBps") ? usd / 1024 : usd;
}
