import fc from "fast-check";

import type { JsonObject } from "../../../domain/common/kubernetes";
import { LATER_KEYS, LEGACY_KEYS, OPEN_KEYS, OWNED_KEYS } from "../../../domain/retool/chart-keys";
import { extraValuesViolations, mergeValues } from "../../../domain/retool/extra-values";
import { versions } from "../../../domain/versions/pins";
import { formatViolation } from "../../../domain/common/violation";
import { planRetool } from "../../../domain/retool/retool";
import { context } from "../../support/fakes";
import { releaseValues } from "../../support/retool-release";

/** The tested chart. */
const CHART = versions.charts.retool.version;
const check = (values: JsonObject, chart = CHART): string[] =>
  extraValuesViolations(values, "retool.extraValues", chart).map(formatViolation);

/** `a.b` with a value becomes `{ a: { b: value } }`. */
const at = (path: string, value: unknown): JsonObject =>
  path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as JsonObject;

describe("extra values", () => {
  /** A value that the chart takes at an open key. */
  const sample = (key: string): unknown => {
    const samples = ["x", 30, true, { enabled: true }, [{ name: "x" }], {}];
    return samples.find((value) => check(at(key, value)).length === 0);
  };

  test.each(OPEN_KEYS)("may set %s, and to values of its type only", (key) => {
    expect(sample(key)).toBeDefined();
  });

  test.each([
    [{ commandline: 5 }, "retool.extraValues.commandline: 5 has the wrong type; use an object: { ... }"],
    [
      { commandline: { args: "x" } },
      'retool.extraValues.commandline.args: "x" has the wrong type; use a list: [ ... ]',
    ],
    [{ podLabels: ["a"] }, "retool.extraValues.podLabels: a list has the wrong type; use an object: { ... }"],
    [{ podLabels: { a: 5 } }, "retool.extraValues.podLabels.a: 5 has the wrong type; use text in quotes"],
    [{ extraVolumes: "x" }, 'retool.extraValues.extraVolumes: "x" has the wrong type; use a list: [ ... ]'],
    [
      { extraContainers: [{ name: "x" }] },
      "retool.extraValues.extraContainers: a list has the wrong type; use text in quotes",
    ],
    [
      { revisionHistoryLimit: -1 },
      "retool.extraValues.revisionHistoryLimit: -1 is out of range; use 0 to 100 revisions",
    ],
    [
      { config: { postgresPoolMaxSize: 0 } },
      "retool.extraValues.config.postgresPoolMaxSize: 0 is out of range; use 1 to 1000 connections",
    ],
    [
      { rr: { agentSandbox: { postgres: { poolMax: "ten" } } } },
      'retool.extraValues.rr.agentSandbox.postgres.poolMax: "ten" is not a number; use 1 to 1000 connections',
    ],
    [
      { "config.postgresPoolMaxSize": 20 },
      "retool.extraValues.config.postgresPoolMaxSize: is one key with dots in its name; write one object for each part of it",
    ],
    [
      { extraManifests: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "x" } }] },
      'retool.extraValues.extraManifests[0]: is a Kubernetes Secret, whose value would stand in the configuration; remove it; set retool.environment: { NAME: { secret: "<name of the secret>" } } for what pods read',
    ],
  ] as const)("%j is refused for its value", (values, message) => {
    expect(check(values as unknown as JsonObject)).toEqual([message]);
  });

  test("are sent from the keys of a feature to its switch and the sizes of its services", () => {
    expect(OWNED_KEYS.get("mcp")).toBe("use retool.features.mcp and retool.mcp");
    expect(OWNED_KEYS.get("agents")).toBe("use retool.features.agents, retool.agentWorker and retool.agentEvalWorker");
  });

  test.each([...OWNED_KEYS])("may not set %s, and are told what to do", (key, remedy) => {
    const values = OPEN_KEYS.some((open) => open.startsWith(`${key}.`)) ? at(`${key}.below`, "x") : at(key, { a: "x" });

    expect(extraValuesViolations(values, "x", CHART).map((violation) => violation.remedy)).toEqual([remedy]);
  });

  test.each([...LATER_KEYS])("may set %s from chart %s on", (key, since) => {
    const values = at(`${key}.enabled`, true);

    expect(check(values, since)).toEqual([]);
    expect(check(values, "7.0.0")).toEqual([]);
    expect(check(values)).toEqual([
      `retool.extraValues.${key}: exists in the chart from ${since} on, but chartVersion is ${CHART}; set retool.chartVersion to "${since}" or later, or remove it`,
    ]);
  });

  test("follow the chart that the environment asks for", () => {
    const retool = { extraValues: { rr: { appServingLayer: { enabled: true, appDomain: "apps.example.com" } } } };
    const paths = (chartVersion?: string): string[] =>
      planRetool({ ...retool, chartVersion }, context, "4.0.9-stable").violations.map(({ path }) => path);

    expect(paths()).toEqual(["retool.extraValues.rr.appServingLayer"]);
    expect(paths("6.13.2")).toEqual([]);
  });

  test.each([...LEGACY_KEYS.keys()])("may not set %s, with which the chart fails", (key) => {
    const [violation, ...more] = extraValuesViolations(at(key, { enabled: true }), "retool.extraValues", CHART);

    expect(more).toEqual([]);
    expect(violation?.path).toBe(`retool.extraValues.${key}`);
    expect(violation?.problem).toBe(`was renamed to ${LEGACY_KEYS.get(key)!}, and the chart fails if it is set`);
  });

  test.each([
    [
      { agentSandbox: { controller: { scaling: { prewarmPoolSize: 3 } } } },
      "retool.extraValues.agentSandbox: was renamed to rr.agentSandbox, and the chart fails if it is set; use sandbox, retool.sandboxController and retool.sandboxProxy (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
    ],
    [
      { rr: { agentSandbox: { controller: { scaling: { prewarmPoolSize: 3 } } } } },
      "retool.extraValues.rr.agentSandbox.controller.scaling.prewarmPoolSize: is set by this package; use sandbox, retool.sandboxController and retool.sandboxProxy",
    ],
    [
      { workflows: { replicaCount: 3 } },
      "retool.extraValues.workflows.replicaCount: is set by this package; set the size in the service's own field below retool, such as retool.api",
    ],
    [
      { livenesProbe: { path: "/" } },
      "retool.extraValues.livenesProbe: is not a key of the chart; use livenessProbe, or remove it",
    ],
    [
      { securityContext: { extraContainerSecurityContext: { privileged: true } } },
      "retool.extraValues.securityContext.extraContainerSecurityContext: is set by this package; remove it: the chart writes it into code-executor besides its own",
    ],
    [
      { extraVolumes: { name: "cache", emptyDir: {} } },
      "retool.extraValues.extraVolumes: an object has the wrong type; use a list: [ ... ]",
    ],
    [{ rr: null }, "retool.extraValues.rr: is not a key of the chart; correct its spelling, or remove it"],
  ])("%j is refused", (values, message) => {
    expect(check(values)).toEqual([message]);
  });

  test("are all checked, not only the first", () => {
    expect(check({ ingress: { enabled: true }, image: { tag: "x" }, unknown: 1, podLabels: { a: "b" } })).toHaveLength(
      3,
    );
  });

  test("change what they name and nothing else", () => {
    const plain = releaseValues();
    const values = releaseValues({
      retool: { extraValues: { workflows: { labels: { a: "b" } }, podLabels: { c: "d" } } },
    });

    expect(values).toEqual({ ...plain, podLabels: { c: "d" }, workflows: { ...plain.workflows, labels: { a: "b" } } });
  });
});

describe("merging", () => {
  const json = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<JsonObject>;

  test("with nothing changes nothing, from either side", () => {
    fc.assert(
      fc.property(json, (values) => {
        expect(mergeValues(values, {})).toEqual(values);
        expect(mergeValues({}, values)).toEqual(values);
      }),
    );
  });

  test("keeps every key of both", () => {
    fc.assert(
      fc.property(json, json, (values, extra) => {
        const keys = new Set([...Object.keys(values), ...Object.keys(extra)]);

        expect(new Set(Object.keys(mergeValues(values, extra)))).toEqual(keys);
      }),
    );
  });

  test("joins objects, appends lists and replaces the rest", () => {
    expect(mergeValues({ a: { b: 1, c: [1] }, d: 1 }, { a: { c: [2], e: 3 }, d: { f: 1 } })).toEqual({
      a: { b: 1, c: [1, 2], e: 3 },
      d: { f: 1 },
    });
  });
});
