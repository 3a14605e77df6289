import { unique } from "./unique";

/** What a synthesized stack needs rights for. */
export interface StackUse {
  /** Types of resources, data sources (`data.`) and ephemeral resources (`ephemeral.`) of the AWS provider. */
  readonly types: readonly string[];
  /** Services that its roles trust: those to which Terraform passes roles. */
  readonly trusted: readonly string[];
  /** ARNs of AWS's own policies that its roles get. */
  readonly attached: readonly string[];
  /** Names of the DNS records that it writes. */
  readonly records: readonly string[];
  /** Regions besides the environment's own, by the type that is made in them. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** The parts of a synthesized stack that are looked at. */
export interface SynthesizedStack {
  /** Resources by type and name. */
  readonly resource?: Blocks;
  /** Data sources by type and name. */
  readonly data?: Blocks;
  /** Ephemeral resources by type and name. */
  readonly ephemeral?: Blocks;
  /** Configurations of providers by their name. */
  readonly provider?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Reads from a synthesized stack what its deployer needs rights for. */
export function stackUse({ resource = {}, data = {}, ephemeral = {}, provider }: SynthesizedStack): StackUse {
  const all = (type: string): Readonly<Record<string, unknown>>[] => Object.values(resource[type] ?? {});
  return {
    types: [...ofAws(resource, ""), ...ofAws(data, "data."), ...ofAws(ephemeral, "ephemeral.")].sort(),
    trusted: unique(all("aws_iam_role").flatMap((role) => servicesIn(String(role["assume_role_policy"])))),
    attached: unique(
      all("aws_iam_role_policy_attachment")
        .map((attachment) => String(attachment["policy_arn"]))
        .filter((arn) => /^arn:aws[a-z-]*:iam::aws:/.test(arn)),
    ),
    records: unique(
      all("aws_route53_record")
        .map((record) => String(record["name"]))
        .filter((name) => !name.includes("${")),
    ),
    regions: furtherRegions(resource, provider?.["aws"] ?? []),
  };
}

/** Regions of the providers that resources name, and of the replicas of secrets. */
function furtherRegions(
  resource: Blocks,
  providers: readonly Readonly<Record<string, unknown>>[],
): Record<string, string[]> {
  const regionOf = new Map(providers.map(({ alias, region }) => [`aws.${String(alias)}`, region]));
  const found = Object.entries(resource).map(([type, byName]) => {
    const regions = Object.values(byName).flatMap(({ provider, replica }) => [
      regionOf.get(String(provider)),
      ...(Array.isArray(replica) ? (replica as { region: string }[]).map(({ region }) => region) : []),
    ]);
    return [type, unique(regions.filter((region) => typeof region === "string"))] as const;
  });
  return Object.fromEntries(found.filter(([, regions]) => regions.length > 0));
}

function ofAws(blocks: Blocks, kind: string): string[] {
  return Object.keys(blocks)
    .filter((type) => type.startsWith("aws_"))
    .map((type) => `${kind}${type}`);
}

function servicesIn(policy: string): string[] {
  return Array.from(policy.matchAll(/"([a-z0-9.-]+\.amazonaws\.com)"/g), ([, service]) => service ?? "");
}
