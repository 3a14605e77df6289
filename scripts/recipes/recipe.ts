import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type CostPlan, costOf } from "../../domain/cost/cost";
import { listPrices } from "../../domain/cost/prices";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";

const RECIPES = join(__dirname, "..", "..", "docs", "recipes");

/** A complete configuration for one situation. */
export interface Recipe {
  /** Name of its file, without the ending. */
  readonly name: string;
  /** Its file. */
  readonly text: string;
  /** Its environments, by the name of their constant. */
  readonly environments: Readonly<Record<string, EnvironmentSpec>>;
}

/** Names of all recipes. */
export function recipeNames(): readonly string[] {
  return readdirSync(RECIPES)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();
}

/** Reads a recipe. */
export async function recipeNamed(name: string): Promise<Recipe> {
  const path = join(RECIPES, `${name}.ts`);
  const environments = (await import(path)) as Record<string, EnvironmentSpec>;
  // With ECMAScript modules there is one more entry, the module itself.
  const own = Object.entries(environments).filter(([key]) => key !== "default" && key !== "module.exports");
  return { name, text: readFileSync(path, "utf8"), environments: Object.fromEntries(own) };
}

/** What the environments of a recipe cost together, USD a month. */
export function costOfRecipe({ environments }: Recipe): CostPlan["total"] {
  const totals = Object.values(environments).map((spec) => {
    const plan = planEnvironment(spec);
    return costOf(plan, listPrices(plan.context.region)).total;
  });
  const sum = (key: keyof CostPlan["total"]): number => totals.reduce((all, total) => all + total[key], 0);
  return { atRest: sum("atRest"), workingDays: sum("workingDays"), atMost: sum("atMost") };
}
