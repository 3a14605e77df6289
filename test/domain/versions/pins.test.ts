import semver from "semver";

import { prod } from "../../support/environments/prod";
import { checkEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { amiAliasOf } from "../../../domain/cluster/node-release";
import { compatibilityViolations, type VersionChoice, versions } from "../../../domain/versions/pins";
import { formatViolation } from "../../../domain/common/violation";
import { chartContract } from "../../support/contracts";

const problems = (choice: VersionChoice): string[] => compatibilityViolations(choice).map(formatViolation);

describe("the pinned versions", () => {
  const { supported } = versions.kubernetes;

  test("fit together, for every Kubernetes version that is accepted", () => {
    for (const { version } of supported) {
      expect(
        problems({
          kubernetes: version,
          karpenter: versions.charts.karpenter.version,
          retool: "4.0.0-stable",
          retoolChart: versions.charts.retool.version,
          useSeccompProfile: true,
        }),
      ).toEqual([]);
    }
  });

  test("list Kubernetes versions without a gap, oldest first, and the default among them", () => {
    const minors = supported.map(({ version }) => Number(version.split(".")[1]));

    expect(minors).toEqual(minors.map((_, index) => 33 + index));
    expect(supported.map(({ version }) => version)).toContain(versions.kubernetes.default);
  });

  test("end standard support before extended support, older versions first", () => {
    const ends = supported.map(({ standardSupportUntil }) => standardSupportUntil);

    expect(ends).toEqual([...ends].sort());
    for (const { standardSupportUntil, extendedSupportUntil } of supported)
      expect(Date.parse(extendedSupportUntil) - Date.parse(standardSupportUntil)).toBeGreaterThanOrEqual(
        365 * 24 * 3600 * 1000,
      );
  });

  test("take images of one day for all Kubernetes versions", () => {
    expect(supported.map(({ nodeRelease }) => nodeRelease.replace(/\.\d+-\d{8}$/, ""))).toEqual(
      supported.map(({ version }) => version),
    );
    expect(new Set(supported.map(({ nodeRelease }) => amiAliasOf(nodeRelease)))).toEqual(new Set(["al2023@v20260903"]));
  });

  test("default to the newest Kubernetes version, whose standard support lasts longest", () => {
    expect(versions.kubernetes.default).toBe(supported.at(-1)?.version);
  });

  test("install Karpenter and its definitions from one version", () => {
    expect(versions.charts.karpenterCrd.version).toBe(versions.charts.karpenter.version);
    expect(versions.charts.karpenterCrd.repository).toBe(versions.charts.karpenter.repository);
  });

  test.each(Object.values(versions.charts))("name chart $name exactly", ({ version, repository }) => {
    expect(semver.valid(version)).toBe(version);
    expect(repository).toMatch(/^(https|oci):\/\//);
  });

  test.each([
    ["aws", "5.100.0", true],
    ["aws", "6.25.0", true],
    ["aws", "5.99.1", false],
    ["aws", "7.0.0", false],
    ["helm", "3.1.1", true],
    ["helm", "2.17.0", false],
    ["kubernetes", "2.38.0", true],
    ["kubernetes", "3.0.0", false],
    ["tls", "4.1.0", true],
    ["tls", "5.0.0", false],
  ] as const)("provider %s %s: %s", (name, version, accepted) => {
    const range = versions.providers[name].version.replaceAll(",", " ");

    expect(semver.satisfies(version, range)).toBe(accepted);
  });

  test("need a Terraform with write-only arguments", () => {
    expect(semver.minVersion(versions.terraform)?.version).toBe("1.11.0");
  });
});

describe("the pinned charts", () => {
  test.each([
    ["karpenter-1.14.1", versions.charts.karpenter],
    ["karpenter-crd-1.14.1", versions.charts.karpenterCrd],
    ["aws-load-balancer-controller-3.5.0", versions.charts.loadBalancerController],
    ["retool-6.11.21", versions.charts.retool],
  ])("are the ones whose contract is known: %s", (file, { name, version }) => {
    expect(chartContract(file)).toMatchObject({ chart: name, version });
  });
});

describe("compatibilityViolations", () => {
  test.each<[string, VersionChoice, string[]]>([
    ["Karpenter just new enough", { kubernetes: "1.34", karpenter: "1.6.0" }, []],
    [
      "Karpenter too old",
      { kubernetes: "1.36", karpenter: "1.12.9" },
      [
        "karpenter.version: Karpenter 1.12.9 does not work with Kubernetes 1.36; use Karpenter 1.13.0 or later (https://karpenter.sh/docs/upgrading/compatibility/)",
      ],
    ],
    ["no Karpenter", { kubernetes: "1.36" }, []],
    ["a Kubernetes that is refused elsewhere", { kubernetes: "1.20", karpenter: "0.1.0" }, []],
    ["seccomp on 1.33", { kubernetes: "1.33", useSeccompProfile: true }, []],
    ["privileged on 1.32", { kubernetes: "1.32", useSeccompProfile: false }, []],
    [
      "seccomp on 1.32",
      { kubernetes: "1.32", useSeccompProfile: true },
      [
        "cluster.kubernetesVersion: Kubernetes 1.32 cannot run the code executor under a seccomp profile; use Kubernetes 1.33 or later (https://github.com/tryretool/retool-helm/pull/311)",
      ],
    ],
    ["Retool 4 on its first chart", { kubernetes: "1.35", retool: "4.0.0-stable", retoolChart: "6.11.0" }, []],
    ["Retool 3 on an old chart", { kubernetes: "1.35", retool: "3.300.0-stable", retoolChart: "6.10.9" }, []],
    ["only Retool", { kubernetes: "1.35", retool: "4.0.0-stable" }, []],
    ["a Retool version that is refused elsewhere", { kubernetes: "1.35", retool: "latest", retoolChart: "6.0.0" }, []],
    ["only a chart", { kubernetes: "1.35", retoolChart: "6.10.9" }, []],
    [
      "Retool 4 on an old chart",
      { kubernetes: "1.35", retool: "4.0.9-edge", retoolChart: "6.10.9" },
      [
        "retoolVersion: Retool 4.0.9-edge does not work with version 6.10.9 of its chart; use chart 6.11.0 or later (https://docs.retool.com/changelog/self-hosted-retool-40-stable)",
      ],
    ],
  ])("%s", (_case, choice, expected) => {
    expect(problems(choice)).toEqual(expected);
  });

  test("reports every pair at once", () => {
    const choice = { karpenter: "1.0.0", retool: "4.0.0-stable", retoolChart: "6.0.0" };

    expect(problems({ ...choice, kubernetes: "1.33", useSeccompProfile: true })).toHaveLength(2);
  });
});

describe("an environment", () => {
  const check = (changes: Partial<EnvironmentSpec>): string[] =>
    checkEnvironment({ ...prod, ...changes }).violations.map(formatViolation);

  test.each(versions.kubernetes.supported.map(({ version }) => version))("runs on Kubernetes %s", (version) => {
    expect(check({ cluster: { kubernetesVersion: version } })).toEqual([]);
  });

  test.each<[string, Partial<EnvironmentSpec>, RegExp]>([
    [
      "a Kubernetes without user namespaces",
      { cluster: { kubernetesVersion: "1.32" } },
      /^cluster\.kubernetesVersion: .*1\.32/,
    ],
    [
      "a PostgreSQL that is too old",
      { database: { engineVersion: "12" } },
      /^database\.engineVersion: .*12 is too old for Retool; use "\d+" or later$/,
    ],
    [
      "a chart that is too old",
      { retool: { chartVersion: "6.10.9" } },
      /^retool\.chartVersion: 6\.10\.9 is older than 6\.11\.21/,
    ],
    [
      "a Retool that is too old",
      { retoolVersion: "3.334.17-stable" },
      /^retoolVersion: 3\.334\.17-stable is older than 4\.0\.0/,
    ],
    [
      "the edge channel without a reason",
      { retoolVersion: "4.93.0-edge" },
      /^retoolVersion: .*explain in retool\.edgeReason why/,
    ],
    [
      "an image of another version without a reason",
      { retool: { images: { tags: { codeExecutor: { tag: "4.0.8-stable", reason: " " } } } } },
      /^retool\.images\.tags\.codeExecutor\.reason: /,
    ],
  ])("is refused with %s", (_case, changes, message) => {
    expect(check(changes)).toContainEqual(expect.stringMatching(message));
  });

  test("is accepted on the edge channel, with a reason or outside production", () => {
    expect(check({ retoolVersion: "4.93.0-edge", retool: { edgeReason: "needs 4.93" } })).toEqual([]);
    expect(check({ name: "staging", retoolVersion: "4.93.0-edge" })).toEqual([]);
  });
});
