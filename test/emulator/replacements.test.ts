import { App, Testing } from "cdktf";

import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prepareAccount } from "../../local/account";
import { RetoolStack } from "../../stacks";
import { local } from "../support/environments/local";
import { BEFORE_REPLACEMENT, REPLACING_CHANGES, WEIGHTY } from "../support/replacing-changes";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const synth = (spec: EnvironmentSpec): string =>
  Testing.synth(new RetoolStack(new App({ skipValidation: true }), spec));

/** What Terraform says of one resource that a plan changes. */
interface Change {
  readonly action: string;
  readonly resource: { readonly resource_type: string };
}

const describeOnRequest = process.env["RETOOL_REPLACEMENTS"] === "full" ? describeOnEmulator : describe.skip;

/** One environment is applied, and each change is planned (some four minutes): RETOOL_REPLACEMENTS=full. */
describeOnRequest("what `plan --diff` says that a change replaces", () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open(synth(BEFORE_REPLACEMENT));
    await prepareAccount(bench.endpoint, {
      region: local.region,
      licenseSecret: local.license,
      sandboxKeysSecret: local.secrets.sandboxKeys.name,
      zoneName: "example.com",
    });
    await succeed("apply", "-auto-approve", "-parallelism=40");
  }, 20 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  async function succeed(...args: string[]): Promise<string> {
    const { code, output } = await bench.run([...args, "-input=false"]);
    if (code !== 0) throw new Error(output.slice(output.indexOf("Error:")));
    return output;
  }

  test.each(Object.entries(REPLACING_CHANGES))(
    "is what Terraform replaces: %s",
    async (_, { change, replaced = [] }) => {
      bench.configure(synth({ ...BEFORE_REPLACEMENT, ...change }));
      const output = await succeed("plan", "-refresh=false", "-json");
      const types = output
        .split("\n")
        .filter((line) => line.includes('"planned_change"'))
        .map((line) => (JSON.parse(line) as { change: Change }).change)
        .filter(({ action }) => action === "replace")
        .map(({ resource }) => resource.resource_type);

      expect([...new Set(types)].filter((type) => WEIGHTY.has(type)).sort()).toEqual(replaced);
    },
    5 * MINUTES,
  );
});
