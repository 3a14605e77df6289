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
