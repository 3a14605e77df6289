import { rmSync } from "node:fs";
import { join } from "node:path";

import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { layerStack } from "../domain/environment/layers";
import { stayingAddresses } from "../domain/lifecycle/retained-data";
import { logIn, NotServing } from "./cluster-login";
import { assertCredentials } from "./credentials";
import { assertPlanKeeps, leaveBehind, planWholeDestroy } from "./destroy-guard";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import { helmReleases, recordedReleases, type UnknownRelease, unknownReleases } from "./helm-records";
import { KubernetesApi, Unreachable } from "./kubernetes-api";
import type { OutputOptions, Report } from "./report";
import { readStack, type SynthesizedStack, synthesizedStacks } from "./stacks";
import { showing, Steps } from "./steps";
import { Terraform } from "./terraform";

/** How {@link destroy} asks. */
export interface DestroyOptions extends OutputOptions {
  /** Name of the environment once more, instead of a question. */
  readonly confirm?: string;
}

/**
 * Destroys an environment, but never one whose data is protected, and never with a plan that misses something.
 *
 * The stack must have been synthesized: its folder is what Terraform runs in.
 */
export async function destroy(name: string, { confirm }: DestroyOptions): Promise<Report> {
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
  const stay = stacks.filter((stack) => staysWhole(plan, stack));
  const go = [...stacks].reverse().filter((stack) => !stay.includes(stack));
  for (const stack of go) await destroyStack(plan, stack, steps);
  for (const { name: stays } of stay) {
    steps.say(`${stays} stays: the data in the account needs its keys and its network (docs/guides/layers.md)`);
  }
  const destroyed = go.map((stack) => stack.name);
  return {
    json: { environment: name, destroyed, stays: stay.map((stack) => stack.name) },
    text: () => `${name}: destroyed ${destroyed.join(", ")}\n`,
  };
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
      const say = (text: string): void => {
        steps.say(text);
      };
      const unknown = (): Promise<UnknownRelease[]> => inCluster(plan, (api) => unknownReleases(api, folder, known));
      await assertReleasesKnown(folder, known, unknown, say);
      deletes = await planWholeDestroy(terraform, planFile, {
        existing: (releases) => inCluster(plan, (api) => recordedReleases(api, folder, releases)),
        say,
      });
    });
    assertPlanKeeps(kept, deletes);
    await steps.run(`Destroy${of}`, (show) => terraform.applyPlan(planFile, deletes.length, showing(show)));
  } finally {
    rmSync(planFile, { force: true });
  }
}

/** What is in state as long as a cluster can hold releases: the cluster, or the namespaces they are in. */
const OF_CLUSTER = /^(aws_eks_|kubernetes_|helm_release\.)/;

/**
 * Stops a destroy that would leave a release of a killed deployment behind: a Karpenter that goes on launching nodes, say.
 *
 * @param folder - Folder of the synthesized stack.
 * @param known - Addresses in state; nothing is looked up where none is of a cluster.
 * @param findUnknown - Looks for releases of the stack that the state does not know.
 * @param say - Told where the cluster cannot be reached. The destroy goes on: Terraform fails by itself where it needs the cluster.
 * @throws {@link Failure} naming each and since when it is there: somebody else may have made it.
 */
export async function assertReleasesKnown(
  folder: string,
  known: readonly string[],
  findUnknown: () => Promise<readonly UnknownRelease[]>,
  say: (text: string) => void,
): Promise<void> {
  if (!known.some((address) => OF_CLUSTER.test(address)) || helmReleases(folder).length === 0) return;
  const unknown = await findUnknown().catch((error: unknown) => {
    if (!(error instanceof Unreachable)) throw error;
    say(`releases that are not in the state were not looked for: ${error.message}`);
    return [];
  });
  if (unknown.length === 0) return;
  throw new Failure(
    ...unknown.map(
      ({ address, id, made }) =>
        `${address}: ${id} is in the cluster since ${made} and not in the state, so nothing was destroyed; if this environment made it, run terraform -chdir=${folder} import '${address}' '${id}'; if not, rename the release or take it out of the stack`,
    ),
  );
}

/** Looks into an environment's cluster; there is nothing where the cluster is gone, or EKS makes or deletes it. */
async function inCluster<Item>(plan: EnvironmentPlan, look: (api: KubernetesApi) => Promise<Item[]>): Promise<Item[]> {
  try {
    return await look(new KubernetesApi(await logIn(plan)));
  } catch (error) {
    if (error instanceof NotServing) return [];
    if (error instanceof Failure && error.message.includes("ResourceNotFoundException")) return [];
    throw error;
  }
}
