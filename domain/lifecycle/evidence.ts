import { type Attributes, attributesIn, type TerraformState } from "./state-file";

/** Blocks of a synthesized stack by type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** An attribute of a resource, as something that refers to it has it. */
export interface Evidence {
  /** Name of the attribute. */
  readonly attribute: string;
  /** Its value. */
  readonly value: string;
}

/**
 * What state says of resources that it does not hold, by their addresses.
 *
 * Where a block says `target_key_id = aws_kms_key.data.key_id` and state has the alias, state has the id of the key. So what
 * has no name of its own is found by what uses it: a key by its alias, a subnet group by its database.
 */
export function evidenceIn(blocks: Blocks, state: TerraformState): ReadonlyMap<string, Evidence> {
  const evidence = new Map<string, Evidence>();
  for (const [type, byName] of Object.entries(blocks)) {
    for (const [name, block] of Object.entries(byName)) {
      const known = attributesIn(state, `${type}.${name}`);
      if (known !== undefined) compare(block, known, evidence);
    }
  }
  for (const [address, one] of evidence) handOn(blocks, address, one, evidence);
  return evidence;
}

/** Where an attribute is itself taken from another resource, it says as much of that one: a certificate by its validation. */
function handOn(
  blocks: Blocks,
  address: string,
  { attribute, value }: Evidence,
  evidence: Map<string, Evidence>,
): void {
  const [type = "", name = ""] = address.split(".");
  const configured = blocks[type]?.[name]?.[attribute];
  // A map is walked to what is added to it meanwhile.
  if (typeof configured === "string") compareText(configured, value, evidence);
}

const REFERENCE = /^\$\{([a-z]\w*\.[\w-]+)\.(\w+)\}$/;

function compare(configured: unknown, known: unknown, evidence: Map<string, Evidence>): void {
  // A set in state has its own order, so only a single member is certain to be the same one.
  const only = onlyOf(known);
  if (typeof configured === "string") compareText(configured, known, evidence);
  else if (Array.isArray(configured)) {
    if (configured.length === 1) compare(configured[0], only, evidence);
  } else if (isObject(configured) && isObject(only)) {
    for (const [key, value] of Object.entries(configured)) compare(value, only[key], evidence);
  }
}

function compareText(configured: string, known: unknown, evidence: Map<string, Evidence>): void {
  const [, address, attribute] = REFERENCE.exec(configured) ?? [];
  if (address === undefined || attribute === undefined || typeof known !== "string" || known === "") return;
  const found = { attribute, value: known };
  if (!evidence.has(address) || saysId(address, found)) evidence.set(address, found);
}

/** What says the id is not given up for what does not: a launch template is referred to by its id and its version. */
function saysId(address: string, found: Evidence): boolean {
  const [type = ""] = address.split(".");
  return idFromEvidence(type, found) !== undefined;
}

function onlyOf(known: unknown): unknown {
  if (!Array.isArray(known)) return known;
  return known.length === 1 ? (known[0] as unknown) : undefined;
}

function isObject(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an import takes as the id of a type, from an attribute that is known; for all others it is `id`. */
const IDS: Readonly<Record<string, Readonly<Record<string, (value: string) => string>>>> = {
  aws_acm_certificate: { arn: same },
  aws_db_parameter_group: { name: same },
  aws_db_subnet_group: { name: same },
  aws_eip: { allocation_id: same },
  aws_iam_role: { arn: lastPart, name: same },
  aws_kms_key: { arn: lastPart, key_id: same },
  aws_lb_target_group: { arn: same },
};

/** The id for an import of a resource of which something is known; undefined where that is not enough. */
export function idFromEvidence(type: string, { attribute, value }: Evidence): string | undefined {
  if (attribute === "id" && type !== "aws_iam_role") return value;
  return IDS[type]?.[attribute]?.(value);
}

function same(value: string): string {
  return value;
}

function lastPart(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}
