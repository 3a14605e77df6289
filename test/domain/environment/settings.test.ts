import { planEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { isSettable } from "../../../domain/environment/settable";
import { listSettings } from "../../../domain/environment/settings";

const spec: EnvironmentSpec = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.9-stable",
  access: "internal",
  clusterAccess: "private",
  license: "none",
  network: { zones: 2 },
};

const settings = listSettings(spec, planEnvironment(spec), isSettable);
const find = (path: string): unknown => settings.find((setting) => setting.path === path);

describe("listSettings", () => {
  test.each([
    ["network.zones", 2, "config"],
    ["access", "internal", "config"],
    ["network.nat", "per-zone", "default"],
    ["builders", 20, "default"],
    ["capacity.podsAtPeak", 25, "computed"],
    ["state.kind", "s3", "default"],
  ])("lists %s", (path, value, origin) => {
    expect(find(path)).toEqual({ path, value, origin });
  });

  test("lists what was written once, however the plan shows it", () => {
    expect(new Set(settings.map(({ path }) => path)).size).toBe(settings.length);
  });
});

test.each([
  ["builders", true],
  ["network.zones", true],
  ["network.subnets", false],
  ["sandbox.prewarmPoolSize", true],
  ["secrets.encryptionKey.kind", true],
  ["secrets.encryptionKey.value", false],
  ["nothing", false],
  ["tags", true],
])("%s can be given in a configuration: %s", (path, expected) => {
  expect(isSettable(path)).toBe(expected);
});
