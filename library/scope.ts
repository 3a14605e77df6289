import { TerraformProvider, TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";

import { boundedName } from "../domain/common/names";
import { plainTagsProblem } from "../domain/common/tags";
import type { DataProtection, EnvironmentContext } from "../domain/common/context";
import { ConfigurationError, type Planned, type Violation } from "../domain/common/violation";

/** What every construct that is used by itself can be told. */
export interface CommonProps {
  /**
   * Prefix of the names of everything that is made: lower-case letters, digits and single hyphens, at most 40 characters.
   *
   * @default - the names of the stack and of the construct, joined by a hyphen
   */
  readonly name?: string;

  /**
   * What happens to data when its resource would go: `protected` refuses, `retain` is for whole environments only,
   * `disposable` deletes it.
   *
   * @default "protected"
   */
  readonly dataProtection?: Exclude<DataProtection, "retain">;

  /**
   * Tags of everything that is made, on top of the provider's `defaultTags`.
   *
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

const LONGEST_NAME = 40;
const NAME = /^[a-z]([a-z0-9]|-(?=[a-z0-9]))*$/;

/**
 * The facts that plans need, from the AWS provider of the construct's stack and from the construct's place in it.
 *
 * @throws `ConfigurationError` where the provider does not say region and account.
 */
export function contextOf(scope: Construct, id: string, props: CommonProps): EnvironmentContext {
  const stack = TerraformStack.of(scope);
  const { region, account } = awsSettings(stack);
  const { name, dataProtection = "protected" } = props;
  const violations = providerViolations(stack, region, account);
  if (violations.length > 0) throw new ConfigurationError(violations);
  // A name that cannot be used is refused together with the other settings, which are checked under the default one.
  const prefix = name !== undefined && isName(name) ? name : defaultName(stack, scope, id);
  return {
    name: prefix,
    account,
    region,
    domain: "",
    prefix,
    secretPath: prefix,
    namespace: "default",
    dataProtection,
  };
}

/** A construct that is about to be made: its scope, its id and its props. */
export type Place = readonly [scope: Construct, id: string, props: CommonProps];

/**
 * The plan of a construct.
 *
 * @param place - The construct; its path stands in messages in place of the one that an environment's configuration has.
 * @param result - What the planner returned.
 * @param root - First part of the planner's own paths; empty where they begin at the construct's props.
 * @throws `ConfigurationError` with every violation at once.
 */
export function planned<Plan>(place: Place, result: Planned<Plan>, root: string): Plan {
  refuse(place, result.violations, root);
  return result.plan;
}

/**
 * Refuses settings of a construct that cannot work, its name and its tags included.
 *
 * @param place - The construct.
 * @param violations - What is wrong with its other settings.
 * @param root - First part of the violations' paths; empty where they begin at the construct's props.
 * @throws `ConfigurationError` with every violation at once, where there is one.
 */
export function refuse(place: Place, violations: readonly Violation[] = [], root = ""): void {
  const [scope, id, props] = place;
  const path = pathOf(scope, id);
  const all = [
    ...commonViolations(path, props),
    ...violations.map(({ problem, remedy, ...violation }) => ({
      ...violation,
      path: moved(violation.path, root, path),
      problem: withoutRoot(problem, root),
      remedy: withoutRoot(remedy, root),
    })),
  ];
  if (all.length > 0) throw new ConfigurationError(all);
}

/** What is wrong with a text, where it is known before anything is made. */
export function whereKnown(text: string, check: (text: string) => readonly Violation[]): readonly Violation[] {
  return Token.isUnresolved(text) ? [] : check(text);
}

/** The path of a construct that is about to be made, as messages show it. */
export function pathOf(scope: Construct, id: string): string {
  return [scope.node.path, id].filter((part) => part !== "").join("/");
}

/** Name of a part of a construct that was given a name; otherwise the part is named after its place. */
export function partName({ name }: CommonProps, part: string): Pick<CommonProps, "name"> {
  return name === undefined ? {} : { name: boundedName(`${name}-${part}`, LONGEST_NAME) };
}

/** Props without those that every construct shares, and without the named ones. */
export function settingsOf<Props extends CommonProps, Key extends keyof Props = never>(
  props: Props,
  ...others: readonly Key[]
): Omit<Props, keyof CommonProps | Key> {
  const left: readonly PropertyKey[] = ["name", "dataProtection", "tags", ...others];
  const own = ([key]: [string, unknown]): boolean => !left.includes(key);
  return Object.fromEntries(Object.entries(props).filter(own)) as Omit<Props, keyof CommonProps | Key>;
}

/** Other settings stand in a message under their paths in an environment; here they are props. */
function withoutRoot(text: string, root: string): string {
  return root === "" ? text : text.replaceAll(new RegExp(`(?<![\\w.])${root}\\.(?=[a-z])`, "g"), "");
}

function moved(path: string, root: string, to: string): string {
  if (root === "") return `${to}.${path}`;
  return path === root || path.startsWith(`${root}.`) ? `${to}${path.slice(root.length)}` : `${to}: ${path}`;
}

/** Region and account of the stack's AWS provider without an alias; empty where it does not fix them. */
function awsSettings(stack: TerraformStack): { readonly region: string; readonly account: string } {
  interface AwsProvider extends TerraformProvider {
    readonly region?: string;
    readonly allowedAccountIds?: string[];
  }
  const isDefault = (child: unknown): child is AwsProvider =>
    TerraformProvider.isTerraformProvider(child) && child.terraformResourceType === "aws" && child.alias === undefined;
  const aws = stack.node.findAll().find(isDefault);
  const accounts = aws?.allowedAccountIds ?? [];
  return { region: fixed(aws?.region), account: fixed(accounts.length === 1 ? accounts[0] : undefined) };
}

function fixed(value: string | undefined): string {
  return value === undefined || Token.isUnresolved(value) ? "" : value;
}

function providerViolations(stack: TerraformStack, region: string, account: string): Violation[] {
  const path = stack.node.id;
  const noRegion = {
    path,
    problem: "has no AWS provider with a fixed region",
    remedy: 'declare one before this construct: new AwsProvider(this, "aws", { region: "us-east-1", ... })',
  };
  const noAccount = {
    path,
    problem: "has no AWS provider for exactly one account",
    remedy: 'add allowedAccountIds: ["<account id>"] to the provider; names and key policies hold the account',
  };
  return [...(region === "" ? [noRegion] : []), ...(account === "" ? [noAccount] : [])];
}

function isName(text: string): boolean {
  return NAME.test(text) && text.length <= LONGEST_NAME;
}

function commonViolations(path: string, { name, tags = {} }: CommonProps): Violation[] {
  const wrongTags = plainTagsProblem(tags);
  const wrongName = {
    path: `${path}.name`,
    problem: `"${name?.slice(0, LONGEST_NAME) ?? ""}" cannot begin the names of AWS resources`,
    remedy: `use at most ${LONGEST_NAME} lower-case letters, digits and single hyphens, beginning with a letter`,
  };
  return [
    ...(name === undefined || isName(name) ? [] : [wrongName]),
    ...(wrongTags === undefined ? [] : [{ path: `${path}.tags`, ...wrongTags }]),
  ];
}

/** `MyStack` and `Vpc` make `my-stack-vpc`. */
function defaultName(stack: TerraformStack, scope: Construct, id: string): string {
  const path = [stack.node.id, ...(scope === stack ? [] : scope.node.path.split("/").slice(1)), id];
  const kebab = path
    .map((part) => part.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2"))
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
  return boundedName(kebab, LONGEST_NAME);
}
