import { unique } from "./unique";

/** What a synthesized stack needs rights for. */
export interface StackUse {
  /** Types of resources, data sources (`data.`) and ephemeral resources (`ephemeral.`) of the AWS provider. */
  readonly types: readonly string[];
  /** Services to which Terraform passes roles: those that the roles trust, and EKS for the role of nodes. */
  readonly trusted: readonly string[];
  /** Names or ARNs of the secrets that were stored before. */
  readonly secrets: readonly string[];
  /** Those of them whose values Terraform reads. */
  readonly readSecrets: readonly string[];
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

/**
 * The service that takes the role of nodes, which itself trusts EC2.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/security-iam-id-based-policy-examples.html
 */
const EKS = "eks.amazonaws.com";

/** Reads from a synthesized stack what its deployer needs rights for. */
export function stackUse({ resource = {}, data = {}, ephemeral = {}, provider }: SynthesizedStack): StackUse {
  const all = (type: string): Readonly<Record<string, unknown>>[] => Object.values(resource[type] ?? {});
  return {
    types: [...ofAws(resource, ""), ...ofAws(data, "data."), ...ofAws(ephemeral, "ephemeral.")].sort(),
    trusted: unique([
      ...all("aws_iam_role").flatMap((role) => servicesIn(String(role["assume_role_policy"]))),
      ...("aws_eks_node_group" in resource ? [EKS] : []),
    ]),
    ...secretsOf(data, ephemeral),
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

/** Secrets that are looked up, and those whose value is read by the address of the look-up. */
function secretsOf(data: Blocks, ephemeral: Blocks): Pick<StackUse, "secrets" | "readSecrets"> {
  const read = Object.values(ephemeral["aws_secretsmanager_secret_version"] ?? {}).map(({ secret_id }) => secret_id);
  const found = Object.entries(data["aws_secretsmanager_secret"] ?? {}).map(([id, { name, arn }]) => ({
    secret: String(arn ?? name),
    isRead: read.includes(`\${data.aws_secretsmanager_secret.${id}.arn}`),
  }));
  return {
    secrets: unique(found.map(({ secret }) => secret)),
    readSecrets: unique(found.filter(({ isRead }) => isRead).map(({ secret }) => secret)),
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

/** Services that a trust policy names; an audience of tokens looks like one. */
function servicesIn(policy: string): string[] {
  const principals = Array.from(policy.matchAll(/"Service":\s*(\[[^\]]*\]|"[^"]*")/g), ([, names]) => names ?? "");
  return principals.flatMap((names) => names.match(/[a-z0-9.-]+\.amazonaws\.com/g) ?? []);
}
