import semver from "semver";

import type { Json, JsonObject } from "../common/kubernetes";
import { LATER_KEYS, LEGACY_KEYS, LIST_KEYS, OPEN_KEYS, OWNED_KEYS } from "./chart-keys";
import { DOCUMENTS } from "../common/documents";
import type { Violation } from "../common/violation";

const OPEN = new Set(OPEN_KEYS);

/** Finds keys that the chart of a version does not know, that make it fail, or that this package sets itself. */
export function extraValuesViolations(values: JsonObject, root: string, chartVersion: string): Violation[] {
  const refused = unknownKeys(values, "").flatMap((key) => {
    const since = LATER_KEYS.get(key);
    if (since === undefined) return [refusal(key, root)];
    return isAsNew(chartVersion, since) ? [] : [tooEarly(`${root}.${key}`, chartVersion, since)];
  });
  return [...refused, ...LIST_KEYS.flatMap((key) => listViolations(values[key], `${root}.${key}`))];
}

function listViolations(value: Json | undefined, path: string): Violation[] {
  if (value === undefined || Array.isArray(value)) return [];
  return [{ path, problem: `${JSON.stringify(value)} is not a list`, remedy: "put it in brackets" }];
}

/** Keys, or the longest known beginnings of keys, that are not open. */
function unknownKeys(values: JsonObject, prefix: string): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    if (OPEN.has(key)) return [];
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
  return { path, problem: "is not a key of the chart", remedy: "correct its spelling, or remove it" };
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
