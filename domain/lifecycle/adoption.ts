import type { Listing, Lookup, Place } from "./finders";
import { FINDERS } from "./import-ids";
import { type Attributes, attributesIn, type StateResource, type TerraformState } from "./state-file";

/** A resource that the next apply would make. */
export interface PlannedResource {
  /** Address in Terraform. */
  readonly address: string;
  /** Type of the resource. */
  readonly type: string;
  /** What the configuration says of it, as far as it is known before. */
  readonly values: Attributes;
}

/** A resource that may exist although state does not know of it, and the id under which it would be found. */
export interface Candidate {
  /** Address in Terraform. */
  readonly address: string;
  /** Type of the resource. */
  readonly type: string;
  /** Its id. */
  readonly id: string;
  /**
   * What state must say of it before the provider can read it.
   *
   * @default - its id
   */
  readonly inState?: Attributes;
}

/** Whose resources are looked for. */
export interface Owner {
  /** Tags of everything in the environment. */
  readonly tags: Readonly<Record<string, string>>;
  /** Account and region. */
  readonly place: Place;
}

/** Ids under which a planned resource may exist, or the question that finds them. */
export type Search =
  | { readonly ids: readonly string[] }
  | { readonly lookup: Lookup; readonly ids: (answer: Attributes) => readonly string[] }
  | { readonly listing: Listing; readonly ids: (answer: Attributes) => readonly string[] };

/**
 * Where to look for a resource that a killed deployment made and could not note.
 *
 * @returns undefined where nothing can be in the way of making it, or where what it belongs to is not in state yet.
 */
export function searchFor({ type, values }: PlannedResource, owner: Owner): Search | undefined {
  const finder = FINDERS[type];
  switch (finder?.by) {
    case "id": {
      const id = finder.id(values, owner.place);
      return id === undefined ? undefined : { ids: [id] };
    }
    case "lookup": {
      const lookup = finder.lookup(values, owner.tags);
      return lookup && { lookup, ids: (answer) => finder.ids(answer, values) };
    }
    case "list": {
      const listing = finder.listing(values, owner.tags);
      return listing && { listing, ids: (answer) => finder.ids(answer, values) };
    }
    default:
      return undefined;
  }
}

/**
 * Whether a planned resource can be told to be ours already; a part has no tags, and is as much ours as the whole in state to which its
 * block refers.
 */
export function isTellable(
  { type }: Pick<PlannedResource, "type">,
  block: Attributes | undefined,
  state: TerraformState,
): boolean {
  const finder = FINDERS[type];
  if (finder?.by !== "id" || finder.whole === undefined) return true;
  const whole = referenceTo(block, finder.whole);
  return whole !== undefined && attributesIn(state, whole) !== undefined;
}

/** A planned resource as it would be found under an id. */
export function candidateFor({ address, type, values }: PlannedResource, id: string): Candidate {
  const inState = FINDERS[type]?.inState?.(id, values);
  return { address, type, id, ...(inState && { inState }) };
}

/** Finds the resource whose tags say whose a found one is: for an alias, which has none, its key; undefined is itself. */
export function bearerOfTags(
  { type }: Pick<Candidate, "type">,
  attributes: Attributes,
): { readonly type: string; readonly id: string } | undefined {
  if (type !== "aws_kms_alias") return undefined;
  return { type: "aws_kms_key", id: String(attributes["target_key_id"]) };
}

/** Whether something found in AWS has the tags `Project` and `Environment` of an environment. */
export function isOfEnvironment(attributes: Attributes | undefined, own: Readonly<Record<string, string>>): boolean {
  const tags = (attributes?.["tags_all"] ?? {}) as Readonly<Record<string, string>>;
  return ["Project", "Environment"].every((tag) => own[tag] !== undefined && tags[tag] === own[tag]);
}

/**
 * Whether something found is what was planned: with the environment's tags, and as planned where its id does not say enough.
 *
 * What has no tags belongs to something of the environment, which is in state: otherwise its id would not be known.
 */
export function isSameAsPlanned(
  { type, values }: PlannedResource,
  found: Attributes,
  own: Readonly<Record<string, string>>,
): boolean {
  const finder = FINDERS[type];
  const same = finder !== undefined && "same" in finder ? (finder.same ?? []) : [];
  const isTagged = found["tags_all"] !== undefined;
  return (!isTagged || isOfEnvironment(found, own)) && same.every((name) => isKnownToBe(values[name], found[name]));
}

/**
 * Whether something found that is not what was planned keeps it from being made.
 *
 * Where a question finds several and only their attributes tell them apart, such as the rules of one security group, it does not.
 */
export function isInTheWay({ type }: Pick<PlannedResource, "type">): boolean {
  const finder = FINDERS[type];
  if (finder?.by === "list") return finder.isUnique;
  return finder?.by !== "lookup" || finder.same === undefined;
}

/**
 * The list of what is in something found that may have been made by a deployment that was killed before it could tag it; undefined
 * where it has a tag, or would have had its tags from the beginning.
 */
export function contentsOf(
  { type, values }: Pick<PlannedResource, "type" | "values">,
  id: string,
  found: Attributes,
): Listing | undefined {
  const isTagged = Object.keys(found["tags_all"] ?? {}).length > 0;
  return isTagged ? undefined : FINDERS[type]?.contents?.(id, found, values);
}

/** Whether a list of AWS lists nothing; one that could not be had does not say so. */
export function isEmptyList(answer: Attributes | undefined): boolean {
  return answer !== undefined && Object.values(answer).every((value) => !Array.isArray(value) || value.length === 0);
}

/** What is not known before the apply is undefined in a plan, and equal to nothing. */
function isKnownToBe(planned: unknown, found: unknown): boolean {
  return planned !== undefined && plain(planned) === plain(found);
}

/** A value for a comparison: what is not given is the same as what is empty, and names of hosts have no case. */
function plain(value: unknown): string {
  const isEmpty = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  return isEmpty ? "" : JSON.stringify(value).toLowerCase();
}

/** Types that AWS takes one of, and that are whole when they exist: what an apply asks for after that can be asked for again. */
const ONE_ONLY = ["aws_internet_gateway", "aws_s3_bucket", "aws_subnet"];

/**
 * Whether the next apply would make something again whose creation failed after it was made, and first the new one, which AWS refuses
 * while the first one is there.
 *
 * Terraform makes the new one first wherever something that depends on it is made first as well (`create_before_destroy`).
 */
export function isRefusedAgain(type: string, actions: readonly string[], reason: string | undefined): boolean {
  return reason === "replace_because_tainted" && actions.join() === "create,delete" && ONE_ONLY.includes(type);
}

/** Arguments that only the provider knows, so that an import cannot find them. */
const SETTINGS = [
  "bypass_policy_lockout_safety_check",
  "delete_automated_backups",
  "deletion_window_in_days",
  "final_snapshot_identifier",
  "force_destroy",
  "force_overwrite_replica_secret",
  "recovery_window_in_days",
  "resolve_conflicts_on_create",
  "resolve_conflicts_on_update",
  "skip_final_snapshot",
];

/** Gives what was found the arguments that only the provider knows, as planned: otherwise the next plan changes it for them. */
export function withSettings(found: StateResource, planned: Attributes): StateResource {
  const missing = (attributes: Attributes): Attributes =>
    Object.fromEntries(
      SETTINGS.filter((name) => name in attributes && attributes[name] === null && planned[name] !== undefined).map(
        (name) => [name, planned[name]],
      ),
    );
  return {
    ...found,
    instances: found.instances.map((one) => ({
      ...one,
      attributes: { ...one.attributes, ...missing(one.attributes) },
    })),
  };
}

/** Address of the resource of a type that a block refers to. */
export function referenceTo(block: Attributes | undefined, type: string): string | undefined {
  const [address] = new RegExp(`(?<![\\w.-])${type}\\.[\\w-]+`).exec(JSON.stringify(block ?? {})) ?? [];
  return address;
}

/**
 * How state holds the current version of a secret.
 *
 * It is written rather than imported: an import reads the value and leaves it in state, since what is imported does not say
 * that the value was write-only (`has_secret_string_wo`, provider 5.100).
 *
 * @param secret - The secret, as state holds it.
 * @param versions - Answer of the data source `aws_secretsmanager_secret_versions`, which has no values.
 * @param revision - Revision that the configuration gives the value.
 * @returns undefined where the secret has no current version.
 */
export function secretVersionInState(
  secret: StateResource,
  versions: unknown,
  revision: unknown,
): StateResource | undefined {
  const arn = String(secret.instances[0]?.attributes["arn"]);
  const all = (versions ?? []) as readonly { version_id: string; version_stages: readonly string[] }[];
  const current = all.find(({ version_stages: stages }) => stages.includes("AWSCURRENT"));
  if (current === undefined) return undefined;
  const attributes: Attributes = {
    arn,
    has_secret_string_wo: true,
    id: `${arn}|${current.version_id}`,
    secret_binary: "",
    secret_id: arn,
    secret_string: "",
    secret_string_wo: null,
    secret_string_wo_version: revision,
    version_id: current.version_id,
    version_stages: current.version_stages,
  };
  return { ...secret, type: "aws_secretsmanager_secret_version", instances: [{ schema_version: 0, attributes }] };
}
