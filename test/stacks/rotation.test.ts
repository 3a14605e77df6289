import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import type { SecretsSpec } from "../../domain/secrets/secrets";
import { RetoolStack } from "../../stacks";
import { Synthesized } from "../support/synthesize";

type Block = Readonly<Record<string, unknown>>;

const define = (secrets: SecretsSpec, spec: Partial<EnvironmentSpec> = {}): Synthesized => {
  const stack = new RetoolStack(new App(), { ...prod, ...spec, secrets });
  return new Synthesized(JSON.parse(Testing.synth(stack)) as Synthesized["json"]);
};
const blocks = (template: Synthesized, type: string): [string, Block][] =>
  Object.entries(template.json["resource"]?.[type] ?? {});
const find = (template: Synthesized, type: string, part: string): Block =>
  blocks(template, type).find(([name]) => name.includes(part))![1];
const annotation = (template: Synthesized): string =>
  /secret-revisions\\":\\"([^\\]*)/.exec(JSON.stringify(find(template, "helm_release", "Namespace_Release")))![1]!;

/** The three places in which one revision stands, or the four where the database knows the value as well. */
const places = (template: Synthesized, id: string): unknown[] => [
  find(template, "aws_secretsmanager_secret_version", `Secrets_${id}_Version`)["secret_string_wo_version"],
  find(template, "kubernetes_secret_v1", `Secrets_${id}_`)["data_wo_revision"],
  ...(id === "DatabasePassword" ? [find(template, "aws_db_instance", "Database")["password_wo_version"]] : []),
];

const before = define({});

describe("one revision number", () => {
  test.each([
    ["jwtSecret", "JwtSecret", "jwt-secret"],
    ["databasePassword", "DatabasePassword", "database-password"],
    ["sandboxKeys", "SandboxKeys", "agent-sandbox"],
  ] as const)("of %s moves the secret, its Kubernetes Secret and the pods together", (key, id, name) => {
    const after = define({ [key]: { kind: "generate", revision: 2 } });

    expect(new Set(places(before, id))).toEqual(new Set([1]));
    expect(new Set(places(after, id))).toEqual(new Set([2]));
    expect(annotation(after)).toBe(annotation(before).replace(`${name}-revision=1`, `${name}-revision=2`));
    expect(annotation(after)).not.toBe(annotation(before));
  });
});

describe("another encryption key", () => {
  const during = define({ encryptionKey: { kind: "generate", rotations: [{ kind: "generate", oldKey: "in-use" }] } });
  const secretOf = (template: Synthesized, name: string): Block =>
    blocks(template, "kubernetes_secret_v1")
      .map(([, block]) => block)
      .find(({ metadata }) => (metadata as Block)["name"] === name)!;

  test("gets its own secret and leaves the old one as it is", () => {
    const [old, same] = [before, during].map((template) =>
      find(template, "aws_secretsmanager_secret_version", "Secrets_EncryptionKey_Version"),
    );

    expect(same).toEqual(old);
    expect(find(during, "aws_secretsmanager_secret", "Secrets_EncryptionKey2")).toMatchObject({
      name: "retool/prod/encryption-key-2",
      lifecycle: { prevent_destroy: true },
    });
  });

  test("reaches the pods together with the old one, and no pod that runs users' code", () => {
    const current = secretOf(during, "retool-encryption-key");
    const variables = secretOf(during, "retool-environment");

    expect(JSON.stringify(current["data_wo"])).toContain("EncryptionKey2");
    expect(current["data_wo_revision"]).toBe(2);
    expect(Object.keys(variables["data_wo"] as Block)).toEqual(["ENCRYPTION_KEY_OLD"]);
    expect(JSON.stringify(variables["data_wo"])).toMatch(/Secrets_EncryptionKey_Stored/);
    expect(annotation(during)).toContain("encryption-key-revision=2");
  });

  test("waits for a snapshot of the database that still has the old one", () => {
    const [address, snapshot] = blocks(during, "aws_db_snapshot")[0]!;

    expect(snapshot["db_snapshot_identifier"]).toBe("retool-prod-before-encryption-key-2");
    expect(find(during, "helm_release", "Namespace_Release")["depends_on"]).toContain(`aws_db_snapshot.${address}`);
    expect(blocks(before, "aws_db_snapshot")).toEqual([]);
  });

  test("is recorded, so that Terraform refuses any other change", () => {
    expect(find(before, "terraform_data", "Secrets")).toMatchObject({ count: 1 });
    expect(find(during, "terraform_data", "Secrets")).toMatchObject({
      count: 2,
      triggers_replace: '${["retool/prod/encryption-key","retool/prod/encryption-key-2"][count.index]}',
    });
    expect(blocks(define({}, { name: "lab", dataProtection: "disposable" }), "terraform_data")).toEqual([]);
  });
});
