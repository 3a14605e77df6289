import { readFileSync } from "node:fs";
import { join } from "node:path";

import { planEnvironment } from "../domain/environment/environment";
import { assertNothingRetained, assertPlanDestroysAll } from "./destroy-guard";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import { Terraform } from "./terraform";

/** How {@link destroy} asks. */
export interface DestroyOptions {
  /** Name of the environment once more, instead of a question. */
  readonly confirm?: string;
}

/**
 * Destroys an environment, but never one whose data is protected, and never with a plan that misses something.
 *
 * The stack must have been synthesized: its folder is what Terraform runs in.
 */
export async function destroy(name: string, { confirm }: DestroyOptions): Promise<void> {
  const { context, database, blobStorage, cluster } = planEnvironment(environmentNamed(name));
  if (context.dataProtection === "protected") {
    throw new Failure(
      `${name}: its data is "protected", so nothing was destroyed; it holds the database ${database.kind === "new" ? database.identifier : database.host}, ${blobStorage.kind === "s3" ? `the bucket ${blobStorage.bucketName}, ` : ""}the cluster ${cluster.name}, their KMS keys and the secrets below retool/${name}/`,
      `to take down all but the data: set dataProtection to "retain", deploy once more, which forgets the data and leaves it in the account, then run this command again; docs/guides/ways-out.md has every step`,
    );
  }
  if (confirm !== name) throw new Failure(`${name}: destroying needs its name once more; add --confirm ${name}`);
  const folder = join(process.cwd(), "cdktf.out", "stacks", name);
  const terraform = new Terraform(folder, process.env);
  await terraform.init();
  const state = await terraform.stateList();
  assertNothingRetained(state, forgottenIn(folder));
  const planFile = join(folder, "destroy.tfplan");
  const deletes = await terraform.planDestroy(planFile);
  assertPlanDestroysAll(state, deletes);
  await terraform.applyPlan(planFile, deletes.length, ({ done, total }) => {
    process.stderr.write(`\r${String(done)} of ${String(total)} resources`);
  });
  process.stderr.write("\n");
}

/** Addresses that the next apply of a synthesized stack forgets. */
function forgottenIn(folder: string): string[] {
  const { removed = [] } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as {
    removed?: { from: string }[];
  };
  return removed.map(({ from }) => from);
}
