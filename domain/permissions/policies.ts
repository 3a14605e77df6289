import { unique } from "./unique";
import type { Conditions, Permission } from "./permission";

/** A statement of an identity's policy. */
export interface PolicyStatement {
  /** Name: letters and digits. */
  readonly Sid: string;
  /** Nothing is denied: what no statement allows is refused. */
  readonly Effect: "Allow";
  /** Actions, each by its whole name. */
  readonly Action: readonly string[];
  /** ARNs with wildcards. */
  readonly Resource: readonly string[];
  /** What must hold. */
  readonly Condition?: Conditions;
}

/** An IAM policy. */
export interface Policy {
  /** Name within the account. */
  readonly name: string;
  /** The document. */
  readonly document: {
    /** Version of the policy language. */
    readonly Version: "2012-10-17";
    /** What is allowed. */
    readonly Statement: readonly PolicyStatement[];
  };
}

/**
 * Largest number of characters of a managed policy, white space not counted.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const POLICY_LIMIT = 6144;

/** Number of characters that IAM counts. */
export function policySize(document: unknown): number {
  return JSON.stringify(document).replaceAll(/\s/g, "").length;
}

/** Puts permissions with the same service and conditions into one statement. */
export function statementsOf(permissions: readonly Permission[]): PolicyStatement[] {
  const groups = new Map<string, Permission[]>();
  for (const one of permissions) {
    const key = JSON.stringify([groupOf(one), one.conditions, one.isExact === true ? one.resources : []]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const counts = new Map<string, number>();
  return [...groups.values()].map((group) => {
    const name = nameOf(group);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const count = counts.get(name) ?? 1;
    return statement(count === 1 ? name : `${name}${count}`, group);
  });
}

/** Permissions on all resources are one group in a region; others are one of their service. */
function groupOf({ action, resources }: Permission): string {
  return resources.includes("*") ? "*" : (action.split(":")[0] ?? "");
}

function statement(name: string, group: readonly Permission[]): PolicyStatement {
  const conditions = group[0]?.conditions ?? {};
  return {
    Sid: name,
    Effect: "Allow",
    Action: unique(group.map(({ action }) => action)),
    Resource: unique(group.flatMap(({ resources }) => resources)),
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  };
}

function nameOf(group: readonly Permission[]): string {
  const [first] = group;
  const service = first === undefined ? "" : groupOf(first);
  const word =
    service === "*"
      ? "Region"
      : service.replaceAll(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());
  const keys = Object.values(first?.conditions ?? {}).flatMap((entries) => Object.keys(entries));
  if (keys.includes("aws:RequestTag/Environment")) return `${word}Made`;
  if (keys.some((key) => key.startsWith("aws:ResourceTag/"))) return `${word}Tagged`;
  return `${word}Named`;
}

/** Splits statements over as many policies as their sizes need. */
export function packPolicies(name: string, statements: readonly PolicyStatement[]): Policy[] {
  const packs: PolicyStatement[][] = [];
  for (const one of statements.flatMap(halved)) {
    const fitting = packs.find((pack) => policySize(documentOf([...pack, one])) <= POLICY_LIMIT);
    if (fitting === undefined) packs.push([one]);
    else fitting.push(one);
  }
  return packs.map((pack, index) => ({ name: `${name}-${index + 1}`, document: documentOf(pack) }));
}

/** A statement that is too large for a policy, in parts. */
function halved(one: PolicyStatement): PolicyStatement[] {
  if (policySize(documentOf([one])) <= POLICY_LIMIT) return [one];
  const middle = Math.ceil(one.Action.length / 2);
  return [
    ...halved({ ...one, Action: one.Action.slice(0, middle) }),
    ...halved({ ...one, Sid: `${one.Sid}More`, Action: one.Action.slice(middle) }),
  ];
}

function documentOf(statements: readonly PolicyStatement[]): Policy["document"] {
  return { Version: "2012-10-17", Statement: statements };
}
