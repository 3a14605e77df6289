import { type CostPlan, costOf } from "../domain/cost/cost";
import { HOME_REGION, listPrices } from "../domain/cost/prices";
import type { EnvironmentPlan } from "../domain/environment/environment";

/** What an environment costs at the prices that are known offline. */
export function listCost(plan: EnvironmentPlan): CostPlan {
  return costOf(plan, listPrices(plan.context.region));
}

/** Which prices are of another region than the environment's. */
export interface EstimateNote {
  /** What a title has room for, such as `list prices of us-east-1`. */
  readonly short: string;
  /** What follows the head of a report; empty where every price is the region's. */
  readonly sentence: string;
}

/** Says of which region the prices of a cost are. */
export function estimateNote({ prices, region, estimated }: CostPlan): EstimateNote {
  if (!estimated) return { short: `list prices of ${region}`, sentence: "" };
  const own = Object.keys(prices).filter((key) => prices[key]?.region === region);
  const onlyNodes = own.length > 0 && own.every((key) => key.startsWith("ec2:"));
  const [which, short] =
    own.length === 0
      ? ["every price is", "estimated"]
      : onlyNodes
        ? ["all but EC2's are prices", "all but nodes"]
        : ["some prices are", "partly"];
  return {
    short: `${short} from ${HOME_REGION}`,
    sentence: `. An estimate for ${region}: ${which} of ${HOME_REGION}, where most of AWS is cheapest`,
  };
}
