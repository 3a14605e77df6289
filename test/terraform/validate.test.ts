import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { versions } from "../../domain/versions/pins";
import { guideProgram } from "../support/library-guide";
import { describeWithTerraform } from "../support/available";
import { describeWithClusterProviders } from "../support/providers";
import { runProgram } from "../support/run";
import { workspace } from "../support/workspace";

const outdir = mkdtempSync(join(tmpdir(), "validate-"));
beforeAll(() => {
  runProgram("main.ts", [], { CDKTF_OUTDIR: outdir });
});
afterAll(() => {
  rmSync(outdir, { recursive: true });
});

function terraform(environment: string, ...args: string[]): string {
  const cwd = join(outdir, "stacks", environment);
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  const { stdout, stderr } = spawnSync("terraform", [...args, "-no-color"], { cwd, env, encoding: "utf8" });
  return (stdout + stderr).trim();
}

function validate(environment: string): string {
  const init = terraform(environment, "init", "-backend=false", "-input=false");
  return init.includes("successfully initialized") ? terraform(environment, "validate") : init;
}

describeWithTerraform()("terraform validate", () => {
  test("accepts local, which needs only the AWS provider", () => {
    expect(validate("local")).toBe("Success! The configuration is valid.");
  }, 120_000);
});

describeWithClusterProviders("terraform validate with the providers of a cluster", () => {
  test.each(["prod", "staging"])(
    "accepts %s",
    (environment) => {
      expect(validate(environment)).toBe("Success! The configuration is valid.");
    },
    120_000,
  );

  const example = (name: string): string =>
    readFileSync(join(__dirname, "..", "..", "examples", name, "main.ts"), "utf8");

  test.each([
    ["the program of the library's guide, which has every public construct", "tools", guideProgram()],
    ["Retool in a cluster and on a database that exist", "retool", example("release")],
  ])(
    "accepts %s",
    (_, stack, program) => {
      writeFileSync(join(workspace(), "guide.ts"), program.replaceAll('"cdktf-retool"', '"./library"'));
      runProgram("guide.ts", [], { CDKTF_OUTDIR: outdir });
      const file = join(outdir, "stacks", stack, "cdk.tf.json");
      // The guide's own provider has the version of its bindings; here another one may be installed.
      const { terraform: settings, ...rest } = JSON.parse(readFileSync(file, "utf8")) as {
        readonly terraform: { readonly required_providers: { readonly aws: object } };
      };
      Object.assign(settings.required_providers.aws, versions.providers.aws);
      writeFileSync(file, JSON.stringify({ ...rest, terraform: settings }));

      expect(validate(stack)).toBe("Success! The configuration is valid.");
    },
    120_000,
  );
});
