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
 * Rewrites a stack so that its next apply forgets all data and leaves it in the account, and changes nothing else.
 *
 * What refers to something forgotten finds it by a data source from then on. A destroy after that apply takes the rest;
 * a destroy without it would take the data too, because Terraform honours `removed` blocks only in an apply.
 */
export function retainData(json: TerraformJson): TerraformJson {
  const { resource = {}, import: imports = [], removed = [], ...others } = json;
  const all = resourcesOf(resource);
  const kept = new Set(retainedAddresses(json));
  const rewritten = rewrite({ ...others, resource: keepOnly(resource, (address) => !kept.has(address)) }, kept);
  const lookups = lookupsFor(rewritten, kept, all);
  const { data = {}, ...rest } = rewritten;
  return {
    ...rest,
    data: merged(data, lookups),
    import: imports.filter(({ to }) => !kept.has(String(to))),
    removed: [...removed, ...[...kept].map((from) => ({ from, lifecycle: { destroy: false } }))],
  };
}

function keepOnly(blocks: TerraformBlocks, wanted: (address: string) => boolean): TerraformBlocks {
  return Object.fromEntries(
    Object.entries(blocks)
      .map(([type, byName]) => [
        type,
        Object.fromEntries(Object.entries(byName).filter(([name]) => wanted(`${type}.${name}`))),
      ])
      .filter(([, byName]) => Object.keys(byName as object).length > 0),
  ) as TerraformBlocks;
}

function merged(left: TerraformBlocks, right: TerraformBlocks): TerraformBlocks {
  const types = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return Object.fromEntries(types.map((type) => [type, { ...left[type], ...right[type] }]));
}

/** Attributes that a data source calls otherwise than the resource. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_db_instance: {
    arn: "db_instance_arn",
    id: "db_instance_identifier",
    identifier: "db_instance_identifier",
  },
};

/** Turns every reference to something kept into one to its data source. */
function rewrite<Part>(part: Part, kept: ReadonlySet<string>): Part {
  if (typeof part === "string") return rewriteText(part, kept) as Part;
  if (Array.isArray(part))
    return part.filter((entry) => !kept.has(String(entry))).map((entry: unknown) => rewrite(entry, kept)) as Part;
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([, value]) => !namesSecretVersion(value, kept))
      .map(([key, value]) => [key, rewrite(value as unknown, kept)]),
  ) as Part;
}

/** Reading the version by a data source would put the secret into state; without a version the newest one is read. */
function namesSecretVersion(value: unknown, kept: ReadonlySet<string>): boolean {
  const address = /^\$\{(aws_secretsmanager_secret_version\.[\w-]+)\.version_id\}$/.exec(String(value))?.[1];
  return address !== undefined && kept.has(address);
}

function rewriteText(text: string, kept: ReadonlySet<string>): string {
  if (!text.includes("${")) return text;
  return text.replaceAll(
    /(?<![\w.-])([a-z][a-z0-9_]*)\.([A-Za-z_][\w-]*)\.(\w+)/g,
    (whole, type: string, name: string, attribute: string) =>
      kept.has(`${type}.${name}`) ? `data.${type}.${name}.${RENAMED[type]?.[attribute] ?? attribute}` : whole,
  );
}

/** Data sources that find what is still referred to. */
function lookupsFor(json: TerraformJson, kept: ReadonlySet<string>, all: Resources): TerraformBlocks {
  const wanted = new Set(foundIn(json));
  const lookups: Record<string, Record<string, TerraformBlock>> = {};
  for (const address of wanted) {
    const resource = all.get(address);
    if (resource === undefined || !kept.has(address)) continue;
    const lookup = rewrite(lookupOf(resource, all), kept);
    (lookups[resource.type] ??= {})[resource.name] = lookup;
    foundIn(lookup).forEach((needed) => wanted.add(needed));
  }
  return lookups;
}

/** Addresses behind `data.` in expressions. */
function foundIn(value: unknown): string[] {
  const text = JSON.stringify(value);
  return Array.from(
    text.matchAll(/(?<![\w.-])data\.([a-z][a-z0-9_]*\.[A-Za-z_][\w-]*)/g),
    ([, address = ""]) => address,
  );
}

type Lookup = (block: TerraformBlock, address: string, all: Resources) => TerraformBlock;

const filter = (name: string, value: unknown): TerraformBlock => ({ name, values: [value] });

/** How each kind of resource is found by what its configuration says. */
const LOOKUPS: Readonly<Record<string, Lookup>> = {
  aws_backup_vault: ({ name, provider }) => ({ name, provider }),
  aws_cloudwatch_log_group: ({ name }) => ({ name }),
  aws_db_instance: ({ identifier }) => ({ db_instance_identifier: identifier }),
  aws_iam_role: ({ name }) => ({ name }),
  aws_kms_key: (_, address, all) => ({ key_id: aliasOf(address, all) }),
  aws_route53_zone: ({ name, vpc }) => ({ name, private_zone: vpc !== undefined }),
  aws_s3_bucket: ({ bucket }) => ({ bucket }),
  aws_secretsmanager_secret: ({ name }) => ({ name }),
  aws_security_group: ({ name_prefix: prefix, vpc_id: vpc }) => ({
    filter: [filter("group-name", `${String(prefix)}*`), filter("vpc-id", vpc)],
  }),
  aws_subnet: ({ cidr_block: range, vpc_id: vpc }) => ({
    filter: [filter("cidr-block", range), filter("vpc-id", vpc)],
  }),
  aws_vpc: ({ tags }) => ({ filter: [filter("tag:Name", (tags as TerraformBlock | undefined)?.["Name"])] }),
};

function aliasOf(address: string, all: Resources): unknown {
  const alias = [...all.values()].find(
    ({ type, block }) => type === "aws_kms_alias" && references(block, all).includes(address),
  );
  return alias?.block["name"];
}

function lookupOf({ type, name, block }: Resource, all: Resources): TerraformBlock {
  const address = `${type}.${name}`;
  const lookup = LOOKUPS[type]?.(block, address, all);
  if (lookup === undefined)
    throw new Error(`${address} is kept, something refers to it, and nothing says how to find it`);
  return Object.fromEntries(Object.entries(lookup).filter(([, value]) => value !== undefined));
}
