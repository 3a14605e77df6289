import fc from "fast-check";

import { type RetoolSpec, planRetool } from "../../../domain/retool/retool";
import type { ImagesSpec } from "../../../domain/retool/images";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";
import { releaseValues } from "../../support/retool-release";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

const check = (images: ImagesSpec): string[] =>
  planRetool({ images }, context, "4.0.9-stable").violations.map(formatViolation);
const valuesOf = (images: ImagesSpec, more: RetoolSpec = {}): ReturnType<typeof releaseValues> =>
  releaseValues({ retool: { ...more, images } });

describe("where images come from", () => {
  test("is the chart's affair unless told otherwise", () => {
    const values = releaseValues();

    expect(values.image).toEqual({ tag: "4.0.9-stable" });
    expect(values.codeExecutor.image).toBeUndefined();
    expect(values.rr.jsExecutor.image).toBeUndefined();
    expect(values.rr.agentSandbox.image).toBeUndefined();
    expect(values.rr.agentSandbox.initImage).toBeUndefined();
    expect(values.rr.agentSandbox.devicePlugin).toEqual({ maxDevices: 40 });
  });

  test("is one mirror for each registry on which they are published, as the prefixes of an ECR cache are", () => {
    const registries = { dockerHub: "mirror.example.com/hub", github: "mirror.example.com/github" };
    const values = valuesOf({ registries }, { telemetry: "metrics" });

    expect(values.image.repository).toBe("mirror.example.com/hub/tryretool/backend");
    expect(values.codeExecutor.image).toEqual({ repository: "mirror.example.com/hub/tryretool/code-executor-service" });
    expect(values.rr.jsExecutor.image).toEqual({ repository: "mirror.example.com/hub/tryretool/js-executor-service" });
    expect(values.rr.agentSandbox.image).toEqual({
      repository: "mirror.example.com/hub/tryretool/agent-sandbox-service",
    });
    expect(values.rr.agentSandbox.initImage).toEqual({ repository: "mirror.example.com/hub/library/busybox" });
    expect(values.rr.agentSandbox.devicePlugin["image"]).toEqual({
      repository: "mirror.example.com/github/smarter-project/smarter-device-manager",
    });
    expect(values.telemetry["image"]).toEqual({ repository: "mirror.example.com/hub/tryretool/telemetry" });
  });

  test("may differ for one", () => {
    const values = valuesOf({
      registries: { dockerHub: "mirror.example.com" },
      repositories: { init: "other.example.com/busybox" },
    });

    expect(values.rr.agentSandbox.initImage).toEqual({ repository: "other.example.com/busybox" });
    expect(values.image.repository).toBe("mirror.example.com/tryretool/backend");
  });

  test("is asked for with credentials where they are named", () => {
    expect(valuesOf({ pullSecrets: ["a", "b"] }).image.pullSecrets).toEqual([{ name: "a" }, { name: "b" }]);
  });
});

describe("which image", () => {
  test("is pinned by digest in addition to its tag, without changing the others", () => {
    const values = valuesOf({ digests: { backend: DIGEST, init: DIGEST } });

    expect(values.image.tag).toBe(`4.0.9-stable@${DIGEST}`);
    expect(values.codeExecutor.image).toEqual({ tag: "4.0.9-stable" });
    expect(values.rr.jsExecutor.image).toEqual({ tag: "4.0.9-stable" });
    expect(values.rr.agentSandbox.image).toEqual({ tag: "4.0.9-stable" });
    expect(values.rr.agentSandbox.initImage).toEqual({ digest: DIGEST });
  });

  test("may have another version with a reason", () => {
    const tags = { codeExecutor: { tag: "4.0.8-stable", reason: "4.0.9 leaks memory" } };

    expect(check({ tags })).toEqual([]);
    expect(valuesOf({ tags }).codeExecutor.image).toEqual({ tag: "4.0.8-stable" });
    expect(valuesOf({ tags }).image).toEqual({ tag: "4.0.9-stable" });
  });

  test("may be one's own backend where it is of the same line", () => {
    for (const tag of ["4.0.10-stable", "4.0.9-stable-hardened"]) {
      expect(check({ tags: { backend: { tag, reason: "built by security" } } })).toEqual([]);
    }
  });

  test("is the same version everywhere without a reason", () => {
    expect(check({ tags: { codeExecutor: { tag: "4.0.8-stable", reason: " " } } })).toEqual([
      "retool.images.tags.codeExecutor.reason: is empty, but 4.0.8-stable differs from the version 4.0.9-stable of all other images; give the reason, or remove the tag: Retool supports only one version for all images (https://docs.retool.com/self-hosted/self-managed/quickstart)",
    ]);
    expect(check({ tags: { codeExecutor: { tag: "4.0.9-stable", reason: "" } } })).toEqual([]);
  });

  test("has Retool's version unless another is set", () => {
    const repositories = fc.dictionary(
      fc.constantFrom("backend", "jsExecutor", "telemetry"),
      fc.constant("m.example.com/x"),
    );
    fc.assert(
      fc.property(repositories, (given) => {
        const tags = JSON.stringify(valuesOf({ repositories: given })).match(/"tag":"[^"]*"/g) ?? [];

        expect([...new Set(tags)]).toEqual(['"tag":"4.0.9-stable"']);
      }),
    );
  });
});

describe("what cannot be pulled", () => {
  test.each<[ImagesSpec, string]>([
    [
      { registries: { github: "https://mirror.example.com/" } },
      'retool.images.registries.github: "https://mirror.example.com/" is not the name of a registry or a repository; use only host and path in lower case, without a scheme, a tag or a trailing slash',
    ],
    [
      { repositories: { backend: "tryretool/backend:4.0.9" } },
      'retool.images.repositories.backend: "tryretool/backend:4.0.9" is not the name of a registry or a repository; use only host and path in lower case, without a scheme, a tag or a trailing slash',
    ],
    [
      { digests: { backend: "sha256:abc" } },
      'retool.images.digests.backend: "sha256:abc" is not a digest; use sha256: and 64 hexadecimal digits',
    ],
    [
      { tags: { backend: { tag: "4.0.9 stable", reason: "x" } } },
      'retool.images.tags.backend.tag: "4.0.9 stable" is not a tag; use a tag such as "4.0.9-stable"',
    ],
    [
      { tags: { backend: { tag: "4.34.0-stable", reason: "x" } } },
      "retool.images.tags.backend.tag: 4.34.0-stable is from another line or channel than retoolVersion 4.0.9-stable, and the backend migrates the database; remove it, and change retoolVersion as npx cdktf-retool upgrade <environment> says (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
    ],
    [
      { tags: { backend: { tag: "4.0.9-edge", reason: "x" } } },
      "retool.images.tags.backend.tag: 4.0.9-edge is from another line or channel than retoolVersion 4.0.9-stable, and the backend migrates the database; remove it, and change retoolVersion as npx cdktf-retool upgrade <environment> says (https://docs.retool.com/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm)",
    ],
    [
      { pullSecrets: ["My Secret"] },
      'retool.images.pullSecrets[0]: "My Secret" is not the name of a Kubernetes Secret; use its name in lower case',
    ],
    [
      { digests: { agentSandbox: DIGEST } } as ImagesSpec,
      "retool.images.digests.agentSandbox: is not a known setting; remove it or correct its spelling",
    ],
  ])("%j is refused", (images, message) => {
    expect(check(images)).toEqual([message]);
  });

  test("a registry with a port is none of that", () => {
    expect(check({ registries: { dockerHub: "registry.example.com:5000/docker-hub" } })).toEqual([]);
    const cache = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
    expect(check({ registries: { dockerHub: `${cache}/docker-hub`, github: `${cache}/github` } })).toEqual([]);
  });
});
