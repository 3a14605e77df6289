import { type CostPlan, costOf } from "../domain/cost/cost";
import { listPrices } from "../domain/cost/prices";
import type { EnvironmentPlan } from "../domain/environment/environment";

/** What an environment costs at the prices that are known offline. */
export function listCost(plan: EnvironmentPlan): CostPlan {
  return costOf(plan, listPrices(plan.context.region));
}
