import fc from "fast-check";

import { prod } from "./environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import type { RetoolSpec } from "../../domain/retool/retool";
import { SERVICE_IDS } from "../../domain/catalog/services";
import { EVERYTHING, EXISTING_STORAGE, TEMPORAL } from "./release-choices";
import { CERTIFICATE } from "./retool-release";

/** Any of the keys, each with a value of its own kind. */
function some<Spec extends object>(parts: { [Key in keyof Spec]: fc.Arbitrary<Spec[Key]> }): fc.Arbitrary<Spec> {
  return fc.record(parts, { requiredKeys: [] }) as fc.Arbitrary<Spec>;
}

const DIGEST = `sha256:${"a".repeat(64)}`;
const variableName = fc.stringMatching(/^[A-Z]{3,9}$/);

const size = some({
  replicas: fc.integer({ min: 1, max: 4 }),
  resources: some({ cpuMillicores: fc.integer({ min: 10, max: 2000 }), memoryMiB: fc.integer({ min: 64, max: 4000 }) }),
});

const images = some({
  registries: fc.constant({ dockerHub: "mirror.example.com" }),
  digests: fc.constant({ backend: DIGEST, init: DIGEST }),
  pullSecrets: fc.constant(["mirror"]),
});

/** Releases of every kind; services that are always there may have any size. */
const releases: fc.Arbitrary<RetoolSpec> = fc
  .tuple(
    some({
      profile: fc.constantFrom("production" as const, "evaluation" as const),
      features: fc.constantFrom({}, EVERYTHING.features, { agents: true }, { dbconnector: true, mcp: true }),
      telemetry: fc.constantFrom("off" as const, "metrics" as const),
      auditEvents: fc.constantFrom("database" as const, "stdout" as const),
      appOrchestration: fc.constant("temporal" as const),
      environment: fc.dictionary(variableName, fc.string()),
      secretEnvironment: fc.dictionary(variableName, fc.constant("retool/secret")),
      images,
      certificateAuthorities: fc.constant(CERTIFICATE),
      outboundProxy: fc.constant({ url: "http://proxy.example.com:3128" }),
      priorityClassName: fc.constant("important"),
      codeExecutor: some({ sandboxing: fc.constantFrom("seccomp", "privileged", "unsandboxed") }),
      jobsRunner: some({ migrationTimeoutMinutes: fc.integer({ min: 1, max: 600 }) }),
    }),
    fc.dictionary(
      fc.constantFrom(
        ...SERVICE_IDS.filter((id) => ["api", "workflowsBackend", "workflowsWorker", "jsExecutor"].includes(id)),
      ),
      size,
    ),
  )
  .map(([release, services]) => ({ ...release, ...services }));

/** Whole environments, most of them sound: production with some parts decided otherwise. */
export const environmentSpecs: fc.Arbitrary<EnvironmentSpec> = some<Partial<EnvironmentSpec>>({
  name: fc.constantFrom("prod", "staging", "a"),
  region: fc.constantFrom("us-east-1", "eu-west-1", "ap-southeast-2"),
  domain: fc.constantFrom("retool.example.com", "tools.example.org"),
  retoolVersion: fc.constantFrom("4.0.9-stable", "4.34.1-stable", "4.86.2-stable"),
  license: fc.constantFrom("none", "retool/license-key"),
  access: fc.constantFrom<EnvironmentSpec["access"]>("internal", ["203.0.113.0/24"]),
  builders: fc.integer({ min: 1, max: 300 }),
  sandbox: some({
    threadsPerBuilder: fc.integer({ min: 1, max: 3 }),
    prewarmPoolSize: fc.integer({ min: 0, max: 20 }),
    devicePlugin: fc.boolean(),
    warmHeadroom: fc.integer({ min: 0, max: 20 }),
  }),
  nodePools: some({ isolateCodeExecution: fc.boolean() }),
  frontDoor: some({ sandboxProxy: fc.constantFrom("dedicated-host" as const, "same-origin" as const) }),
  blobStorage: fc.constantFrom<EnvironmentSpec["blobStorage"]>({}, ...EXISTING_STORAGE),
  temporal: fc.constantFrom(...Object.values(TEMPORAL)),
  retool: releases,
}).map((changes) => ({ ...prod, ...changes }));
