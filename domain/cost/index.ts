export { costOf, type CostPlan } from "./cost";
export { type Lever, leversOf } from "./levers";
export type { CostLine, CostPart, MonthlyCost } from "./line";
export { listPrices, type Price, type PriceBook } from "./prices";
