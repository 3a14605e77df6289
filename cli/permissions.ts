import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { EnvironmentPlan } from "../domain/environment/environment";
import { stacksOf } from "../domain/environment/layers";
import { type Phase, PHASES, policiesOf, unrecordedTypes } from "../domain/permissions/permissions";
import { type Policy, policySize } from "../domain/permissions/policies";
import { type StackUse, stackUse, type SynthesizedStack } from "../domain/permissions/stack";
import { coversNames } from "../domain/permissions/scopes";
import { aligned } from "./columns";
import { projectRoot } from "./configuration";
import { neighboursOf, plannedEnvironment } from "./environments";
import { Failure } from "./failure";
import type { Report } from "./report";
import { section, wrap } from "./text";
import { synthCommand } from "./stacks";

/** How {@link permissions} prints. */
export interface PermissionsOptions {
  /** Print JSON instead of text. */
  readonly json?: true;
  /** Folder that takes each policy as a file. */
  readonly out?: string;
}

const WHAT: Readonly<Record<Phase, string>> = {
  plan: "read only, secrets included",
  deploy: "first deployment",
  change: "everyday changes",
  upgrade: "new versions",
  destroy: "take down",
};

/** The IAM policies that a deployer of an environment needs, from its synthesized stack. Offline. */
export function permissions(name: string, options: PermissionsOptions): Report {
  const plan = plannedEnvironment(name);
  return permissionsReport(plan, projectRoot(), options, neighboursOf(plan));
}

/**
 * The policies of an environment whose stack was synthesized in a project.
 *
 * @param plan - The environment.
 * @param project - Folder of the project, with `cdktf.out`.
 * @param neighbours - The other environments of the project.
 * @throws Failure where the stack is missing or holds a type whose requests are not known.
 */
export function permissionsReport(
  plan: EnvironmentPlan,
  project: string,
  { out }: PermissionsOptions,
  neighbours: readonly EnvironmentPlan[] = [],
): Report {
  const { name } = plan.context;
  const use = synthesizedUse(plan, project);
  const phases = Object.keys(PHASES) as Phase[];
  const policies = Object.fromEntries(phases.map((phase) => [phase, policiesOf(plan, use, phase)] as const)) as Record<
    Phase,
    Policy[]
  >;
  const files = out === undefined ? [] : write(out, Object.values(policies).flat());
  const boundary = plan.landingZone.iam.permissionsBoundary;
  const alsoCovered = neighbours.filter((other) => coversNames(plan, other)).map(({ context }) => context.name);
  return {
    json: { environment: name, account: plan.context.account, permissionsBoundary: boundary, alsoCovered, policies },
    text: () => text(name, policies, files, rolesText(boundary, alsoCovered)),
  };
}

/**
 * What the stacks of an environment hold, as they were last synthesized.
 *
 * @throws Failure where a stack is missing or holds a type whose requests are not known.
 */
export function synthesizedUse(plan: EnvironmentPlan, project: string): StackUse {
  const { name } = plan.context;
  const stacks = stacksOf(plan).map(({ name: stack }) => {
    const file = join(project, "cdktf.out", "stacks", stack, "cdk.tf.json");
    if (!existsSync(file)) throw new Failure(`${stack}: not synthesized; run ${synthCommand()} first`);
    return JSON.parse(readFileSync(file, "utf8")) as SynthesizedStack;
  });
  const use = stackUse({
    resource: together(stacks, "resource"),
    data: together(stacks, "data"),
    ephemeral: together(stacks, "ephemeral"),
    provider: { aws: stacks.flatMap(({ provider }) => provider?.["aws"] ?? []) },
  });
  const [unknown] = unrecordedTypes(use);
  if (unknown === undefined) return use;
  throw new Failure(
    `${name}: the requests for ${unknown} are not recorded, so its permissions are unknown; remove it from the stack, or grant what it needs by another policy`,
  );
}

/** Blocks of all stacks. How a layer looks up another one needs no rights that reading what it looks up does not need. */
function together(
  stacks: readonly SynthesizedStack[],
  kind: "resource" | "data" | "ephemeral",
): SynthesizedStack["resource"] {
  const all: Record<string, Record<string, Readonly<Record<string, unknown>>>> = {};
  for (const [type, byName] of stacks.flatMap((stack) => Object.entries(stack[kind] ?? {})))
    for (const [name, block] of Object.entries(byName)) if (!name.startsWith("Below")) (all[type] ??= {})[name] = block;
  return all;
}

function write(folder: string, policies: readonly Policy[]): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    return policies.map(({ name, document }) => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
      return file;
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new Failure(`--out: ${folder} cannot be written (${code}); use another folder`);
  }
}

/** What the role that deploys may do beyond its environment, as docs/guides/permissions.md explains. */
function rolesText(boundary: string | undefined, alsoCovered: readonly string[]): string[] {
  return [
    boundary === undefined
      ? "Roles get no permissions boundary: anyone who deploys or changes this environment can give one of its roles any right. Set iam.permissionsBoundary to prevent that; these policies then demand it."
      : `Roles are made, and get policies, only with the permissions boundary ${boundary}.`,
    "deploy can claim any KMS key of the account that has neither an Environment tag nor an alias, and any security group without that tag, by tagging it. Give what belongs to other teams the tag.",
    ...(alsoCovered.length > 0
      ? [
          `Warning: these policies also cover ${alsoCovered.join(", ")} in the same account, because names there begin with those of this environment. Use another name or account to separate them.`,
        ]
      : []),
  ];
}

function text(
  name: string,
  policies: Record<Phase, Policy[]>,
  files: readonly string[],
  roles: readonly string[],
): string {
  const rows = Object.entries(policies).map(([phase, list]) => [
    `${phase}: ${WHAT[phase as Phase]}`,
    String(list.length),
    String(new Set(list.flatMap(({ document }) => document.Statement.flatMap(({ Action }) => Action))).size),
    list.map(({ document }) => policySize(document)).join(", "),
  ]);
  return [
    `${wrap(`${name}: IAM policies for the role that deploys, one set for each phase. Attach every policy of the phase you need.`)}\n`,
    section("Policies", aligned([["", "policies", "actions", "characters"], ...rows])),
    section(
      "Roles",
      roles.map((one) => wrap(one, "  ")),
    ),
    files.length > 0
      ? section(
          "Written",
          files.map((file) => `  ${file}`),
        )
      : section("Next", [wrap("--out <folder> writes a file for each policy, --json prints all of them.", "  ")]),
  ].join("");
}
