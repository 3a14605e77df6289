import { readFileSync } from "node:fs";

import { App, Testing } from "cdktf";

import { adoptLeftovers, type Adoption } from "../../cli/adopt";
import { local } from "../support/environments/local";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { planEnvironment } from "../../domain/environment/environment";
import { prepareAccount } from "../../local/account";
import { RetoolStack } from "../../stacks";
import type { Diagnosis } from "../../domain/doctor/finding";
import { configurationFile, Project } from "../support/project";
import { ROOT } from "../support/run";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const PLACE = { account: local.account, region: local.region, partition: "aws" };

/** The whole stack `local`, protected as prod is. */
const base: EnvironmentSpec = {
  ...local,
  dataProtection: "protected",
  backup: { copyTo: { region: "us-west-2" } },
  state: { kind: "local", path: "terraform.tfstate" },
};

const synth = (spec: EnvironmentSpec): string =>
  Testing.synth(new RetoolStack(new App({ skipValidation: true }), spec));

/** What a plan does to one resource. */
interface Change {
  readonly address: string;
  readonly type: string;
  readonly actions: string;
}

/** One environment whose state is lost again and again; nothing that its data needs may change by that. */
describeOnEmulator("an environment whose state is lost", () => {
  let bench: Bench;
  let before: Diagnosis;
  const project = new Project().write("cdktf-retool.config.ts", configurationFile({ local: base }));

  /** What doctor finds in the account. */
  async function diagnosed(): Promise<Diagnosis> {
    const report = project.path("doctor.json");
    const { code } = await bench.shell(
      `${process.execPath} ${ROOT}/bin/cdktf-retool.js doctor local --json --out ${report}`,
      project.folder,
    );
    expect(code).toBe(1);
    return JSON.parse(readFileSync(report, "utf8")) as Diagnosis;
  }

  /** What the findings of some checks say, the grade first. */
  const said = ({ findings }: Diagnosis, ...checks: readonly string[]): string[] =>
    findings
      .filter(({ check }) => checks.includes(check))
      .map(({ check, grade, what }) => `${grade} ${check}: ${what}`);

  beforeAll(async () => {
    bench = await Bench.open(synth(base));
    before = await diagnosed();
    const { region, license: licenseSecret } = local;
    await prepareAccount(bench.endpoint, {
      region,
      licenseSecret,
      sandboxKeysSecret: local.secrets.sandboxKeys.name,
      zoneName: "example.com",
    });
    await succeed("apply", "-auto-approve");
  }, 15 * MINUTES);

  afterAll(async () => {
    project.remove();
    await bench.close();
  });

  test("is judged by doctor before its deployment", () => {
    expect(said(before, "credentials", "cluster", "license", "zone", "quotas")).toEqual([
      expect.stringMatching(/^good credentials: arn:aws:\w+::123456789012:/),
      expect.stringMatching(/^good quotas: CPUs of on-demand standard instances: 1152, /),
      "good quotas: elastic IP addresses: 5, the environment needs up to 3",
      "good quotas: VPCs: 5, the environment needs up to 1",
      "good quotas: application load balancers: 50, the environment needs up to 1",
      "problem zone: the account has no public hosted zone for retool.example.com",
      "problem license: there is no secret retool/license-key",
      "good cluster: retool-local is not made yet; what runs is looked at after the first deployment",
    ]);
  });

  test(
    "is judged by doctor after it: what no pod serves yet is a problem, and no more",
    async () => {
      const after = await diagnosed();

      expect(said(after, "license", "cluster", "targets", "certificate", "copies", "alarms")).toEqual([
        "good license: the secret retool/license-key holds a key",
        expect.stringMatching(/^good cluster: retool-local is active on Kubernetes 1\.\d+$/),
        "problem targets: retool: no pod is registered",
        "problem targets: sandbox-proxy: no pod is registered",
        expect.stringMatching(/^good certificate: the one that is shown is valid until \d{4}-\d\d-\d\d$/),
        "problem copies: the vault retool-local-backup holds no copy yet",
        expect.stringMatching(/^good alarms: none of \d+ is on$/),
      ]);
      expect(after.findings.filter(({ check }) => check === "kubernetes")).toMatchObject([{ grade: "unknown" }]);
    },
    2 * MINUTES,
  );

  async function succeed(...args: string[]): Promise<string> {
    const { code, output } = await bench.run([...args, ...(args[0] === "show" ? [] : ["-input=false"])]);
    if (code !== 0) throw new Error(output.slice(output.indexOf("Error:")));
    return output;
  }

  async function planned(): Promise<Change[]> {
    await succeed("plan", "-out=next.tfplan");
    const plan = JSON.parse(await succeed("show", "-json", "next.tfplan")) as {
      resource_changes: { address: string; type: string; mode: string; change: { actions: string[] } }[];
    };
    return plan.resource_changes
      .filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "no-op")
      .map(({ address, type, change }) => ({ address, type, actions: change.actions.join() }));
  }

  /** Values of all secrets, and the key behind every alias, as AWS has them. */
  async function treasures(): Promise<Record<string, string>> {
    const [listed, aliases] = bench.call([
      { service: "secretsmanager", operation: "list_secrets" },
      { service: "kms", operation: "list_aliases" },
    ]) as [{ SecretList: { Name: string }[] }, { Aliases: { AliasName: string; TargetKeyId?: string }[] }];
    const values = await Promise.all(
      listed.SecretList.map(async ({ Name }) => [Name, await bench.secretValue(Name)] as const),
    );
    const keys = aliases.Aliases.filter(({ AliasName }) => AliasName.startsWith("alias/retool-"));
    const behind = keys.map(({ AliasName, TargetKeyId = "" }) => [AliasName, TargetKeyId] as const);
    return Object.fromEntries<string>([...values, ...behind]);
  }

  const adopt = (): Promise<Adoption[]> =>
    adoptLeftovers(bench.terraformOfOperator, bench.stackOfOperator, {
      tags: planEnvironment(base).tags,
      place: PLACE,
    });

  const REFUSED = "has a secret of this name that is not in this Terraform state";

  /** The stack refuses by itself; what adopt takes, plan and apply leave as it is; no value comes into state; all of it ends. */
  async function survivesAdoption(before: Record<string, string>): Promise<void> {
    const requests = bench.operations.length;
    const refused = await bench.run(["apply", "-auto-approve", "-input=false"]);
    expect(refused.code).toBe(1);
    expect(refused.output.replaceAll(/\s+/g, " ")).toContain(REFUSED);
    expect(bench.operations.slice(requests)).toEqual([]);

    const adoptions = await adopt();
    expect(adoptions.filter(({ adopted }) => !adopted)).toEqual([]);
    const changes = await planned();
    expect(changes.filter(({ type }) => /secretsmanager|kms|db_(subnet|parameter)/.test(type))).toEqual([]);
    await succeed("apply", "-auto-approve");
    expect(await planned()).toEqual([]);
    expect(await treasures()).toEqual(before);
    for (const value of Object.values(before)) expect(bench.state().includes(value) && value.length > 40).toBe(false);
  }

  test(
    "with a database that was made here: is refused by its own stack, and goes on after adopt, with every secret, value and key",
    async () => {
      const before = await treasures();
      expect(Object.keys(before)).toEqual(
        expect.arrayContaining(["retool/local/encryption-key", "alias/retool-local-data"]),
      );
      bench.loseState();

      await survivesAdoption(before);
    },
    15 * MINUTES,
  );
});
