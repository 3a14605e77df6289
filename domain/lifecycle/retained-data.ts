import type { TerraformState } from "./state-file";

/** One block of Terraform's JSON, under its argument names. */
export type TerraformBlock = Readonly<Record<string, unknown>>;

/** Blocks by type and name. */
export type TerraformBlocks = Readonly<Record<string, Readonly<Record<string, TerraformBlock>>>>;

/** A synthesized stack, as it is written to `cdk.tf.json`. */
export interface TerraformJson {
  /** Resources by type and name. */
  readonly resource?: TerraformBlocks;
  /** Data sources by type and name. */
  readonly data?: TerraformBlocks;
  /** Resources to take over. */
  readonly import?: readonly TerraformBlock[];
  /** Resources to forget. */
  readonly removed?: readonly TerraformBlock[];
  /** Resources that had another address before. */
  readonly moved?: readonly TerraformBlock[];
  /** Everything else: providers, outputs, ephemeral resources. */
  readonly [part: string]: unknown;
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly block: TerraformBlock;
}

type Resources = ReadonlyMap<string, Resource>;

/** Types of resources that hold what cannot be made again. */
const DATA: ReadonlySet<string> = new Set([
  "aws_backup_vault",
  "aws_db_instance",
  "aws_db_snapshot",
  "aws_db_snapshot_copy",
  "aws_route53_zone",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  // The record of encryption keys, which exists in state only.
  "terraform_data",
]);

/** Whether a resource holds data by itself. */
function isData({ type, block }: Resource): boolean {
  return DATA.has(type) || (type === "aws_cloudwatch_log_group" && String(block["name"]).startsWith("/aws/rds/"));
}

/**
 * What guards or completes a kept resource and would be undone if it were destroyed: by type, the type that it belongs to.
 *
 * A bucket without its policy is open to plain HTTP, a role without policies makes no backup, a zone without its delegation
 * answers nobody.
 */
const PARTS: readonly (readonly [part: RegExp, owner: RegExp])[] = [
  [/^aws_s3_bucket_/, /^aws_s3_bucket$/],
  [/^aws_kms_alias$/, /^aws_kms_key$/],
  [/^aws_secretsmanager_secret_/, /^aws_secretsmanager_secret$/],
  [/^aws_iam_role_policy/, /^aws_iam_role$/],
  [/^aws_backup_/, /^aws_backup_(vault|plan)$/],
];

/**
 * The addresses of everything that must stay where data stays.
 *
 * That is the data, what it stands on (a database its subnets and its VPC, everything its key) and what belongs to one of
 * these. Nothing else can be destroyed without them: Terraform destroys what refers to a resource before the resource.
 */
export function retainedAddresses({ resource = {} }: TerraformJson): string[] {
  const all = resourcesOf(resource);
  const needs = new Map([...all].map(([address, { block }]) => [address, references(essential(block), all)]));
  const kept = new Set([...all].filter(([, one]) => isData(one)).map(([address]) => address));
  for (let size = 0; size !== kept.size;) {
    size = kept.size;
    for (const address of [...kept]) needs.get(address)?.forEach((needed) => kept.add(needed));
    for (const [address, one] of all) if (belongsTo(one, needs.get(address) ?? [], kept, all)) kept.add(address);
  }
  return [...kept].sort();
}

function resourcesOf(blocks: TerraformBlocks): Resources {
  return new Map(
    Object.entries(blocks).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, block]) => [`${type}.${name}`, { type, name, block }] as const),
    ),
  );
}

/** A block without what only orders it or watches over it. */
function essential(block: TerraformBlock): TerraformBlock {
  return Object.fromEntries(
    Object.entries(block).filter(([key]) => !["depends_on", "lifecycle", "provisioner"].includes(key)),
  );
}

/** What in an expression may be an address: not what is part of a longer one, such as a data source. */
const ADDRESS = /(?<![\w.-])([a-z][a-z0-9_]*\.[A-Za-z_][\w-]*)/g;

/** Addresses among `all` that a value refers to. */
function references(value: unknown, all: Resources): string[] {
  const text = JSON.stringify(value);
  return [...new Set(Array.from(text.matchAll(ADDRESS), ([, address = ""]) => address))].filter((found) =>
    all.has(found),
  );
}

function belongsTo({ type, block }: Resource, owners: readonly string[], kept: ReadonlySet<string>, all: Resources) {
  const isPartOf = (owner: string): boolean =>
    kept.has(owner) &&
    (PARTS.some(([part, whole]) => part.test(type) && whole.test(all.get(owner)?.type ?? "")) ||
      (type === "aws_route53_record" && block["type"] === "NS" && owner.startsWith("aws_route53_zone.")));
  return owners.some(isPartOf);
}

/**
 * Prepares a stack for a destroy that leaves the data: Terraform lets go of everything else, and of the data never.
 *
 * The destroy takes what stays out of state first. No `import` block may bring it back then.
 */
export function retainData(json: TerraformJson): TerraformJson {
  const { resource = {}, import: imports = [], ...others } = json;
  const kept = new Set(retainedAddresses(json));
  const released = Object.entries(resource).map(([type, byName]) => [
    type,
    Object.fromEntries(
      Object.entries(byName).map(([name, block]) => [name, kept.has(`${type}.${name}`) ? block : release(block)]),
    ),
  ]);
  return {
    ...others,
    resource: Object.fromEntries(released) as TerraformBlocks,
    import: imports.filter(({ to }) => !kept.has(String(to))),
  };
}

function release(block: TerraformBlock): TerraformBlock {
  const { lifecycle } = block;
  if (lifecycle === undefined) return block;
  const kept = Object.entries(lifecycle as TerraformBlock).filter(([name]) => name !== "prevent_destroy");
  return { ...block, lifecycle: Object.fromEntries(kept) };
}

/** Addresses of everything that a destroy leaves: what stays with the data, and what the next apply would only forget. */
export function stayingAddresses(json: TerraformJson): string[] {
  return [...retainedAddresses(json), ...(json.removed ?? []).map(({ from }) => String(from))];
}

/** Attributes by which AWS refuses a deletion. */
const PROTECTIONS = ["enable_deletion_protection", "delete_protection", "deletion_protection"];

/** Addresses of what AWS would refuse to delete although it does not stay: the deployment of `retain` is still to come. */
export function stillProtected(state: TerraformState, kept: ReadonlySet<string>): string[] {
  return state.resources
    .filter(({ mode, type, name }) => mode === "managed" && !kept.has(`${type}.${name}`))
    .filter(({ instances }) =>
      instances.some(({ attributes }) => PROTECTIONS.some((name) => attributes[name] === true)),
    )
    .map(({ type, name }) => `${type}.${name}`);
}
