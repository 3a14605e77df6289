import { rmSync } from "node:fs";
import { join } from "node:path";

import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { layerStack } from "../domain/environment/layers";
import { stayingAddresses } from "../domain/lifecycle/retained-data";
import { logIn } from "./cluster-login";
import { assertCredentials } from "./credentials";
import { assertPlanKeeps, leaveBehind, planWholeDestroy } from "./destroy-guard";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import { helmReleases, recordedReleases, type UnknownRelease, unknownReleases } from "./helm-records";
import { KubernetesApi } from "./kubernetes-api";
import { readStack, type SynthesizedStack, synthesizedStacks } from "./stacks";
import { showing, Steps } from "./steps";
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
  const plan = planEnvironment(environmentNamed(name));
  const { context, database, blobStorage, cluster } = plan;
  if (context.dataProtection === "protected") {
    throw new Failure(
      `${name}: its data is "protected", so nothing was destroyed; it holds the database ${database.kind === "new" ? database.identifier : database.host}, ${blobStorage.kind === "s3" ? `the bucket ${blobStorage.bucketName}, ` : ""}the cluster ${cluster.name}, their KMS keys and the secrets below retool/${name}/`,
      `to destroy everything except the data: set dataProtection to "retain", deploy, then run this command again; the data stays in the account (docs/guides/ways-out.md)`,
    );
  }
  if (confirm !== name) throw new Failure(`${name}: confirm by repeating the name; add --confirm ${name}`);
  const stacks = synthesizedStacks(plan);
  await assertCredentials(plan);
  const steps = new Steps();
  for (const stack of [...stacks].reverse()) {
    if (staysWhole(plan, stack)) {
      steps.say(`${stack.name} stays: the data in the account needs its keys and its network (docs/guides/layers.md)`);
    } else {
      await destroyStack(plan, stack, steps);
    }
  }
}

/** Whether data that stays needs a whole layer. */
function staysWhole(plan: EnvironmentPlan, { name }: SynthesizedStack): boolean {
  return plan.context.dataProtection === "retain" && plan.layers && name === layerStack(plan, "foundation").name;
}

/** Destroys one stack; one that has nothing left is not planned, since what it stood on may be gone as well. */
async function destroyStack(plan: EnvironmentPlan, stack: SynthesizedStack, steps: Steps): Promise<void> {
  const { folder, name } = stack;
  const terraform = new Terraform(folder, process.env);
  await terraform.init();
  if (plan.layers && (await terraform.stateList()).length === 0) {
    steps.say(`${name} has nothing left`);
    return;
  }
  const kept = plan.context.dataProtection === "retain" ? stayingAddresses(readStack(stack)) : [];
  const planFile = join(folder, "destroy.tfplan");
  let deletes: readonly string[] = [];
  const left = await leaveBehind(terraform, kept);
  if (left.length > 0) steps.say(`${String(left.length)} resources stay in the account and are no longer in the state`);
  const of = plan.layers ? ` ${name}` : "";
  try {
    await steps.run(`Plan${of}`, async () => {
      const known = await terraform.stateList();
      await assertReleasesKnown(folder, known, () => inCluster(plan, (api) => unknownReleases(api, folder, known)));
      deletes = await planWholeDestroy(terraform, planFile, {
        existing: (releases) => releasesOf(plan, folder, releases),
        say: (text) => {
          steps.say(text);
        },
      });
    });
    assertPlanKeeps(kept, deletes);
    await steps.run(`Destroy${of}`, (show) => terraform.applyPlan(planFile, deletes.length, showing(show)));
  } finally {
    rmSync(planFile, { force: true });
  }
}

/**
 * Stops a destroy that would leave a release of a killed deployment behind: a Karpenter that goes on launching nodes, say.
 *
 * @param folder - Folder of the synthesized stack.
 * @param known - Addresses in state; nothing is looked up where there is none.
 * @param findUnknown - Looks for releases of the stack that the state does not know.
 * @throws {@link Failure} naming each, with the command that takes it into state.
 */
export async function assertReleasesKnown(
  folder: string,
  known: readonly string[],
  findUnknown: () => Promise<readonly UnknownRelease[]>,
): Promise<void> {
  if (known.length === 0 || helmReleases(folder).length === 0) return;
  const unknown = await findUnknown();
  if (unknown.length === 0) return;
  throw new Failure(
    ...unknown.map(
      ({ address, id }) =>
        `${address}: ${id} is in the cluster and not in the state, so nothing was destroyed; run terraform -chdir=${folder} import '${address}' '${id}', then the same command again`,
    ),
  );
}

/** Helm releases that an environment's cluster still holds. */
async function releasesOf(plan: EnvironmentPlan, folder: string, releases: readonly string[]): Promise<string[]> {
  return inCluster(plan, (api) => recordedReleases(api, folder, releases));
}

/** Looks into an environment's cluster; there is nothing where the cluster is gone. */
async function inCluster<Item>(plan: EnvironmentPlan, look: (api: KubernetesApi) => Promise<Item[]>): Promise<Item[]> {
  try {
    return await look(new KubernetesApi(await logIn(plan)));
  } catch (error) {
    if (error instanceof Failure && error.message.includes("ResourceNotFoundException")) return [];
    throw error;
  }
}
