import { App, Testing } from "cdktf";

import { adoptLeftovers } from "../../cli/adopt";
import { assertPlanKeeps, leaveBehind, planWholeDestroy } from "../../cli/destroy-guard";
import { local } from "../support/environments/local";
import type { DataProtection } from "../../domain/common/context";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { retainedAddresses, stayingAddresses, type TerraformJson } from "../../domain/lifecycle/retained-data";
import { type Phase, policiesOf } from "../../domain/permissions/permissions";
import { stackUse, type SynthesizedStack } from "../../domain/permissions/stack";
import { prepareAccount } from "../../local/account";
import { RetoolStack } from "../../stacks";
import { BEFORE, changed, DATA_TYPES, ORDINARY_CHANGES } from "../support/ordinary-changes";
import { PermissionBench } from "../support/permission-bench";
import { type Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";
import { secretsIn, treasuresOf } from "../support/treasures";

const SECRETS = ["database-password", "encryption-key", "jwt-secret"].map((name) => `retool/local/${name}`);

/** The whole stack `local`, with its own zone, a second region and everything that prod protects. */
const base: EnvironmentSpec = {
  ...local,
  ...BEFORE,
  dataProtection: "protected",
  dns: { kind: "create" },
  backup: { copyTo: { region: "us-west-2" } },
  state: { kind: "local", path: "terraform.tfstate" },
};

const synth = (spec: EnvironmentSpec): string =>
  Testing.synth(new RetoolStack(new App({ skipValidation: true }), spec));
const stayingIn = (json: string): string[] =>
  retainedAddresses(JSON.parse(json) as TerraformJson).filter((address) => !address.startsWith("terraform_data."));
const stackWith = (dataProtection: DataProtection): string => synth({ ...base, dataProtection });

/** Addresses of what data stays in. */
const LASTING = /^aws_(db_|s3_bucket\.|backup_vault\.|route53_zone\.)/;

/** What Terraform says of one resource that a plan changes. */
interface Change {
  readonly action: string;
  readonly resource: { readonly addr: string; readonly resource_type: string };
}

const namesIn = (text: string, pattern: RegExp): string[] =>
  [...new Set(Array.from(text.matchAll(pattern), ([, name]) => name ?? ""))].sort();

/**
 * One environment is changed in every ordinary way, then led out by the ways of docs/guides/ways-out.md, in this order; each time
 * by a user with exactly the policies of `cdktf-retool permissions` for that.
 */
describeOnEmulator("the data of an environment", () => {
  let permissions: PermissionBench;
  let bench: Bench;
  const users = new Map<Phase, NodeJS.ProcessEnv>();

  beforeAll(async () => {
    permissions = await PermissionBench.open(stackWith("protected"));
    ({ bench } = permissions);
    const { region, license: licenseSecret } = local;
    const fixtures = {
      region,
      licenseSecret,
      sandboxKeysSecret: local.secrets.sandboxKeys.name,
      zoneName: "example.com",
    };
    await prepareAccount(bench.endpoint, fixtures);
    signIn("deploy");
    await succeed("apply", "-auto-approve", "-parallelism=40");
  }, 15 * MINUTES);

  afterAll(async () => {
    await permissions.close();
  });

  /** Goes on as the user who has the policies of a phase, and no others. */
  function signIn(phase: Phase): void {
    const use = stackUse(JSON.parse(stackWith("protected")) as SynthesizedStack);
    const keys = users.get(phase) ?? permissions.userWith(policiesOf(planEnvironment(base), use, phase));
    users.set(phase, keys);
    bench.signIn(keys);
  }

  async function succeed(...args: string[]): Promise<string> {
    const { code, output } = await bench.run([
      ...args,
      ...(args[0] === "state" || args[0] === "show" ? [] : ["-input=false"]),
    ]);
    if (code !== 0) throw new Error(output.slice(output.indexOf("Error:")));
    return output;
  }

  /** What a plan does, by address. */
  async function actions(...args: string[]): Promise<Map<string, string>> {
    signIn("plan");
    await succeed("plan", "-out=next.tfplan", ...args);
    const plan = JSON.parse(await succeed("show", "-json", "next.tfplan")) as {
      resource_changes: { address: string; mode: string; change: { actions: string[] } }[];
    };
    return new Map(
      plan.resource_changes
        .filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "no-op")
        .map(({ address, change }) => [address, change.actions.join()]),
    );
  }

  const inState = async (): Promise<string[]> =>
    (await succeed("state", "list")).split("\n").filter((address) => address !== "" && !/(^|\.)data\./.test(address));

  const ec2 = (action: string): Promise<string> => bench.ask("ec2", { body: `Action=${action}&Version=2016-11-15` });

  const secrets = async (): Promise<string[]> => {
    const text = await bench.ask("secretsmanager", { target: "secretsmanager.ListSecrets", body: "{}" });
    const { SecretList } = JSON.parse(text) as { SecretList: { Name: string; DeletedDate: number | null }[] };
    return SecretList.filter(({ DeletedDate }) => DeletedDate === null).map(({ Name }) => Name);
  };

  const clusters = (): Promise<string> => bench.ask("eks", { path: "/clusters", method: "GET" });

  /** What a plan does to the addresses it changes; without asking AWS again what is there. */
  async function plannedBy(spec: EnvironmentSpec): Promise<{ code: number | null; output: string; changes: Change[] }> {
    bench.configure(synth(spec));
    signIn("plan");
    // A change may bring a provider for another region.
    const { code, output } = await bench.run(["plan", "-input=false", "-refresh=false", "-json"]);
    const changes = output
      .split("\n")
      .filter((line) => line.includes('"planned_change"'))
      .map((line) => (JSON.parse(line) as { change: Change }).change);
    return { code, output, changes };
  }

  const losing = ({ action, resource }: Change): boolean =>
    ["delete", "replace"].includes(action) &&
    (DATA_TYPES.has(resource.resource_type) || /secret_version\..*EncryptionKey/.test(resource.addr));

  test.each(ORDINARY_CHANGES)(
    "is neither deleted nor replaced by $name",
    async (change) => {
      const spec = changed(base, change);
      const { code, output, changes } = await plannedBy(spec);

      expect(code === 0 ? "" : output).toBe("");
      // Some changes reach only what is installed into the cluster, which is an output here.
      expect(synth(spec)).not.toBe(synth(base));
      expect(changes.filter(losing)).toEqual([]);
    },
    3 * MINUTES,
  );

  test(
    "stays in the second region when that is given up",
    async () => {
      const { code, output, changes } = await plannedBy({ ...base, backup: {} });
      const copies = changes.filter(({ resource }) => /_SecondRegion_Key|_Vault_Copies/.test(resource.addr));

      expect(code === 0 ? "" : output).toBe("");
      expect(copies.map(({ action, resource }) => `${action} ${resource.resource_type}`).sort()).toEqual([
        "remove aws_backup_vault",
        "remove aws_kms_alias",
        "remove aws_kms_key",
      ]);
      expect(changes.filter(losing)).toEqual([]);
    },
    3 * MINUTES,
  );

  test(
    "is kept by Terraform from a change that would replace the database",
    async () => {
      const { code, output } = await plannedBy({ ...base, database: { databaseName: "another" } });

      expect(code).toBe(1);
      expect(output).toContain("Instance cannot be destroyed");
    },
    3 * MINUTES,
  );

  test(
    "would be seen to be lost, if that protection were not there",
    async () => {
      const { changes } = await plannedBy({
        ...base,
        dataProtection: "disposable",
        database: { databaseName: "another" },
      });

      expect(changes.filter(losing).map(({ resource }) => resource.resource_type)).toEqual(["aws_db_instance"]);
    },
    3 * MINUTES,
  );

  test(
    "protected: Terraform refuses to destroy anything at all",
    async () => {
      bench.configure(stackWith("protected"));
      const { code, output } = await bench.run(["plan", "-destroy", "-input=false"]);

      expect(code).toBe(1);
      expect(output).toContain("Instance cannot be destroyed");
      for (const kind of [
        "aws_db_instance",
        "aws_s3_bucket",
        "aws_kms_key",
        "aws_route53_zone",
        "aws_backup_vault",
        "aws_secretsmanager_secret",
        "aws_eks_cluster",
      ]) {
        expect(output).toContain(`${kind}.`);
      }
    },
    5 * MINUTES,
  );

  test(
    "retain: a deployment lets go of what does not stay, and changes nothing else",
    async () => {
      const stack = JSON.parse(stackWith("retain")) as TerraformJson;
      await expect(leaveBehind(bench.terraformOfOperator, stayingAddresses(stack))).rejects.toThrow(
        'deploy with "retain" first',
      );
      bench.configure(stackWith("retain"));
      const planned = await actions();
      expect([...planned].map(([address, action]) => [address.split(".")[0], action]).sort()).toEqual([
        ["aws_lb", "update"],
      ]);

      signIn("change");
      await succeed("apply", "-auto-approve");
      expect(await actions()).toEqual(new Map());
    },
    5 * MINUTES,
  );

  test(
    "retain: is taken back by a deployment of protected, and nothing else changes",
    async () => {
      bench.configure(stackWith("protected"));
      const planned = await actions();
      expect([...planned].map(([address, action]) => [address.split(".")[0], action]).sort()).toEqual([
        ["aws_lb", "update"],
      ]);
      expect([...(await inState())].sort()).toEqual(expect.arrayContaining(stayingIn(stackWith("protected"))));
    },
    5 * MINUTES,
  );

  test(
    "retain: Terraform itself still refuses to destroy, since that would take the data",
    async () => {
      bench.configure(stackWith("retain"));
      const { code, output } = await bench.run(["plan", "-destroy", "-input=false"]);

      expect(code).toBe(1);
      expect(output).toContain("Instance cannot be destroyed");
      expect(output).not.toContain("aws_eks_cluster.Retool_Cluster_Resource has lifecycle.prevent_destroy");
    },
    5 * MINUTES,
  );

  test(
    "retain: our destroy takes the rest, and the data stays with what it stands on",
    async () => {
      const stack = JSON.parse(stackWith("retain")) as TerraformJson;
      const before = await Promise.all(SECRETS.map((name) => bench.secretValue(name)));

      signIn("destroy");
      const terraform = bench.terraformOfOperator;
      const kept = stayingAddresses(stack);
      await leaveBehind(terraform, kept);
      const planFile = bench.path("destroy.tfplan");
      const said: string[] = [];
      const deletes = await planWholeDestroy(terraform, planFile, {
        existing: () => Promise.resolve([]),
        say: (text) => said.push(text),
      });
      assertPlanKeeps(kept, deletes);
      expect(said).toEqual([]);
      await terraform.applyPlan(planFile, deletes.length, () => undefined);

      expect(await Promise.all(SECRETS.map((name) => bench.secretValue(name)))).toEqual(before);
      expect(await inState()).toEqual([]);
      expect(JSON.parse(await clusters())).toMatchObject({ clusters: [] });
      expect(await bench.databases()).toEqual(["retool-local"]);
      expect(await secrets()).toEqual(expect.arrayContaining(SECRETS));
      expect(namesIn(await bench.ask("s3", { method: "GET" }), /<Name>([^<]+)</g)).toEqual([
        "retool-local-123456789012-us-east-1",
        "retool-local-123456789012-us-east-1-logs",
      ]);
      const zones = await bench.ask("route53", { method: "GET", path: "/2013-04-01/hostedzone" });
      expect(zones).toContain("<Name>retool.example.com.</Name>");
      const subnets = namesIn(await ec2("DescribeSubnets"), /<value>(retool-local-[a-z]+-\d)</g);
      expect(subnets).toEqual(["retool-local-database-0", "retool-local-database-1", "retool-local-database-2"]);
      expect(namesIn(await ec2("DescribeSecurityGroups"), /<groupName>(retool-local-database-)/g)).toHaveLength(1);
      for (const alias of ["data", "logs"]) {
        const body = JSON.stringify({ KeyId: `alias/retool-local-${alias}` });
        expect(await bench.ask("kms", { target: "TrentService.DescribeKey", body })).toContain('"KeyState": "Enabled"');
      }
    },
    10 * MINUTES,
  );

  test(
    "retain: a deployment under the same name is refused before it makes anything",
    async () => {
      bench.configure(stackWith("protected"));
      const before = await Promise.all(SECRETS.map((name) => bench.secretValue(name)));
      const requests = bench.operations.length;
      signIn("deploy");
      const { code, output } = await bench.run(["apply", "-auto-approve", "-input=false"]);

      expect(code).toBe(1);
      expect(output.replaceAll(/\s+/g, " ")).toContain("has a secret of this name that is not in this Terraform state");
      expect(bench.operations.slice(requests)).toEqual([]);
      expect(await Promise.all(SECRETS.map((name) => bench.secretValue(name)))).toEqual(before);
    },
    5 * MINUTES,
  );

  test("is deployed, planned, changed and destroyed with the policies of each phase", () => {
    const checked = permissions.asked().filter((one) => one.checked);

    expect([...users.keys()].sort()).toEqual(["change", "deploy", "destroy", "plan"]);
    expect(checked.length).toBeGreaterThan(2000);
    expect(checked.flatMap(({ call, refused }) => (refused.length > 0 ? [call, refused] : []))).toEqual([]);
  });

  test(
    "retain: adopt leads back into such a deployment, which then ends, with every secret and key",
    async () => {
      bench.signIn();
      const before = await treasuresOf(bench);
      const adoptions = await adoptLeftovers(bench.terraformOfOperator, bench.stackOfOperator, {
        tags: planEnvironment(base).tags,
        place: { account: local.account, region: local.region, partition: "aws" },
      });
      expect(adoptions.filter(({ adopted }) => !adopted)).toEqual([]);
      // The cluster's key went with the cluster, and is made again.
      const stayed = new Set(stayingIn(stackWith("protected")));
      const changes = [...(await actions())].filter(([address]) => stayed.has(address.replace(/\[.*$/, "")));
      expect(changes.filter(([address]) => /^aws_(secretsmanager|kms)_/.test(address))).toEqual([]);
      expect(changes.filter(([address, action]) => LASTING.test(address) && action !== "update")).toEqual([]);
      bench.signIn();
      await succeed("apply", "-auto-approve", "-parallelism=40");

      expect(await actions()).toEqual(new Map());
      expect(await bench.databases()).toEqual(["retool-local"]);
      expect(await treasuresOf(bench)).toMatchObject(before);
      expect(await secretsIn(bench, bench.state())).toEqual([]);
      const zones = await bench.ask("route53", { method: "GET", path: "/2013-04-01/hostedzone" });
      expect(zones.match(/<Name>retool\.example\.com\.<\/Name>/g)).toHaveLength(1);
    },
    15 * MINUTES,
  );
});
