import fc from "fast-check";

import {
  type EncryptionKeySource,
  encryptionKeySchema,
  encryptionKeyViolations,
  encryptionVariables,
  planEncryptionKeys,
} from "../../../domain/secrets/retool-encryption-key";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const generated = (...oldKeys: ("in-use" | "retired")[]): EncryptionKeySource => ({
  kind: "generate",
  rotations: oldKeys.map((oldKey) => ({ kind: "generate", oldKey })),
});
const plan = (source: EncryptionKeySource) => planEncryptionKeys(encryptionKeySchema.parse(source), context);
const refusals = (source: EncryptionKeySource): string[] =>
  encryptionKeyViolations(encryptionKeySchema.parse(source)).map(formatViolation);

describe("planEncryptionKeys", () => {
  test("has one key and takes no snapshot at first", () => {
    expect(plan({ kind: "generate" })).toEqual({
      keys: [expect.objectContaining({ name: "retool/prod/encryption-key", revision: 1, preventReplacement: true })],
      current: expect.objectContaining({ name: "retool/prod/encryption-key", revision: 1 }) as unknown,
      readsOldKey: false,
      snapshots: [],
    });
  });

  test("keeps the old key next to the new one until it is retired", () => {
    expect(plan(generated("in-use"))).toMatchObject({
      keys: [{ name: "retool/prod/encryption-key" }, { name: "retool/prod/encryption-key-2" }],
      current: { name: "retool/prod/encryption-key-2" },
      readsOldKey: true,
      snapshots: ["retool-prod-before-encryption-key-2"],
    });
    expect(plan(generated("retired"))).toMatchObject({ keys: [{}, {}], readsOldKey: false });
  });

  test("lets a team bring its first key and have the next ones made", () => {
    const source: EncryptionKeySource = {
      kind: "existing",
      name: "team/key",
      rotations: [{ kind: "generate", oldKey: "in-use" }],
    };

    expect(plan(source).keys).toMatchObject([
      { kind: "existing", name: "team/key", preventReplacement: false },
      { kind: "generate", name: "retool/prod/encryption-key-2", preventReplacement: true },
    ]);
  });

  test("never changes what earlier entries made when one is added", () => {
    const done = fc.array(fc.constant("retired" as const), { maxLength: 5 });
    fc.assert(
      fc.property(done, (before) => {
        const [old, next] = [plan(generated(...before)), plan(generated(...before, "in-use"))];

        expect(next.keys.slice(0, -1)).toEqual(old.keys);
        expect(next.snapshots.slice(0, -1)).toEqual(old.snapshots);
      }),
    );
  });

  test("counts every step, so that each of them moves the pods", () => {
    const steps = [[], ["in-use"], ["retired"], ["retired", "in-use"], ["retired", "retired"]] as const;

    expect(steps.map((oldKeys) => plan(generated(...oldKeys)).current.revision)).toEqual([1, 2, 3, 4, 5]);
  });

  test("gives every key a secret that it shares with none", () => {
    const names = plan(generated("retired", "retired", "in-use")).keys.map(({ name }) => name);

    expect(new Set(names).size).toBe(4);
  });
});

describe("encryptionVariables", () => {
  test.each([
    [[], {}],
    [["in-use"], { USE_ENCRYPTION_V2: "true", ENABLE_LOGS_FOR_DECRYPTION_WITH_OLD_KEY: "true" }],
    [["retired"], { USE_ENCRYPTION_V2: "true" }],
  ] as const)("after %j", (oldKeys, expected) => {
    expect(encryptionVariables(plan(generated(...oldKeys)))).toEqual(expected);
  });
});

describe("encryptionKeyViolations", () => {
  test("accepts finished rotations with one under way", () => {
    expect(refusals(generated("retired", "in-use"))).toEqual([]);
  });

  test("refuses a rotation before the one before it is finished", () => {
    expect(refusals(generated("in-use", "in-use"))).toEqual([
      'secrets.encryptionKey.rotations[0].oldKey: "in-use" while a later rotation exists; Retool reads with at most two keys; finish this rotation first: run Retool\'s script, write "retired", deploy, and only then add the next one',
    ]);
  });

  test("refuses a value where a name belongs, at any place of the chain", () => {
    const { error } = encryptionKeySchema.safeParse({
      kind: "existing",
      name: "a b",
      rotations: [{ kind: "existing", name: "c d", oldKey: "in-use" }],
    });

    expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["name", "rotations.0.name"]);
  });

  test.each([
    { kind: "generate", rotations: [{ kind: "generate" }] },
    { kind: "generate", rotations: [{ kind: "generate", oldKey: "lost" }] },
    { kind: "existing" },
    { kind: "generate", name: "x" },
  ])("does not know the form %j", (source) => {
    expect(encryptionKeySchema.safeParse(source).success).toBe(false);
  });
});
