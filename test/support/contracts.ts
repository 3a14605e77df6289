import { existsSync } from "node:fs";
import { join } from "node:path";

import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

import type { Manifest } from "../../domain/common/kubernetes";
import { CONTRACTS, FACTS, hasContracts, readJson } from "./contract-facts";

if (!hasContracts) {
  process.stdout.write(`tests against Retool's rendered chart are skipped: there is no folder ${CONTRACTS}\n`);
}

/** `describe` where Retool's chart as it was rendered is on this machine; one test that is left out elsewhere. */
export function describeWithRenderedChart(name: string, body: () => void): void {
  if (hasContracts)
    describe(name, () => {
      body();
    });
  else test.todo(`${name}: needs Retool's rendered chart`);
}

/** Retool's chart as it was rendered; without variants where it is not on this machine. */
export function renderedChart(): Readonly<Record<string, unknown>> {
  return hasContracts ? readJson(join(CONTRACTS, "charts", "retool-6.11.21.rendered.json")) : { variants: {} };
}

/** The facts about a chart: its metadata, the keys of its default values with their types, and further keys. */
export function chartContract(name: string): Readonly<Record<string, unknown>> {
  return readJson(join(FACTS, "charts", `${name}.json`));
}

/**
 * Checks a custom resource against the strict schema of its kind and version.
 *
 * @returns What is wrong, one line each; empty where the object is valid.
 * @throws Error where no schema of that kind and version is known.
 */
export function validateCustomResource(manifest: Manifest): string[] {
  const validate = validatorOf(manifest.apiVersion, manifest.kind);
  return validate(manifest) ? [] : (validate.errors ?? []).map(describeError);
}

/**
 * Lists the paths of `values` that a chart's default values do not know.
 *
 * Below a key whose default is an empty object, an empty list or null anything is known.
 */
export function unknownValues(chart: string, values: unknown): string[] {
  return unknownPaths(chartContract(chart)["defaults"], values, "");
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(apiVersion: string, kind: string): ValidateFunction {
  const [group = "", version = ""] = apiVersion.split("/");
  const file = `${kind.toLowerCase()}-${group}-${version}.json`;
  const known = validators.get(file);
  if (known !== undefined) return known;
  const path = join(FACTS, "crds", file);
  if (!existsSync(path)) throw new Error(`there is no schema of ${apiVersion} ${kind}`);
  const validate = compiler().compile(readJson(path));
  validators.set(file, validate);
  return validate;
}

/** Kubernetes writes its own keywords (`x-kubernetes-*`) and formats (`int32`) into schemas: not strict about those. */
function compiler(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats(ajv);
  return ajv;
}

function describeError({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath === "" ? "/" : instancePath} ${message ?? "is not valid"} ${JSON.stringify(params)}`;
}

function unknownPaths(known: unknown, given: unknown, path: string): string[] {
  if (!isObject(given) || !isObject(known) || Object.keys(known).length === 0) return [];
  return Object.entries(given).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    return key in known ? unknownPaths(known[key], value, here) : [here];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
