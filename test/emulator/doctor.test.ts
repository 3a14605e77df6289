import { readFileSync } from "node:fs";

import { App, Testing } from "cdktf";

import { local } from "../support/environments/local";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prepareAccount } from "../../local/account";
import { RetoolStack } from "../../stacks";
import type { Diagnosis } from "../../domain/doctor/finding";
import { configurationFile, Project } from "../support/project";
import { ROOT } from "../support/run";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

/** The whole stack `local`, protected as prod is. */
const base: EnvironmentSpec = {
  ...local,
  dataProtection: "protected",
  backup: { copyTo: { region: "us-west-2" } },
  state: { kind: "local", path: "terraform.tfstate" },
};

const synth = (spec: EnvironmentSpec): string =>
  Testing.synth(new RetoolStack(new App({ skipValidation: true }), spec));

/** One environment, before its deployment and after it. */
describeOnEmulator("an environment on the emulator", () => {
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
});
