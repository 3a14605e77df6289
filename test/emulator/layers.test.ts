import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import { planWholeDestroy } from "../../cli/destroy-guard";
import { changesOf } from "../../cli/running/drift";
import type { Terraform } from "../../cli/terraform";
import { LAYERS } from "../../domain/environment/layers";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { managedIn } from "../../domain/lifecycle/layered-state";
import { prepareAccount } from "../../local/account";
import { emulatorEnvironment } from "../../local/aws-environment";
import { RetoolLayers, RetoolStack } from "../../stacks";
import { local } from "../support/environments/local";
import { configurationFile, Project } from "../support/project";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const project = new Project();

/** `local` with the smallest network and without what takes the emulator long. */
const spec: EnvironmentSpec = {
  ...local,
  network: { zones: 2, nat: "single" },
  egress: { level: "open" },
  state: { kind: "local", path: `${project.folder}/terraform.tfstate` },
};

const SECRETS = ["database-password", "encryption-key", "jwt-secret"].map((name) => `retool/local/${name}`);

/** One environment is deployed as one stack, moved to layers by the command, and destroyed layer by layer. */
describeOnEmulator("an environment that becomes layers", () => {
  let bench: Bench;
  const layers: { readonly name: string; readonly terraform: Terraform }[] = [];

  beforeAll(async () => {
    const app = (): App => new App({ skipValidation: true });
    bench = await Bench.open(Testing.synth(new RetoolStack(app(), spec)));
    await prepareAccount(bench.endpoint, {
      region: local.region,
      licenseSecret: local.license,
      sandboxKeysSecret: local.secrets.sandboxKeys.name,
      zoneName: "example.com",
    });
    const { code, output } = await bench.run(["apply", "-auto-approve", "-input=false"]);
    if (code !== 0) throw new Error(output.slice(output.indexOf("Error:")));
    const layered: EnvironmentSpec = { ...spec, layers: true };
    project.write("cdktf-retool.config.ts", configurationFile({ local: layered }));
    const stacks = new RetoolLayers(app(), layered);
    for (const layer of LAYERS) {
      const { id: name } = stacks[layer].node;
      const text = Testing.synth(stacks[layer]);
      project.write(`cdktf.out/stacks/${name}/cdk.tf.json`, text);
      layers.push({ name, terraform: await bench.otherStack(name, text) });
    }
  }, 10 * MINUTES);

  afterAll(async () => {
    project.remove();
    await bench.close();
  });

  test(
    "plans nothing a second time before it was moved",
    async () => {
      for (const { name, terraform } of layers.slice(0, 2)) {
        const { error } = await terraform.plannedCreates();
        expect([name, error]).toEqual([
          name,
          expect.stringMatching(
            /^terraform plan: Resource postcondition failed .*self\.(instance_tenancy|description)/,
          ),
        ]);
      }
    },
    5 * MINUTES,
  );

  test(
    "keeps every resource and every value: no plan of a layer shows a change",
    async () => {
      const secrets = await Promise.all(SECRETS.map((name) => bench.secretValue(name)));
      const changes = bench.operations.length;
      const whole = bench.terraformOfOperator;
      const before = managedIn(await whole.pullState());

      const shown = project.run(["layers", "local"]);
      expect(shown).toMatchObject({ code: 0, stderr: "" });
      expect(shown.stdout).toMatch(
        /^local-foundation: \d+ resources\nlocal-cluster: \d+ .*\nlocal-retool: \d+ .*\nNothing/,
      );
      expect(managedIn(await whole.pullState())).toBe(before);

      expect(project.run(["layers", "local", "--move"])).toMatchObject({ code: 0, stderr: "" });
      expect(managedIn(await whole.pullState())).toBe(0);
      let moved = 0;
      for (const { name, terraform } of layers) {
        const state = await terraform.pullState();
        moved += managedIn(state);
        for (const value of [...bench.stored, ...bench.passwords]) expect(JSON.stringify(state)).not.toContain(value);
        const { text } = await terraform.plan();
        // Without a cluster, each layer's Kubernetes objects are an output, which is another one than that of all.
        expect([name, changesOf(text)]).toEqual([name, []]);
        expect(text).toMatch(/No changes\.|without changing any real infrastructure/);
      }
      expect(moved).toBe(before);
      expect(await Promise.all(SECRETS.map((name) => bench.secretValue(name)))).toEqual(secrets);
      expect(bench.operations.slice(changes)).toEqual([]);
      expect(project.run(["layers", "local", "--move"]).stdout).toContain("nothing to move");
    },
    5 * MINUTES,
  );

  /** Destroys the layers, the highest first, and gives what is left in their states. */
  const destroy = async (): Promise<string[]> => {
    const left: string[] = [];
    for (const { name, terraform } of [...layers].reverse()) {
      const planFile = bench.path(`${name}.tfplan`);
      const deletes = await planWholeDestroy(terraform, planFile, {
        existing: () => Promise.resolve([]),
        say: () => undefined,
      });
      await terraform.applyPlan(planFile, deletes.length, () => undefined);
      left.push(...(await terraform.stateList()));
    }
    return [...left, ...(await bench.databases())];
  };

  test(
    "is destroyed layer by layer, the highest first",
    async () => {
      expect(await destroy()).toEqual([]);
    },
    5 * MINUTES,
  );

  /** What Terraform plans in the folder that a synthesis writes, copied elsewhere, with no other program on its path. */
  const plainTerraform = (stack: string): string => {
    const synthesized = bench.path("synthesized");
    const app = new App({ outdir: synthesized, skipValidation: true });
    new RetoolLayers(app, { ...spec, layers: true });
    app.synth();
    const [cwd, bin] = [bench.path("plain"), bench.path("bin")];
    cpSync(join(synthesized, "stacks", stack), cwd, { recursive: true });
    rmSync(synthesized, { recursive: true });
    mkdirSync(bin);
    symlinkSync(execFileSync("which", ["terraform"], { encoding: "utf8" }).trim(), join(bin, "terraform"));
    const env = { ...emulatorEnvironment(bench.endpoint, local.region), PATH: bin };
    const terraform = (...args: string[]): string =>
      execFileSync("terraform", [...args, "-input=false", "-no-color"], { cwd, env, encoding: "utf8" });
    terraform("init");
    return terraform("plan");
  };

  test(
    "is deployed afresh layer by layer, planned by plain Terraform, and destroyed again",
    async () => {
      for (const { terraform } of layers) await terraform.apply(() => undefined);
      for (const { name, terraform } of layers)
        expect([name, (await terraform.plan()).verdict]).toEqual([name, "no changes"]);
      expect(plainTerraform("local-retool")).toContain("No changes.");
      expect(await destroy()).toEqual([]);
    },
    10 * MINUTES,
  );
});
