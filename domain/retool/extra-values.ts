import semver from "semver";

import type { Json, JsonObject } from "../common/kubernetes";
import { LATER_KEYS, LEGACY_KEYS, OPEN_KEYS, OWNED_KEYS } from "./chart-keys";
import { DOCUMENTS } from "../common/documents";
import { nearest } from "../common/nearest";
import { valueTypeViolations } from "./value-types";
import type { Violation } from "../common/violation";

const OPEN = new Set(OPEN_KEYS);

/** Finds keys that the chart of a version does not know, that make it fail, or that this package sets itself. */
export function extraValuesViolations(values: JsonObject, root: string, chartVersion: string): Violation[] {
  if (Object.keys(values).length === 0) return [];
  const refused = unknownKeys(values, "").flatMap((key) => {
    const since = LATER_KEYS.get(key);
    if (since === undefined) return [refusal(key, root)];
    return isAsNew(chartVersion, since) ? [] : [tooEarly(`${root}.${key}`, chartVersion, since)];
  });
  return [
    ...refused,
    ...valueTypeViolations(values, OPEN_KEYS, root),
    ...manifestViolations(values["extraManifests"], `${root}.extraManifests`),
  ];
}

/** A Secret among the manifests would stand in Terraform's state and in Helm's record with its value. */
function manifestViolations(manifests: Json | undefined, path: string): Violation[] {
  if (!Array.isArray(manifests)) return [];
  return (manifests as Json[]).flatMap((manifest, index) =>
    isObject(manifest) && manifest["kind"] === "Secret"
      ? [
          {
            path: `${path}[${index}]`,
            problem: "is a Kubernetes Secret, whose value would stand in the configuration",
            remedy:
              'remove it; set retool.environment: { NAME: { secret: "<name of the secret>" } } for what pods read',
          },
        ]
      : [],
  );
}

/** Keys, or the longest known beginnings of keys, that are not open. */
function unknownKeys(values: JsonObject, prefix: string): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    // A dot in a key is part of its name, and no level of the chart's values.
    if (OPEN.has(key) && !name.includes(".")) return [];
    const below = isObject(value) && Object.keys(value).length > 0 && isInner(key);
    return below ? unknownKeys(value, key) : [key];
  });
}

/** A version that cannot be read is refused elsewhere. */
function isAsNew(chartVersion: string, since: string): boolean {
  return semver.valid(chartVersion) === null || semver.gte(chartVersion, since);
}

function tooEarly(path: string, chartVersion: string, since: string): Violation {
  return {
    path,
    problem: `exists in the chart from ${since} on, but chartVersion is ${chartVersion}`,
    remedy: `set retool.chartVersion to "${since}" or later, or remove it`,
  };
}

/** Whether a key has open keys below it. */
function isInner(key: string): boolean {
  return OPEN_KEYS.some((open) => open.startsWith(`${key}.`));
}

function refusal(key: string, root: string): Violation {
  const path = `${root}.${key}`;
  const now = LEGACY_KEYS.get(key);
  if (now !== undefined) {
    return {
      path,
      problem: `was renamed to ${now}, and the chart fails if it is set`,
      remedy: instead(now),
      document: DOCUMENTS.upgrades,
    };
  }
  const remedy = ownedBy(key);
  if (remedy !== undefined) return { path, problem: "is set by this package", remedy };
  if (OPEN.has(key))
    return { path, problem: "is one key with dots in its name", remedy: "write one object for each part of it" };
  const meant = nearest(key, OPEN_KEYS);
  const spelling = meant === undefined ? "correct its spelling" : `use ${meant}`;
  return { path, problem: "is not a key of the chart", remedy: `${spelling}, or remove it` };
}

function instead(key: string): string {
  return ownedBy(key) ?? "use sandbox, retool.jsExecutor, retool.r2Worker or blobStorage";
}

/** What to do in place of a key or of the longest part of its path that this package sets. */
function ownedBy(key: string): string | undefined {
  const parts = key.split(".");
  const owners = parts.map((_, index) => OWNED_KEYS.get(parts.slice(0, parts.length - index).join(".")));
  return owners.find((owner) => owner !== undefined);
}

/** Adds values to others: objects key by key, lists one after the other, anything else in place of what was there. */
export function mergeValues<Values extends JsonObject>(values: Values, extra: JsonObject): Values {
  const merged = Object.entries(extra).map(([key, value]) => [key, mergeValue(values[key], value)]);
  return { ...values, ...(Object.fromEntries(merged) as JsonObject) };
}

function mergeValue(value: Json | undefined, extra: Json | undefined): Json | undefined {
  if (isObject(value) && isObject(extra)) return mergeValues(value, extra);
  if (Array.isArray(value) && Array.isArray(extra)) return [...(value as Json[]), ...(extra as Json[])];
  return extra;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
