import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import { local } from "../support/environments/local";
import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prepareAccount } from "../../local/account";
import { ACCEPTED_FINDINGS, acceptedFindingsTable } from "../../scripts/accepted-findings";
import { RetoolStack } from "../../stacks";
import { ROOT } from "../support/run";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const CHECKOV = process.env["RETOOL_CHECKOV"] ?? "checkov";
const runs = spawnSync(CHECKOV, ["--version"]).status === 0;

if (!runs) {
  process.stdout.write(
    "the test that runs checkov is skipped: checkov is not installed (pip install checkov, or name it in RETOOL_CHECKOV)\n",
  );
}

/** Production with all that is optional and can be checked, in the emulator's account. */
const spec: EnvironmentSpec = {
  ...prod,
  account: local.account,
  secrets: local.secrets,
  workloads: "render",
  maxRetries: 3,
  frontDoor: { waf: { kind: "block" }, accessLogs: { kind: "bucket" } },
  backup: { copyTo: { region: "us-west-2" } },
  state: { kind: "local", path: "terraform.tfstate" },
};

test("docs/guides/checkov.md lists every accepted finding", () => {
  const page = readFileSync(join(ROOT, "docs", "guides", "checkov.md"), "utf8");
  const cells = (text: string): string[] =>
    text.split("\n").flatMap((line) => (line.startsWith("| CKV") ? [line.replaceAll(/\s*\|\s*/g, "|")] : []));

  expect(cells(page)).toEqual(cells(acceptedFindingsTable()));
});

(runs ? describeOnEmulator : describe.skip)("checkov on the plan of production", () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open(Testing.synth(new RetoolStack(new App({ skipValidation: true }), spec)));
    await prepareAccount(bench.endpoint, {
      region: spec.region,
      licenseSecret: spec.license,
      sandboxKeysSecret: local.secrets.sandboxKeys.name,
      zoneName: "example.com",
    });
  }, 2 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  test(
    "fails no check but the accepted ones, and each of those",
    async () => {
      const plan = await bench.run(["plan", "-input=false", "-out=next.tfplan"]);
      expect(plan.code === 0 ? "" : plan.output).toBe("");
      const { output } = await bench.run(["show", "-json", "next.tfplan"]);

      const failed = failedChecks(bench.write("plan.json", output));
      const accepted = (finding: Finding): boolean =>
        ACCEPTED_FINDINGS.some(({ check, resources }) => check === finding.check && resources.test(finding.resource));

      expect(failed.filter((finding) => !accepted(finding))).toEqual([]);
      for (const { check, resources } of ACCEPTED_FINDINGS) {
        expect(failed).toContainEqual({ check, resource: expect.stringMatching(resources) as string });
      }
    },
    5 * MINUTES,
  );
});

interface Finding {
  readonly check: string;
  readonly resource: string;
}

/** What checkov finds in a plan; without a network, from the rules it brings. */
function failedChecks(planFile: string): Finding[] {
  const args = ["-f", planFile, "--framework", "terraform_plan", "--skip-download", "--output", "json", "--quiet"];
  const { stdout } = spawnSync(CHECKOV, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const report = JSON.parse(stdout) as {
    results: { failed_checks: { check_id: string; resource: string }[] };
    summary: { passed: number };
  };
  expect(report.summary.passed).toBeGreaterThan(200);
  return report.results.failed_checks.map(({ check_id, resource }) => ({ check: check_id, resource }));
}
