import { planEnvironment } from "../domain/environment/environment";
import { logIn } from "./cluster-login";
import { assertCredentials } from "./credentials";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import { helmReleases, removeRecords, type StuckRelease, stuckReleases } from "./helm-records";
import { readKubeconfig } from "./kubeconfig";
import { KubernetesApi } from "./kubernetes-api";
import { synthesizedStacks } from "./stacks";

/** What {@link mendHelmRecords} is told on the command line. */
export interface MendOptions {
  /** Take the records away. */
  readonly mend?: true;
  /** Kubeconfig to log in with instead of `aws eks get-token`. */
  readonly kubeconfig?: string;
}

/**
 * Shows the Helm releases of an environment that a killed deployment left stuck, and takes their records away where asked.
 *
 * The stack must have been synthesized: it says which releases are ours.
 *
 * @throws {@link Failure} naming the stuck releases, unless they are mended.
 */
export async function mendHelmRecords(name: string, { mend, kubeconfig }: MendOptions): Promise<void> {
  const plan = planEnvironment(environmentNamed(name));
  const ours = synthesizedStacks(plan).flatMap(({ folder }) => helmReleases(folder));
  if (kubeconfig === undefined) await assertCredentials(plan);
  const api = new KubernetesApi(kubeconfig === undefined ? await logIn(plan) : readKubeconfig(kubeconfig));
  const stuck = await stuckReleases(api, ours);
  if (stuck.length > 0 && mend !== true) throw new Failure(...stuck.map((release) => stuckLine(name, release)));
  await removeRecords(api, stuck);
  process.stdout.write(
    `${stuck.length === 0 ? `None of the ${String(ours.length)} releases is stuck.` : mendedText(name, stuck)}\n`,
  );
}

function stuckLine(name: string, { release, status, revision, since }: StuckRelease): string {
  return `${release}: its revision ${revision} is ${status} since ${since}, which blocks every other Helm operation; if no deployment is running, run npx cdktf-retool helm-records ${name} --mend`;
}

function mendedText(name: string, stuck: readonly StuckRelease[]): string {
  const lines = stuck.map(
    ({ release, status, revision }) => `${release}: deleted revision ${revision}, which was ${status}`,
  );
  return [...lines, `Deploy ${name} again: Helm starts the operation again and adopts what it had made.`].join("\n");
}
