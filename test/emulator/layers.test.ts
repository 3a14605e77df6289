import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import { changesOf } from "../../cli/running/drift";
import type { Terraform } from "../../cli/terraform";
import { LAYERS } from "../../domain/environment/layers";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { FINDERS } from "../../domain/lifecycle/import-ids";
import { managedIn } from "../../domain/lifecycle/layered-state";
import { prepareAccount } from "../../local/account";
import { emulatorEnvironment } from "../../local/aws-environment";
import { RetoolLayers, RetoolStack } from "../../stacks";
import { local } from "../support/environments/local";
import { configurationFile, Project } from "../support/project";
import { ROOT } from "../support/run";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";
import { secretsIn, treasuresOf } from "../support/treasures";

const project = new Project();

/** `local` with the smallest network and without what takes the emulator long. */
const spec: EnvironmentSpec = {
  ...local,
  network: { zones: 2, nat: "single" },
  egress: { level: "open" },
  state: { kind: "local", path: `${project.folder}/terraform.tfstate` },
};

const SECRETS = ["database-password", "encryption-key", "jwt-secret"].map((name) => `retool/local/${name}`);

/** Whether a change makes what a lost state does not give back: an apply writes it over, or it exists in state only. */
const isWrittenOver = (change: string): boolean =>
  change.endsWith("will be created") &&
  (FINDERS[change.split(".")[0] ?? ""]?.by === "nothing" || /^aws_route53_record\..*_Proof-/.test(change));

/** What is left of the environment in the account, past Terraform. */
const LEFT: readonly (readonly [service: string, operation: string, parameters?: object])[] = [
  ["s3", "list_buckets"],
  ["iam", "list_roles"],
  ["iam", "list_policies", { Scope: "Local" }],
  ["rds", "describe_db_instances"],
  ["eks", "list_clusters"],
  ["ec2", "describe_vpcs", { Filters: [{ Name: "tag:Project", Values: ["cdktf-retool"] }] }],
  ["elbv2", "describe_load_balancers"],
  ["wafv2", "list_web_acls", { Scope: "REGIONAL" }],
  ["sqs", "list_queues"],
  ["sns", "list_topics"],
  ["events", "list_rules"],
  ["cloudwatch", "describe_alarms"],
  ["backup", "list_backup_vaults"],
];

/** One environment is deployed as one stack, moved to layers, destroyed and deployed layer by layer, and found after its states are lost. */
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
    await change("apply", ".");
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

  /** Applies or destroys the stack in a folder of the bench. */
  async function change(command: "apply" | "destroy", stack: string, options = "-refresh=false"): Promise<void> {
    const { code, output } = await bench.shell(
      `terraform ${command} -auto-approve -input=false -no-color -parallelism=40 ${options}`,
      bench.path(stack),
    );
    if (code !== 0) throw new Error(output.slice(output.indexOf("Error:")));
  }

  test(
    "plans nothing a second time before it was moved",
    async () => {
      for (const { name, terraform } of layers.slice(0, 2)) {
        const { error } = await terraform.plannedCreates();
        expect([name, error]).toEqual([
          name,
          expect.stringMatching(/^terraform plan: local: the account has a .*; move the state .* --move, or import it/),
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

  /** Destroys the layers, the highest first, and gives what is left in their states and in the account. */
  const destroy = async (options?: string): Promise<string[]> => {
    for (const { name } of [...layers].reverse()) await change("destroy", name, options);
    const states = await Promise.all(layers.map(({ terraform }) => terraform.stateList()));
    const account = bench.call(
      LEFT.map(([service, operation, parameters = {}]) => ({ service, operation, parameters: { ...parameters } })),
    );
    return [...states.flat(), ...(JSON.stringify(account).match(/\bretool-local[\w-]*/g) ?? [])];
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
    "is deployed afresh layer by layer, each with a second plan without changes; the last is planned by plain Terraform",
    async () => {
      for (const { name } of layers) await change("apply", name);
      for (const { name, terraform } of layers.slice(0, 2))
        expect([name, (await terraform.plan()).verdict]).toEqual([name, "no changes"]);
      expect(plainTerraform("local-retool")).toContain("No changes.");
    },
    10 * MINUTES,
  );

  test(
    "whose data is in a state that is lost is found again by adopt, with every secret and key",
    async () => {
      const before = await treasuresOf(bench);
      const changes = bench.operations.length;
      // The layer with data, roles and buckets: each round of adopt costs as much as two plans.
      rmSync(join(project.folder, "terraform-retool.tfstate"));

      const { code, output } = await bench.shell(
        `node ${join(ROOT, "bin", "cdktf-retool.js")} adopt local`,
        project.folder,
      );
      expect(code === 0 ? "" : output.slice(-4000)).toBe("");
      expect(output).not.toContain(": left ");
      const command = "terraform plan -refresh=false -input=false -no-color";
      const { output: plan } = await bench.shell(command, bench.path("local-retool"));
      expect(plan).toMatch(/^Plan: |No changes\./m);
      expect(changesOf(plan).filter((one) => !one.endsWith("updated in-place") && !isWrittenOver(one))).toEqual([]);
      const [, , retool] = layers;
      expect(await secretsIn(bench, JSON.stringify(await retool?.terraform.pullState()))).toEqual([]);
      expect(bench.operations.slice(changes)).toEqual([]);
      expect(await treasuresOf(bench)).toEqual(before);
    },
    10 * MINUTES,
  );

  test(
    "is destroyed straight after it was found again",
    async () => {
      // What was adopted has no order until Terraform reads it with its configuration.
      expect(await destroy("")).toEqual([]);
    },
    10 * MINUTES,
  );
});
