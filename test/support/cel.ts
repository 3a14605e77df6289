import { join } from "node:path";

import { type CelInput, CelScalar, celMethod, isCelError, run } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";

import type { Manifest } from "../../domain/common/kubernetes";
import { CONTRACTS, hasContracts, readJson } from "./contract-facts";

if (!hasContracts) {
  process.stdout.write(`the CEL rules of custom resources are not run: there is no folder ${CONTRACTS}\n`);
}

/**
 * Runs the CEL rules of a custom resource's schema, as the API server does when the object is created.
 *
 * Rules that compare with an older object are left out.
 *
 * @returns Path and message of each rule that the object breaks; none where the rules are not on this machine.
 */
export function celViolations(manifest: Manifest): string[] {
  const [group = "", version = ""] = manifest.apiVersion.split("/");
  const file = `${manifest.kind.toLowerCase()}-${group}-${version}.json`;
  return hasContracts ? walk(readJson(join(CONTRACTS, "crds", file)), manifest, "") : [];
}

/** `describe` where the rules are on this machine; one test that is left out elsewhere. */
export function describeWithRules(name: string, body: () => void): void {
  if (hasContracts)
    describe(name, () => {
      body();
    });
  else test.todo(`${name}: needs the rules of Karpenter's custom resources`);
}

/** Evaluates one CEL expression over a value of a manifest. */
export function evaluateCel(expression: string, variables: Readonly<Record<string, unknown>>): unknown {
  const bindings = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, celInput(value)]));
  const result = run(expression, bindings, { funcs: [...strings, find] });
  if (isCelError(result)) throw new Error(`CEL: ${expression}: ${result.message}`);
  return result;
}

/**
 * Kubernetes' own function of regular expressions: the first match, or an empty text.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-regex-library
 */
const find = celMethod("find", CelScalar.STRING, [CelScalar.STRING], CelScalar.STRING, function (pattern) {
  return new RegExp(pattern).exec(this)?.[0] ?? "";
});

/** Whole numbers are integers, as in the schemas of the manifests. */
function celInput(value: unknown): CelInput {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(celInput);
  if (typeof value !== "object" || value === null) return value as CelInput;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, celInput(item)]));
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly "x-kubernetes-validations"?: readonly { readonly rule: string; readonly message?: string }[];
}

function walk(schema: Schema, value: unknown, path: string): string[] {
  if (value === undefined) return [];
  const broken = (schema["x-kubernetes-validations"] ?? [])
    .filter(({ rule }) => !rule.includes("oldSelf") && evaluateCel(rule, { self: value }) !== true)
    .map(({ rule, message }) => `${path}: ${message ?? rule}`);
  return [...broken, ...below(schema, value, path)];
}

function below(schema: Schema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, index) => walk(items, item, `${path}[${String(index)}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const rest = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  return Object.entries(value).flatMap(([key, item]) => {
    const known = schema.properties?.[key] ?? rest;
    return known === undefined ? [] : walk(known, item, `${path}.${key}`);
  });
}
