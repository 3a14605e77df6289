import fc from "fast-check";

import type { EnvironmentContext } from "../../../domain/common/context";
import { kubernetesSecrets, planSecrets, type SecretsSpec } from "../../../domain/secrets/secrets";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const plan = (spec?: unknown, license = "none", environment: EnvironmentContext = context) =>
  planSecrets(spec as SecretsSpec | undefined, license, environment);
const refusals = (spec: unknown, license = "none"): string[] => plan(spec, license).violations.map(formatViolation);

describe("planSecrets", () => {
  test("generates everything but the license by default", () => {
    const generated = (name: string) => ({ kind: "generate", name: `retool/prod/${name}`, revision: 1 });

    expect(plan()).toMatchObject({
      plan: {
        encryptionKey: generated("encryption-key"),
        jwtSecret: generated("jwt-secret"),
        databasePassword: generated("database-password"),
        sandboxKeys: generated("agent-sandbox"),
        license: undefined,
        recoveryDays: 30,
        preventDestroy: true,
      },
      violations: [],
    });
  });

  test("takes the license from the secret it is given", () => {
    expect(plan({}, "retool/license").plan.license).toMatchObject({
      kind: "existing",
      name: "retool/license",
      revision: 1,
    });
  });

  test("takes only the encryption key from an existing secret", () => {
    const { plan: planned, violations } = plan({ encryptionKey: { kind: "existing", name: "team/its-own" } });

    expect(violations).toEqual([]);
    expect(planned.encryptionKey).toMatchObject({ kind: "existing", name: "team/its-own", preventReplacement: false });
    expect(planned.jwtSecret.kind).toBe("generate");
  });

  test.each(["jwtSecret", "databasePassword", "sandboxKeys"] as const)(
    "takes only %s from an existing secret",
    (id) => {
      const { plan: planned, violations } = plan({ [id]: { kind: "existing", name: "team/its-own", revision: 4 } });

      expect(violations).toEqual([]);
      expect(planned[id]).toMatchObject({
        kind: "existing",
        name: "team/its-own",
        revision: 4,
        preventReplacement: false,
      });
      expect(
        Object.values(planned).filter((part) => (part as { kind?: string } | undefined)?.kind === "existing"),
      ).toEqual([planned[id]]);
    },
  );

  test("annotates the pods with one revision for each secret", () => {
    const spec = { jwtSecret: { kind: "generate", revision: 3 }, sandboxKeys: { kind: "generate", revision: 2 } };

    expect(plan(spec).plan.podAnnotations).toEqual({
      "cdktf-retool/encryption-key-revision": "1",
      "cdktf-retool/jwt-secret-revision": "3",
      "cdktf-retool/database-password-revision": "1",
      "cdktf-retool/agent-sandbox-revision": "2",
    });
  });

  test("protects only the value of the encryption key, so that the others can be rotated", () => {
    const { encryptionKey, jwtSecret, databasePassword, sandboxKeys } = plan().plan;

    expect([encryptionKey, jwtSecret, databasePassword, sandboxKeys].map((s) => s.preventReplacement)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test("leaves nothing behind where data is disposable", () => {
    const { plan: planned } = plan({}, "none", { ...context, dataProtection: "disposable" });

    expect(planned).toMatchObject({
      recoveryDays: 0,
      preventDestroy: false,
      encryptionKey: { preventReplacement: false },
    });
  });

  test.each([
    ["generated", { kind: "generate", revision: 2 }],
    ["existing", { kind: "existing", name: "team/key", revision: 2 }],
  ])("refuses another value of a %s encryption key and says what would be lost", (_, encryptionKey) => {
    expect(refusals({ encryptionKey })).toEqual([
      'secrets.encryptionKey.revision: would replace the key, so stored credentials and running workflows could not be read; remove it, and add { kind: "generate", oldKey: "in-use" } to rotations instead: both keys then run side by side',
    ]);
  });

  test("hands out another license when its revision grows", () => {
    const { license, podAnnotations } = plan({ licenseRevision: 2 }, "retool/license").plan;

    expect(license?.revision).toBe(2);
    expect(podAnnotations["cdktf-retool/license-revision"]).toBe("2");
    expect(plan({}, "retool/license").plan.podAnnotations).not.toHaveProperty("cdktf-retool/license-revision");
    expect(plan({ licenseRevision: 2 }).plan.podAnnotations).not.toHaveProperty("cdktf-retool/license-revision");
    expect(refusals({ licenseRevision: 0 })).toEqual(["secrets.licenseRevision: 0 is out of range; use 1 to 1000000"]);
  });

  test.each([0, -1, 1.5, 1_000_001])("refuses revision %d", (revision) => {
    expect(refusals({ jwtSecret: { kind: "generate", revision } })).toEqual([
      `secrets.jwtSecret.revision: ${revision} is ${revision === 1.5 ? "not a whole number" : "out of range"}; use 1 to 1000000`,
    ]);
  });

  test("accepts the largest revision", () => {
    expect(refusals({ jwtSecret: { kind: "generate", revision: 1_000_000 } })).toEqual([]);
  });

  test.each([
    ["a text", "s3cr3t-value"],
    ["a number", 42],
    ["nothing", null],
    ["a switch", true],
  ])("refuses %s in place of a reference", (_, value) => {
    const violations =
      value === null
        ? ["secrets.jwtSecret: null has the wrong type; use an object: { ... }"]
        : [
            'secrets.jwtSecret: is not a reference, and a configuration must not hold the value of a secret; use { kind: "generate" }, or store it in Secrets Manager and use { kind: "existing", name: "..." }',
          ];

    expect(refusals({ jwtSecret: value })).toEqual(violations);
  });

  test("refuses a text in place of all references", () => {
    expect(refusals("s3cr3t")).toEqual([
      'secrets: is not a reference, and a configuration must not hold the value of a secret; use { kind: "generate" }, or store it in Secrets Manager and use { kind: "existing", name: "..." }',
    ]);
  });

  test("never repeats a text that may be the secret itself", () => {
    const secret = "-----BEGIN KEY-----\nMIIB\n";
    const everywhere = { encryptionKey: secret, jwtSecret: { kind: "existing", name: secret }, sandboxKeys: secret };

    const messages = refusals(everywhere, secret).join("\n");

    expect(messages).not.toContain("MIIB");
    expect(messages.split("\n")).toHaveLength(4);
  });

  test("refuses a value next to a reference without repeating it", () => {
    expect(refusals({ jwtSecret: { kind: "existing", name: "team/jwt", value: "hidden" } })).toEqual([
      "secrets.jwtSecret.value: is not a known setting; remove it or correct its spelling",
    ]);
  });

  test("refuses a name that Secrets Manager does not know", () => {
    expect(refusals({ jwtSecret: { kind: "existing", name: "a b" } })).toEqual([
      "secrets.jwtSecret.name: the 3 characters given are not the name of a secret; store the value in Secrets Manager and use the secret's name here",
    ]);
    expect(refusals({}, "")).toEqual([
      "license: the 0 characters given are not the name of a secret; store the value in Secrets Manager and use the secret's name here",
    ]);
  });

  test.each([
    ["a".repeat(512), 0],
    ["a".repeat(513), 1],
    ["retool/prod/x_+=.@-9", 0],
    ["retool/prod:password", 0],
    ["retool: prod", 1],
  ])("tells whether %s is a name", (name, violations) => {
    expect(refusals({ jwtSecret: { kind: "existing", name } })).toHaveLength(violations);
  });

  test("refuses one secret for two purposes", () => {
    const shared = { kind: "existing", name: "team/shared" };

    expect(refusals({ jwtSecret: shared, sandboxKeys: shared }, "team/shared")).toEqual([
      'secrets.sandboxKeys.name: "team/shared" is also the secret of jwtSecret; use a separate secret for each',
      'license: "team/shared" is also the secret of jwtSecret; use a separate secret for each',
    ]);
  });

  test("refuses a key of the past as a key of something else", () => {
    const encryptionKey = {
      kind: "existing",
      name: "team/old",
      rotations: [{ kind: "existing", name: "team/new", oldKey: "in-use" }],
    };

    expect(refusals({ encryptionKey, jwtSecret: { kind: "existing", name: "team/new" } }, "team/old")).toEqual([
      'secrets.jwtSecret.name: "team/new" is also the secret of encryptionKey.rotations[0]; use a separate secret for each',
      'license: "team/old" is also the secret of encryptionKey; use a separate secret for each',
    ]);
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("encryptionKey", "jwtSecret", "other"), fc.anything()), (spec) => {
        expect(() => plan(spec)).not.toThrow();
      }),
    );
  });
});

describe("kubernetesSecrets", () => {
  test("gives each Secret its own name", () => {
    const names = Object.values(kubernetesSecrets).map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
