import { Failure } from "./failure";

/**
 * Stops a destroy whose plan misses something that state holds.
 *
 * One failed request while Terraform refreshes is enough for the Helm provider to drop a release from the plan without an
 * error (measured with 3.1.1): its nodes would then outlive the controller that ends them.
 *
 * @throws {@link Failure} naming what the plan misses.
 */
export function assertPlanDestroysAll(state: readonly string[], deletes: readonly string[]): void {
  const planned = new Set(deletes);
  const missing = state.filter((address) => !planned.has(address));
  if (missing.length === 0) return;
  throw new Failure(
    `destroy: the plan leaves out ${String(missing.length)} of ${String(state.length)} resources (${missing.join(", ")}); run the same command again when the Kubernetes API answers, nothing was destroyed`,
  );
}

/**
 * Stops a destroy while state still holds what the stack leaves behind: Terraform honours a `removed` block in an apply
 * alone, and a destroy would take the resource with it (measured with 1.11.4).
 *
 * @throws {@link Failure} naming what has to be forgotten first.
 */
export function assertNothingRetained(state: readonly string[], forgotten: readonly string[]): void {
  const resources = new Set(state.map((address) => address.replace(/\[.*\]$/, "")));
  const held = forgotten.filter((address) => resources.has(address));
  if (held.length === 0) return;
  throw new Failure(
    `destroy: state still holds ${String(held.length)} resources that are to stay (${shortened(held)}); deploy once more, which forgets them, then run the same command again, nothing was destroyed`,
  );
}

const SHOWN = 3;

function shortened(addresses: readonly string[]): string {
  const more = addresses.length - SHOWN;
  return [...addresses.slice(0, SHOWN), ...(more > 0 ? [`and ${String(more)} more`] : [])].join(", ");
}
