import { planEnvironment } from "../domain/environment/environment";
import { logIn } from "./cluster-login";
import { assertCredentials } from "./credentials";
import { environmentNamed } from "./environments";
import { FailureWithFindings } from "./failure";
import { helmReleases, removeRecords, type StuckRelease, stuckReleases } from "./helm-records";
import { readKubeconfig } from "./kubeconfig";
import { KubernetesApi } from "./kubernetes-api";
import type { OutputOptions, Report } from "./report";
import { synthesizedStacks } from "./stacks";

/** What {@link mendHelmRecords} is told on the command line. */
export interface MendOptions extends OutputOptions {
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
 * @throws {@link FailureWithFindings} naming the stuck releases, unless they are mended.
 */
export async function mendHelmRecords(name: string, { mend, kubeconfig }: MendOptions): Promise<Report> {
  const plan = planEnvironment(environmentNamed(name));
  const ours = synthesizedStacks(plan).flatMap(({ folder }) => helmReleases(folder));
  if (kubeconfig === undefined) await assertCredentials(plan);
  const api = new KubernetesApi(kubeconfig === undefined ? await logIn(plan) : readKubeconfig(kubeconfig));
  const stuck = await stuckReleases(api, ours);
  const found = { environment: name, releases: ours.length, stuck: stuck.map(typed) };
  if (stuck.length > 0 && mend !== true) {
    throw new FailureWithFindings({ ...found, mended: false }, ...stuck.map((release) => stuckLine(name, release)));
  }
  await removeRecords(api, stuck);
  const none = `None of the ${String(ours.length)} releases is stuck.`;
  return {
    json: { ...found, mended: stuck.length > 0 },
    text: () => `${stuck.length === 0 ? none : mendedText(name, stuck)}\n`,
  };
}

/** Helm's label of the revision is a text, as every label. */
function typed({ revision, ...release }: StuckRelease): object {
  return { ...release, revision: Number(revision) };
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
