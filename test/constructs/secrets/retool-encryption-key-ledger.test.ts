import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { EncryptionKeyLedger } from "../../../constructs/secrets/retool-encryption-key-ledger";
import { synthesize } from "../../support/synthesize";

const ledger = (...secretNames: string[]) =>
  synthesize((stack) => {
    new EncryptionKeyLedger(stack, "Ledger", { secretNames });
  });

const terraform = (folder: string, ...args: string[]) =>
  spawnSync("terraform", [...args, "-no-color"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
const describeWithTerraform = spawnSync("terraform", ["version"]).status === 0 ? describe : describe.skip;

test("EncryptionKeyLedger records every key and may not be destroyed", () => {
  expect(ledger("a", "b").only("terraform_data")).toMatchObject({
    count: 2,
    triggers_replace: '${["a","b"][count.index]}',
    lifecycle: { prevent_destroy: true },
  });
});

describeWithTerraform("a configuration after two keys", () => {
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  const write = (...names: string[]): void => {
    const { resource } = ledger(...names).json;
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ resource }));
  };
  const plan = (...names: string[]): { status: number | null; stderr: string } => {
    write(...names);
    return terraform(folder, "plan", "-input=false");
  };

  beforeAll(() => {
    write("first", "second");
    terraform(folder, "init", "-input=false");
    const { status, stderr } = terraform(folder, "apply", "-auto-approve", "-input=false");
    if (status !== 0) throw new Error(stderr);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["another first key", ["other", "second"]],
    ["another second key", ["first", "other"]],
    ["one key less", ["first"]],
  ])("is stopped with %s", (_, names) => {
    const { status, stderr } = plan(...names);

    expect(status).toBe(1);
    expect(stderr).toContain("Instance cannot be destroyed");
  });

  test.each([[["first", "second"]], [["first", "second", "third"]]])("may name %j", (names) => {
    expect(plan(...names)).toMatchObject({ status: 0 });
  });
});
