import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./workspace";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

/** Facts about charts and custom resources that every clone has: names, types, enums and bounds. */
export const FACTS = join(__dirname, "..", "contracts", "facts");
/** The whole interfaces of other projects; they lie next to some clones. */
export const CONTRACTS = join(ROOT, "..", "shared", "contracts");

/** Whether the whole interfaces are on this machine. */
export const hasContracts = existsSync(CONTRACTS);

/** Every file of facts. */
export const FACT_FILES = [
  ...["aws-load-balancer-controller-3.5.0", "external-secrets-2.9.0", "karpenter-1.14.1", "karpenter-crd-1.14.1"].map(
    (name) => `charts/${name}.json`,
  ),
  "charts/retool-6.11.21.json",
  "crds/capacitybuffer-autoscaling.x-k8s.io-v1beta1.json",
  "crds/ec2nodeclass-karpenter.k8s.aws-v1.json",
  "crds/externalsecret-external-secrets.io-v1.json",
  "crds/nodeoverlay-karpenter.sh-v1alpha1.json",
  "crds/nodepool-karpenter.sh-v1.json",
  "crds/secretstore-external-secrets.io-v1.json",
  "crds/targetgroupbinding-elbv2.k8s.aws-v1beta1.json",
] as const;

/** What the facts of a file are, taken from the whole interface. */
export function factsOf(file: string): Json {
  const whole = readJson(join(CONTRACTS, file));
  if (file.startsWith("crds/")) return schemaFacts(whole);
  return Object.fromEntries(
    Object.entries(whole).map(([key, value]) => [
      key,
      ["defaults", "subcharts"].includes(key) ? typesOf(value) : value,
    ]),
  );
}

/** Reads a JSON file that holds an object. */
export function readJson(path: string): JsonObject {
  return JSON.parse(readFileSync(path, "utf8")) as JsonObject;
}

/** A schema without its prose and its rules in CEL; of the stores of secrets, AWS's. */
function schemaFacts(part: Json): Json {
  if (isList(part)) return part.map(schemaFacts);
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).filter(
    ([key, value]) => !key.startsWith("x-") && !(key === "description" && typeof value === "string"),
  );
  const isStore = "aws" in part && "vault" in part;
  return Object.fromEntries(
    entries.filter(([key]) => !isStore || key === "aws").map(([key, value]) => [key, schemaFacts(value)]),
  );
}

/** The keys of default values, each with the type of its value. */
function typesOf(part: Json): Json {
  if (isList(part)) return part;
  if (typeof part !== "object" || part === null) return part === null ? null : typeof part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, typesOf(value)]));
}

function isList(part: Json): part is readonly Json[] {
  return Array.isArray(part);
}
