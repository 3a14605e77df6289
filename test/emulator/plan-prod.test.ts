import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { App } from "cdktf";

import { prod } from "../support/environments/prod";
import { prepareAccount } from "../../local/account";
import { RetoolStack } from "../../stacks";
import { describeWithClusterProviders } from "../support/providers";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

/** Folder of unpacked charts; planning a release reads its chart. */
const CHARTS = process.env["RETOOL_TEST_CHARTS"];
/** Account of the emulator. */
const ACCOUNT = "123456789012";

if (CHARTS === undefined) {
  process.stdout.write("the plan of prod is skipped: set RETOOL_TEST_CHARTS to a folder of unpacked charts\n");
}

(CHARTS === undefined ? describe.skip : describe)("a plan of prod", () => {
  describeWithClusterProviders("with the providers of AWS, Helm, Kubernetes and TLS", () => {
    describeOnEmulator("in an account that holds what the readme asks for", () => {
      const outdir = mkdtempSync(join(tmpdir(), "prod-"));
      let bench: Bench;

      beforeAll(async () => {
        const app = new App({ outdir });
        const state = { kind: "local", path: "terraform.tfstate" } as const;
        new RetoolStack(app, { ...prod, account: ACCOUNT, state, chartsDirectory: CHARTS });
        app.synth();
        const folder = join(outdir, "stacks", "prod");
        bench = await Bench.open(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
        cpSync(join(folder, "assets"), bench.path("assets"), { recursive: true });
        await prepareAccount(bench.endpoint, {
          region: prod.region,
          zoneName: "example.com",
          licenseSecret: prod.license,
          sandboxKeysSecret: "of-nobody",
        });
      }, 3 * MINUTES);

      afterAll(async () => {
        await bench.close();
        rmSync(outdir, { recursive: true });
      });

      test(
        "every argument is accepted, and everything is to be made",
        async () => {
          const { code, output } = await bench.run(["plan", "-input=false"]);

          expect(output.split("\n").filter((line) => line.includes("Error:"))).toEqual([]);
          expect(code).toBe(0);
          expect(output).toMatch(/Plan: \d{3} to add, 0 to change, 0 to destroy\./);
        },
        5 * MINUTES,
      );
    });
  });
});
