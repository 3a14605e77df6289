import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

import type { Manifest } from "../../domain/common/kubernetes";

/** Other projects' interfaces as data; they live beside the repository, not in it. */
const CONTRACTS = join(__dirname, "..", "..", "..", "shared", "contracts");

/** Whether the contracts are on this machine. */
export const contractsAvailable = existsSync(CONTRACTS);

if (!contractsAvailable) {
  process.stdout.write(`contract tests are skipped: there is no folder ${CONTRACTS}\n`);
}

/** `describe` where the contracts are, `describe.skip` elsewhere. */
export const describeWithContracts: jest.Describe = contractsAvailable ? describe : describe.skip;

/** Reads a chart's contract: its metadata, default values and keys. */
export function chartContract(name: string): Readonly<Record<string, unknown>> {
  return readJson(join(CONTRACTS, "charts", `${name}.json`));
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
  const folder = join(CONTRACTS, "crds");
  if (!readdirSync(folder).includes(file)) throw new Error(`there is no schema of ${apiVersion} ${kind}`);
  const validate = compiler().compile(readJson(join(folder, file)));
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

function readJson(path: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
}
