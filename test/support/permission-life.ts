import { prepareAccount } from "../../local/account";
import { local } from "./environments/local";
import type { PermissionBench } from "./permission-bench";
import { emulated, LIFE, synthesized } from "./permission-specs";

/** A run of Terraform in the life of an environment. */
export type Run = keyof typeof LIFE | "plan" | "destroy";

/** Terraform's JSON for each run that applies one. */
export const lifeTexts = (): Readonly<Record<keyof typeof LIFE, string>> => ({
  create: emulated(synthesized(LIFE.create)),
  change: emulated(synthesized(LIFE.change)),
  upgrade: emulated(synthesized(LIFE.upgrade)),
});

type Json = Record<string, Record<string, unknown>>;

/** A stack whose state is where Terraform runs; it says so, since `init` does not leave a bucket without another backend. */
export function withoutBackend(text: string): string {
  const { terraform, ...json } = JSON.parse(text) as Json;
  return JSON.stringify({ ...json, terraform: { ...terraform, backend: { local: { path: "terraform.tfstate" } } } });
}

/** Makes what an account holds before an environment is deployed, with the bucket of its state. */
export async function prepareLife({ bench }: PermissionBench): Promise<void> {
  await prepareAccount(bench.endpoint, {
    region: local.region,
    zoneName: "example.com",
    licenseSecret: local.license,
    sandboxKeysSecret: local.secrets.sandboxKeys.name,
  });
  const Bucket = `cdktf-retool-state-${local.account}-${local.region}`;
  bench.call([{ service: "s3", operation: "create_bucket", parameters: { Bucket } }]);
}

/** Makes Terraform's folder that of another stack, and initializes it. */
export async function configure({ bench }: PermissionBench, text: string): Promise<void> {
  bench.configure(text);
  const { code, output } = await bench.run(["init", "-input=false", "-reconfigure"]);
  if (code !== 0) throw new Error(output);
}

/**
 * Deploys, changes, upgrades, plans and destroys an environment that holds every type of resources.
 *
 * @param keysOf - Keys of the user of a run; those of nobody, who may do everything, where none are given.
 */
export async function live(
  open: PermissionBench,
  texts: Readonly<Record<keyof typeof LIFE, string>>,
  keysOf: (run: Run) => NodeJS.ProcessEnv = () => ({}),
): Promise<void> {
  const terraform = async (run: Run, ...args: string[]): Promise<void> => {
    const { code, output } = await open.run(run, args, { ...keysOf(run), TF_VAR_deploy_placeholders: "true" });
    if (code !== 0) throw new Error(`${run}: ${output.slice(output.indexOf("Error:"))}`);
  };
  await prepareLife(open);
  for (const run of ["create", "change", "upgrade"] as const) {
    synthesized(LIFE[run], open.bench.path("assets"));
    await configure(open, texts[run]);
    await terraform(run, "apply", "-auto-approve", "-parallelism=30");
  }
  await terraform("plan", "plan");
  await terraform("destroy", "destroy", "-auto-approve", "-parallelism=30");
}
