import { prepareAccount } from "../../local/account";
import { changeByHand } from "./changes-by-hand";
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

const STATE = "terraform.tfstate";
const STATE_BUCKET = `cdktf-retool-state-${local.account}-${local.region}`;

/** A stack whose state is where Terraform runs; it says so, since `init` does not leave a bucket without another backend. */
export function withoutBackend(text: string): string {
  const { terraform, ...json } = JSON.parse(text) as Json;
  return JSON.stringify({ ...json, terraform: { ...terraform, backend: { local: { path: STATE } } } });
}

/** Makes what an account holds before an environment is deployed, with the bucket of its state and a role of people who look into the cluster. */
export async function prepareLife({ bench }: PermissionBench): Promise<void> {
  await prepareAccount(bench.endpoint, {
    region: local.region,
    zoneName: "example.com",
    licenseSecret: local.license,
    sandboxKeysSecret: local.secrets.sandboxKeys.name,
  });
  const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${local.account}:root` }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  bench.call([
    { service: "s3", operation: "create_bucket", parameters: { Bucket: STATE_BUCKET } },
    { service: "iam", operation: "create_role", parameters: { RoleName: "viewers", AssumeRolePolicyDocument } },
  ]);
}

/** Makes Terraform's folder that of another stack, and initializes it. */
export async function configure({ bench }: PermissionBench, text: string): Promise<void> {
  bench.configure(text);
  const { code, output } = await bench.run(["init", "-input=false", "-reconfigure"]);
  if (code !== 0) throw new Error(output);
}

/** Runs Terraform for a run of a life, to its end. */
export type Runner = (run: Run, args: readonly string[]) => Promise<void>;

/** What Terraform asks the person who deploys. */
export const ANSWERS = { TF_VAR_deploy_placeholders: "true" } as const;

/**
 * Deploys, changes, upgrades, plans and destroys an environment that holds every type of resources.
 *
 * @param terraform - Runs Terraform; with the keys of nobody, who may do everything, where it is not given.
 */
export async function live(
  open: PermissionBench,
  texts: Readonly<Record<keyof typeof LIFE, string>>,
  terraform: Runner = async (run, args) => {
    const { code, output } = await open.run(run, args, ANSWERS);
    if (code !== 0) throw new Error(`${run}: ${output.slice(output.indexOf("Error:"))}`);
  },
): Promise<void> {
  await prepareLife(open);
  for (const run of ["create", "change", "upgrade"] as const) {
    synthesized(LIFE[run], open.bench.path("assets"));
    await configure(open, texts[run]);
    if (run !== "create") changeByHand(open);
    await terraform(run, ["apply", "-auto-approve", "-parallelism=30"]);
  }
  await terraform("plan", ["plan", "-parallelism=30"]);
  await terraform("destroy", ["destroy", "-auto-approve", "-parallelism=30"]);
}

interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly index_key?: number | string; readonly status?: string }[];
  }[];
}

/**
 * Takes away, with the keys of nobody, what Terraform left by half: the lock of its state, and what it would replace, so that this is made
 * again from its beginning.
 */
export async function tidyUp({ bench }: PermissionBench): Promise<void> {
  const file = `/${STATE_BUCKET}/${local.name}/${STATE}`;
  await bench.ask("s3", { path: `${file}.tflock`, method: "DELETE" });
  const state = await bench.ask("s3", { path: file, method: "GET" });
  const { resources } = JSON.parse(state.startsWith("{") ? state : '{"resources":[]}') as State;
  const targets = resources.flatMap(({ type, name, instances }) =>
    instances
      .filter(({ status }) => status === "tainted")
      .map(({ index_key: key }) => `-target=${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`),
  );
  if (targets.length === 0) return;
  const { code, output } = await bench.run(
    ["destroy", "-auto-approve", "-input=false", "-refresh=false", "-parallelism=30", ...targets],
    ANSWERS,
  );
  if (code !== 0) throw new Error(output);
}
