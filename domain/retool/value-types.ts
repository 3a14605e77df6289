import { z } from "zod";

import type { Json, JsonObject } from "../common/kubernetes";
import { integer } from "../common/setting";
import { shapeViolations } from "../common/shape";
import type { Violation } from "../common/violation";

const text = z.string();
const texts = z.record(text, text);
const object = z.record(text, z.unknown());
const list = z.array(object);
const seconds = integer({ min: 0, max: 86_400, unit: "seconds" });
const milliseconds = integer({ min: 1, max: 86_400_000, unit: "milliseconds" });
const pool = integer({ min: 1, max: 1000, unit: "connections" });
const user = integer({ min: 1, max: 65_534 });

/** A part of which only some keys have a known type. */
function part(shape: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z.looseObject(Object.fromEntries(Object.entries(shape).map(([key, type]) => [key, type.optional()])));
}

const pods = part({ annotations: texts, labels: texts, terminationGracePeriodSeconds: seconds });
const probe = part({
  enabled: z.boolean(),
  path: text,
  initialDelaySeconds: seconds,
  timeoutSeconds: integer({ min: 1, max: 3600, unit: "seconds" }),
  periodSeconds: integer({ min: 1, max: 3600, unit: "seconds" }),
  failureThreshold: integer({ min: 1, max: 1000 }),
});

/**
 * Types of what `extraValues` may hold, by key. The chart writes a value of another type into its templates as it is: the
 * release then fails in the middle of an apply, or a pod reads what nobody meant.
 *
 * Source: values.yaml and the templates of chart 6.11.21.
 */
const TYPES: Readonly<Record<string, z.ZodType>> = {
  backend: pods,
  commandline: part({ args: z.array(text) }),
  "codeExecutor.terminationGracePeriodSeconds": seconds,
  "codeExecutor.volumeMounts": z.union([list, object]),
  "codeExecutor.volumes": z.union([list, object]),
  "config.dbConnectorTimeout": milliseconds,
  "config.postgresPoolMaxSize": pool,
  "dbconnector.config": part({ nodeOptions: text, postgresPoolMaxSize: pool }),
  "dbconnector.java": part({ enabled: z.boolean(), port: integer({ min: 1, max: 65_535 }) }),
  "dbconnector.terminationGracePeriodSeconds": seconds,
  deployment: pods,
  // The chart runs it through its template engine, which takes text only.
  extraContainers: text,
  extraConfigMapMounts: list,
  extraManifests: list,
  extraVolumeMounts: list,
  extraVolumes: list,
  files: texts,
  hostAliases: z.union([list, z.strictObject({})]),
  initContainers: z.record(text, object),
  livenessProbe: probe,
  "mcp.environmentVariables": list,
  preStopHook: part({ enabled: z.boolean() }),
  readinessProbe: probe,
  revisionHistoryLimit: integer({ min: 0, max: 100, unit: "revisions" }),
  "rr.agentSandbox.controller.scaling.jobRetentionSeconds": seconds,
  "rr.agentSandbox.controller.scaling.leaderRenewMs": milliseconds,
  "rr.agentSandbox.controller.scaling.leaderTtlMs": milliseconds,
  "rr.agentSandbox.controller.scaling.reconcileIntervalMs": milliseconds,
  "rr.agentSandbox.devicePlugin.priorityClassName": text,
  "rr.agentSandbox.postgres.poolMax": pool,
  "rr.agentSandbox.postgres.sweeperIntervalMs": milliseconds,
  "rr.agentSandbox.proxy.allowedDomains": text,
  "rr.agentSandbox.proxy.npmRegistry": object,
  "rr.agentSandbox.proxy.sandboxProxyTimeoutMs": z.union([milliseconds, text.regex(/^[1-9]\d{0,7}$/)]),
  "rr.agentSandbox.sandbox.extraEnv": list,
  "rr.gitServer.repackThreshold": integer({ min: 1, max: 1_000_000 }),
  "rr.jsExecutor.env": z.union([list, object]),
  "rr.jsExecutor.terminationGracePeriodSeconds": seconds,
  "rr.jsExecutor.volumeMounts": z.union([list, object]),
  "rr.jsExecutor.volumes": z.union([list, object]),
  "securityContext.enabled": z.boolean(),
  "securityContext.extraSecurityContext": object,
  "securityContext.fsGroup": user,
  "securityContext.runAsUser": user,
  "telemetry.extraEnv": list,
  "telemetry.extraPorts": list,
  "telemetry.extraVolumeMounts": list,
  "telemetry.extraVolumes": list,
  "telemetry.resources": object,
  ui: pods,
  "workflows.backend.postgresPoolMaxSize": pool,
  "workflows.config.nodeOptions": text,
  "workflows.config.otelCollector": object,
  "workflows.worker.postgresPoolMaxSize": pool,
};

/** The type of an open key: annotations, labels and configuration are the same everywhere. */
function typeOf(key: string): z.ZodType | undefined {
  if (["annotations", "labels"].some((end) => key.toLowerCase().endsWith(end))) return texts;
  return TYPES[key] ?? (key.endsWith(".config") ? object : undefined);
}

/** Finds values of another type than the chart takes, at keys that are open. */
export function valueTypeViolations(values: JsonObject, keys: readonly string[], root: string): Violation[] {
  return keys.flatMap((key) => {
    const [value, type] = [valueAt(values, key), typeOf(key)];
    return value === undefined || type === undefined ? [] : shapeViolations(type, value, `${root}.${key}`);
  });
}

/** The value at a key with dots between its parts; undefined where there is none. */
export function valueAt(values: JsonObject, key: string): Json | undefined {
  return key.split(".").reduce<Json | undefined>((value, name) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;
  }, values);
}
