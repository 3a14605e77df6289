import { stillProtected } from "../domain/lifecycle/retained-data";
import { Failure } from "./failure";
import type { Terraform } from "./terraform";

/** What {@link planWholeDestroy} asks and tells. */
export interface DestroyWitness {
  /** Addresses among some Helm releases in state that the cluster still holds. */
  readonly existing: (releases: readonly string[]) => Promise<readonly string[]>;
  /** Called with what was found to be gone. */
  readonly say: (text: string) => void;
}

/** Plans after which what is still missing is reported. */
const PLANS = 4;

/**
 * Plans the destruction of everything in state, and gives the addresses that the plan deletes.
 *
 * A plan leaves out what Terraform did not find. Most providers leave out only what is gone; one failed request while Terraform
 * refreshes is enough for the Helm provider to drop a release without an error (measured with 3.1.1), and its nodes would then
 * outlive the controller that ends them. So what two plans in a row leave out is taken out of state, a Helm release only where
 * the cluster has no record of it either; then the plan is made again.
 *
 * @throws {@link Failure} naming what the plan leaves out although it exists; nothing was destroyed then.
 */
export async function planWholeDestroy(
  terraform: Pick<Terraform, "stateList" | "planDestroy" | "forget">,
  planFile: string,
  witness: DestroyWitness,
): Promise<string[]> {
  let before: readonly string[] = [];
  for (let number = 1; ; number += 1) {
    const state = await terraform.stateList();
    const deletes = await terraform.planDestroy(planFile);
    const planned = new Set(deletes);
    const missing = state.filter((address) => !planned.has(address));
    if (missing.length === 0) return deletes;
    if (number === PLANS) throw leftOut(missing, state);
    const gone = await onlyGone(
      missing.filter((address) => before.includes(address)),
      witness,
    );
    if (gone.length > 0) {
      await terraform.forget(gone);
      witness.say(`removed from the state, because it no longer exists: ${gone.join(", ")}`);
    }
    before = missing;
  }
}

async function onlyGone(missing: readonly string[], { existing }: DestroyWitness): Promise<string[]> {
  const releases = missing.filter(isRelease);
  const held = new Set(releases.length === 0 ? [] : await existing(releases));
  return missing.filter((address) => !held.has(address));
}

function isRelease(address: string): boolean {
  return /(^|\.)helm_release\./.test(address);
}

function leftOut(missing: readonly string[], state: readonly string[]): Failure {
  return new Failure(
    `destroy: the plan leaves out ${String(missing.length)} of ${String(state.length)} resources (${missing.join(", ")}); nothing was destroyed; run the same command again when the Kubernetes API is reachable`,
  );
}

/**
 * Takes what stays out of state, so that it remains in the account when the rest is destroyed.
 *
 * @param kept - Addresses of what stays.
 * @throws {@link Failure} where AWS would refuse the destroy half-way, because `dataProtection: "retain"` is not deployed yet.
 */
export async function leaveBehind(
  terraform: Pick<Terraform, "stateList" | "pullState" | "forget">,
  kept: readonly string[],
): Promise<readonly string[]> {
  if (kept.length === 0) return [];
  const guarded = stillProtected(await terraform.pullState(), new Set(kept));
  if (guarded.length > 0) {
    throw new Failure(
      `destroy: AWS still protects ${shortened(guarded)} from deletion, so nothing was destroyed; deploy with "retain" first, then run the same command again`,
    );
  }
  const wanted = new Set(kept);
  const held = (await terraform.stateList()).filter((address) => wanted.has(withoutKey(address)));
  if (held.length > 0) await terraform.forget(held);
  return held;
}

/**
 * Stops a destroy whose plan takes something that is to stay.
 *
 * @throws {@link Failure} naming it.
 */
export function assertPlanKeeps(kept: readonly string[], deletes: readonly string[]): void {
  const resources = new Set(deletes.map(withoutKey));
  const lost = kept.filter((address) => resources.has(address));
  if (lost.length === 0) return;
  throw new Failure(
    `destroy: the plan deletes ${shortened(lost)}, which must stay, so nothing was destroyed; please report this with the plan`,
  );
}

function withoutKey(address: string): string {
  return address.replace(/\[.*\]$/, "");
}

const SHOWN = 3;

function shortened(addresses: readonly string[]): string {
  const more = addresses.length - SHOWN;
  return [...addresses.slice(0, SHOWN), ...(more > 0 ? [`and ${String(more)} more`] : [])].join(", ");
}
