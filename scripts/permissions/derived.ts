import type { ActionFacts } from "../../domain/permissions/facts";
import type { Recorded } from "../../domain/permissions/recorded";
import { scopeKind } from "../../domain/permissions/scopes";
import { unique } from "../../domain/permissions/unique";
import { permission, type Question, together, typeOf } from "./collect";
import { OTHER_NAMES } from "./needs";
import { SMALL_PARTS, TAGGED_TYPES, UPDATES } from "./updates";

type Facts = Readonly<Record<string, ActionFacts>>;

/** Row of what is changed in place. */
const CHANGE = "change";
const REGION = "aws:RequestedRegion";
export const REQUEST_TAG = "aws:RequestTag/Environment";
const RESOURCE_TAG = "aws:ResourceTag/Environment";
export const VIA = "kms:ViaService";

/** Requests that give a resource tags. */
export const GIVES =
  /:(TagResource|AddTags\w*|CreateTags|Tag(Role|Policy|InstanceProfile|OpenIDConnectProvider|Queue))$/;
/** Requests that take tags from a resource. */
const TAKES = /:(UntagResource|RemoveTags\w*|DeleteTags|Untag\w+)$/;

/**
 * What IAM asks for everyday changes, by type: for the requests of {@link UPDATES}, as it was recorded where the type is made, else by
 * the reference; and for making and deleting {@link SMALL_PARTS}.
 */
export function changeRows(facts: Facts, recorded: Recorded): Recorded {
  const sources = { facts, recorded, types: typesIn(recorded) };
  const updates: Recorded = Object.fromEntries(
    Object.entries(UPDATES).map(([type, calls]) => [
      type,
      { [CHANGE]: Object.fromEntries(calls.map((call) => [call, changePermissions(type, call, sources)])) },
    ]),
  );
  const parts: Recorded[] = SMALL_PARTS.flatMap((type) =>
    ["create", "destroy"].map((row) => ({ [type]: { [CHANGE]: recorded[type]?.[row] ?? {} } })),
  );
  return parts.reduce(together, updates);
}

/**
 * A change that was recorded holds what that change named; another one of the same request may name more, such as another group of
 * parameters. A rule of the cluster's own security group is changed as it is made.
 */
function changePermissions(type: string, call: string, sources: Sources): string[] {
  const found = updatePermissions(type, call, sources);
  const isTagging = GIVES.test(call) || TAKES.test(call);
  const more = isTagging ? [] : actionsOf(call).flatMap((action) => named(action, sources));
  const missing = more.filter((one) => !found.some((known) => sameTarget(known, one)));
  const all = [...found, ...missing];
  const made = Object.values(sources.recorded[type]?.["create"] ?? {}).flat();
  return made.some((one) => one.endsWith(ON_CLUSTER)) ? unique([...all, ...all.flatMap(onCluster)]) : all;
}

/** What rows of changes are made of. */
interface Sources {
  readonly facts: Facts;
  readonly recorded: Recorded;
  /** Types in IAM that this stack has. */
  readonly types: ReadonlySet<string | undefined>;
}

function typesIn(recorded: Recorded): Sources["types"] {
  const calls = Object.values(recorded).flatMap((rows) => Object.values(rows));
  return new Set(calls.flatMap((row) => Object.values(row).flat()).map(typeNamed));
}

const ON_CLUSTER = " ec2:security-group cluster";
const onCluster = (one: string): string[] =>
  one.endsWith(" ec2:security-group resource") ? [one.replace(/ resource$/, " cluster")] : [];

/** What the reference says of an action, on types that this stack has. */
function named(action: string, { facts, types }: Sources): string[] {
  return byReference(action, facts).filter(
    (one) => types.has(typeNamed(one)) && !GIVES.test(actionOf(one)) && !(PASSES_NONE.has(action) && isPassing(one)),
  );
}

/** Changes for which the reference wants a role to be passed, and that name none here: no topic logs deliveries, no plan has a role. */
const PASSES_NONE: ReadonlySet<string> = new Set(["sns:SetTopicAttributes", "backup:UpdateBackupPlan"]);
const isPassing = (one: string): boolean => actionOf(one) === "iam:PassRole";

const sameTarget = (a: string, b: string): boolean => actionOf(a) === actionOf(b) && typeNamed(a) === typeNamed(b);

function updatePermissions(type: string, call: string, { facts, recorded }: Sources): string[] {
  const rows = recorded[type] ?? {};
  const known = rows[CHANGE]?.[call];
  if (known !== undefined) return [...known];
  const elsewhere = ["create", "upgrade", "destroy"].flatMap((row) => rows[row]?.[call] ?? []);
  const own = unique(elsewhere.filter((one) => actionOf(one) === call || !GIVES.test(actionOf(one))));
  if (own.length > 0) return own.map((one) => one.replace(/ (request|made)$/, " resource"));
  if (GIVES.test(call) || TAKES.test(call)) return taggedTypes(type, rows).map((on) => [call, on, told(on)].join(" "));
  return actionsOf(call).flatMap((action) => byReference(action, facts));
}

/** Types in IAM of which a type of Terraform's is, since their tags were given or read. */
function taggedTypes(type: string, rows: Recorded[string]): string[] {
  const known = TAGGED_TYPES[type];
  if (known !== undefined) return [known];
  const all = Object.values(rows).flatMap((calls) => Object.values(calls).flat());
  return unique(all.filter((one) => GIVES.test(actionOf(one))).map((one) => one.split(" ")[1] ?? ""));
}

function byReference(action: string, facts: Facts): string[] {
  const { on, needs } = factsOrFail(action, facts);
  const types = Object.keys(on);
  return [
    ...(types.length === 0 ? [action] : types.map((type) => [action, type, told(type)].join(" "))),
    ...needs.map((need) => neededBy(need, facts)),
  ].flat();
}

/** Only the service uses a key in the name of the caller. */
function neededBy(action: string, facts: Facts): string[] {
  return action.startsWith("kms:") ? [`${action} kms:key via`] : byReference(action, facts);
}

const told = (type: string): string => (scopeKind(type) === "name" ? "name" : "resource");
const actionsOf = (call: string): readonly string[] => OTHER_NAMES[call] ?? [call];
export const actionOf = (permission: string): string => permission.split(" ")[0] ?? "";
const typeNamed = (permission: string): string | undefined => permission.split(" ")[1];

function factsOrFail(action: string, facts: Facts): ActionFacts {
  const found = facts[action];
  if (found === undefined) throw new Error(`${action}: the reference knows no such action`);
  return found;
}

/** Actions that are asked with what only some environments have: the service that needs a role, and a permissions boundary. */
const NOT_ASKED = /^iam:(CreateServiceLinkedRole|PutRolePermissionsBoundary) /;

/** What IAM would be asked for a row of some types, on the resources that were recorded. */
export function derivedQuestions(
  rows: Recorded,
  row: string,
  types: readonly string[],
  asked: readonly Question[],
  facts: Facts,
): Question[] {
  const labels = asked.map((question) => ({ question, label: permission(question, facts) }));
  const needed = unique(types.flatMap((type) => Object.values(rows[type]?.[row] ?? {}).flat()));
  return needed
    .filter((one) => !NOT_ASKED.test(one))
    .flatMap((one) => {
      const same = labels.filter(({ label }) => label === one).map(({ question }) => question);
      return same.length > 0 ? same : [derivedQuestion(one, asked, facts)];
    });
}

/** Keys of a condition by the way in which a resource is told. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  resource: [RESOURCE_TAG],
  cluster: ["aws:ResourceTag/aws:eks:cluster-name"],
  via: [RESOURCE_TAG, VIA],
  request: [REQUEST_TAG],
  made: [REQUEST_TAG, "ec2:CreateAction"],
};
/** Ways to tell a resource that is being made. */
const MAKING = ["any", "made", "request"];

/** A question that no run asked: of a resource that was recorded, or is made, with keys with which something else was asked. */
export function derivedQuestion(needed: string, asked: readonly Question[], facts: Facts): Question {
  const [action = "", type, how = ""] = needed.split(" ");
  if (type === undefined) return { action, resource: "*", context: inRegion(action, asked) };
  const keys = KEYS[how] ?? [];
  const alike = asked.filter(({ context }) => keys.every((key) => key in context));
  const on = alike.find((one) => isOn(one, type, action, facts))?.resource ?? madeOf(type, how, asked);
  if (on === undefined) throw new Error(`${needed}: no resource of the type was recorded`);
  return { action, resource: on, context: { ...inRegion(action, asked), ...onlyKeys(alike, keys), ...ownerOf(type) } };
}

/** Instances run Amazon's images only. */
const ownerOf = (type: string): Question["context"] => (type === "ec2:image" ? { "ec2:Owner": "amazon" } : {});

function onlyKeys([first]: readonly Question[], keys: readonly string[]): Question["context"] {
  return Object.fromEntries(Object.entries(first?.context ?? {}).filter(([key]) => keys.includes(key)));
}

/** ARN of what is made, or of an image, which never names an account. */
function madeOf(type: string, how: string, asked: readonly Question[]): string | undefined {
  const [service, name] = type.split(":");
  const other = asked.find(({ resource }) => resource.startsWith(`arn:aws:${service}:`))?.resource;
  if (other === undefined || !(MAKING.includes(how) || type === "ec2:image")) return undefined;
  const [arn, partition, , region, account] = other.split(":");
  return [arn, partition, service, region, type === "ec2:image" ? "" : account, `${name}/0new`].join(":");
}

function isOn({ resource }: Question, type: string, action: string, facts: Facts): boolean {
  return typeOf(resource, Object.keys(factsOrFail(action, facts).on)) === type;
}

/** Services that have one region for all are asked in it. */
function inRegion(action: string, asked: readonly Question[]): Question["context"] {
  const service = action.split(":")[0] ?? "";
  const found = asked.find((question) => question.action.startsWith(`${service}:`)) ?? asked[0];
  return { [REGION]: found?.context[REGION] ?? "" };
}
