import type { Attributes } from "./state-file";

/** Where an environment is. */
export interface Place {
  /** Twelve-digit AWS account id. */
  readonly account: string;
  /** AWS region. */
  readonly region: string;
  /** AWS partition. */
  readonly partition: string;
}

/** A question that a data source answers. */
export interface Lookup {
  /** Type of the data source. */
  readonly type: string;
  /** Its arguments. */
  readonly arguments: Attributes;
}

/** A question that the AWS CLI answers: service, operation and options. */
export type Listing = readonly string[];

/** How a resource that AWS has already is found. */
export type Finder = (
  | {
      /** By the id, which follows from the arguments; undefined where they are not known yet. */
      readonly by: "id";
      readonly id: (values: Attributes, place: Place) => string | undefined;
      /** Attributes that must be as planned for it to be ours; for what has no tags. */
      readonly same?: readonly string[];
      /** Type of what it is a part of, which must be in state for it to be ours; for what has no tags. */
      readonly whole?: string;
    }
  | {
      /** By a data source; undefined where its arguments are not known yet. */
      readonly by: "lookup";
      readonly lookup: (values: Attributes, tags: Readonly<Record<string, string>>) => Lookup | undefined;
      readonly ids: (answer: Attributes, values: Attributes) => readonly string[];
      readonly same?: readonly string[];
    }
  | {
      /** By a list of AWS that no data source has; undefined where its options are not known yet. */
      readonly by: "list";
      readonly listing: (values: Attributes, tags: Readonly<Record<string, string>>) => Listing | undefined;
      readonly ids: (answer: Attributes, values: Attributes) => readonly string[];
      readonly same?: readonly string[];
      /** Whether AWS refuses a second one. */
      readonly isUnique: boolean;
    }
  | {
      /** By the secret that it is in. */
      readonly by: "secret";
    }
  | {
      /** By the Kubernetes API: only the stack itself has its provider. */
      readonly by: "cluster";
      readonly id: (values: Attributes) => string | undefined;
    }
  | {
      /** Not at all: making it while it exists does not fail, or makes another one. */
      readonly by: "nothing";
      readonly reason: string;
    }
) & {
  /** What state must say of it before the provider can read it, where that is more than its id. */
  readonly inState?: (id: string, values: Attributes) => Attributes;
  /**
   * The list of what it contains, for what gets its tags by a second request: without tags it is ours only where it is empty; undefined
   * where what was found cannot be ours.
   */
  readonly contents?: (id: string, found: Attributes, values: Attributes) => Listing | undefined;
};

/** A text that is known and not empty. */
export const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Joins arguments; undefined unless all are known. */
export function joined(values: Attributes, separator: string, ...names: readonly string[]): string | undefined {
  const parts = names.map((name) => text(values[name]));
  return parts.includes(undefined) ? undefined : parts.join(separator);
}

/** By an argument that is the name. */
export const byName = (attribute: string): Finder => ({ by: "id", id: (values) => text(values[attribute]) });

/** By several arguments. */
export const byNames = (separator: string, ...attributes: readonly string[]): Finder => ({
  by: "id",
  id: (values) => joined(values, separator, ...attributes),
});

/** By an ARN that ends with the name. */
export const byArn = (service: string, resource: (values: Attributes) => string, isGlobal = false): Finder => ({
  by: "id",
  id: (values, { account, region, partition }) => {
    const name = text(values["name"]);
    return name && `arn:${partition}:${service}:${isGlobal ? "" : region}:${account}:${resource(values)}/${name}`;
  },
});

/** By a data source that takes the named arguments as they are. */
export function byLookup(type: string, names: readonly string[], answer: string): Finder {
  return {
    by: "lookup",
    lookup: (values) => {
      const known = names.every((name) => values[name] !== undefined && values[name] !== null);
      if (!known) return undefined;
      return { type, arguments: Object.fromEntries(names.map((name) => [name, values[name]])) };
    },
    ids: (found) => listOf(found[answer]),
  };
}

/** By a data source that takes filters: names of arguments by names of filters. */
export function byFilter(
  type: string,
  filters: Readonly<Record<string, string>>,
  answer: string,
  same?: readonly string[],
): Finder {
  return {
    by: "lookup",
    lookup: (values) => {
      const filter = Object.entries(filters).map(([name, argument]) => ({ name, values: [values[argument]] }));
      if (filter.some(({ values: [value] }) => text(value) === undefined)) return undefined;
      return { type, arguments: { filter } };
    },
    ids: (found) => listOf(found[answer]),
    ...(same && { same }),
  };
}

/** Where a list of AWS has a resource. */
export interface ListedBy {
  /** Service and operation. */
  readonly listing: Listing;
  /** Options of the operation by the arguments that they take. */
  readonly options?: Readonly<Record<string, string>>;
  /** Key of the list in the answer. */
  readonly key: string;
  /** Fields of a listed one by the arguments that they must equal. */
  readonly where: Readonly<Record<string, string>>;
  /** The id. */
  readonly id: (listed: Readonly<Record<string, string>>, values: Attributes) => string | undefined;
  /** Whether AWS refuses a second one. */
  readonly isUnique: boolean;
}

/** By a list that AWS has and no data source of the provider. */
export function byList({ listing, options = {}, key, where, id, isUnique }: ListedBy): Finder {
  return {
    by: "list",
    listing: (values) => {
      const given = Object.entries(options).map(([option, argument]) => [option, text(values[argument])] as const);
      const compared = Object.values(where).map((argument) => text(values[argument]));
      const isKnown = [...given.map(([, value]) => value), ...compared].every((value) => value !== undefined);
      return isKnown ? [...listing, ...given.flatMap(([option, value]) => [option, value ?? ""])] : undefined;
    },
    ids: (answer, values) =>
      ((answer[key] ?? []) as readonly Readonly<Record<string, string>>[])
        .filter((one) => Object.entries(where).every(([field, argument]) => one[field] === values[argument]))
        .flatMap((one) => id(one, values) ?? []),
    isUnique,
  };
}

/** By its name tag and the environment's tags; only where there is exactly one. */
export function byNameTag(type: string, answer: string, needs: readonly string[] = []): Finder {
  return {
    by: "lookup",
    lookup: (values, tags) => {
      const name = text((values["tags"] as Attributes | null | undefined)?.["Name"]);
      if (name === undefined || needs.some((argument) => text(values[argument]) === undefined)) return undefined;
      const own = Object.fromEntries(OWN_TAGS.map((key) => [key, tags[key]]));
      const given = Object.fromEntries(needs.map((argument) => [argument, values[argument]]));
      return { type, arguments: { ...given, tags: { ...own, Name: name } } };
    },
    ids: (found) => (listOf(found[answer]).length === 1 ? listOf(found[answer]) : []),
  };
}

/** By the environment's tags, of which AWS has an index; what is found has those attributes as planned. */
export const byTags = (resourceType: string, id: (arn: string) => string, ...same: readonly string[]): Finder => ({
  by: "list",
  listing: (_values, tags) => [
    ...["resourcegroupstaggingapi", "get-resources", "--resource-type-filters", resourceType, "--tag-filters"],
    JSON.stringify(OWN_TAGS.map((key) => ({ Key: key, Values: [tags[key]] }))),
  ],
  ids: ({ ResourceTagMappingList: found }) =>
    ((found ?? []) as readonly { readonly ResourceARN: string }[]).map(({ ResourceARN }) => id(ResourceARN)),
  isUnique: false,
  same,
});

/** Tags that say whose a resource is. */
const OWN_TAGS = ["Project", "Environment"];

function listOf(found: unknown): string[] {
  return (Array.isArray(found) ? found : [found]).filter((one): one is string => typeof one === "string");
}

/** What cannot be in the way. */
export const nothing = (reason: string): Finder => ({ by: "nothing", reason });

/** What AWS writes over. */
export const WRITTEN_OVER = nothing("AWS writes it over with the same content");
