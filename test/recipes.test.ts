import { readFileSync } from "node:fs";
import { join } from "node:path";

import { compare } from "semver";

import { checkEnvironment } from "../domain/environment/environment";
import { formatViolation } from "../domain/common/violation";
import { neighbourViolations } from "../domain/environment/neighbours";
import { versions } from "../domain/versions/pins";
import { lineOf, parseRetoolVersion } from "../domain/versions/retool";
import { STABLE_LINES } from "../domain/versions/retool-releases";
import { recipeFiles } from "../scripts/recipes/files";
import { costOfRecipe, type Recipe, recipeNamed, recipeNames } from "../scripts/recipes/recipe";
import { ROOT } from "./support/run";

describe("the recipes", () => {
  const all = new Map<string, Recipe>();
  beforeAll(async () => {
    for (const name of recipeNames()) all.set(name, await recipeNamed(name));
  });
  const named = (name: string): Recipe => all.get(name)!;

  test("answer the demands that guides are asked about", () => {
    expect(recipeNames()).toEqual([
      ...["another-region", "builders-200", "deploy-role", "existing-cluster", "extra-helm-values", "govcloud"],
      ...["landing-zone", "mcp-agents-multiplayer", "non-production", "private-only", "registry-mirror"],
      ...["shared-subnets", "sign-in-google", "sign-in-okta", "sign-in-saml", "small-production", "smtp"],
      ...["snowflake-and-databases", "temporal-cloud", "temporal-self-hosted", "three-small-subnets", "two-instances"],
    ]);
  });

  test.each(recipeNames())("%s is accepted, with every environment next to the others", (name) => {
    const planned = Object.entries(named(name).environments).map(
      ([key, spec]) => [key, checkEnvironment(spec)] as const,
    );
    const violations = planned.flatMap(([, checked]) => checked.violations);
    const plans = Object.fromEntries(planned.map(([key, { plan }]) => [key, plan]));

    expect(planned.length).toBeGreaterThan(0);
    expect([...violations, ...neighbourViolations(plans)].map(formatViolation)).toEqual([]);
  });

  test.each(recipeNames())("%s names its environments like their constants", (name) => {
    expect(Object.values(named(name).environments).map((spec) => spec.name)).toEqual(
      Object.keys(named(name).environments),
    );
  });

  test("run the newest stable line for which Retool's pages name a chart, and that chart is not newer than ours", () => {
    const { line, minimumChart = "" } = STABLE_LINES.filter((one) => one.minimumChart !== undefined).at(-1)!;
    const specs = [...all.values()].flatMap(({ environments }) => Object.values(environments));

    expect(compare(minimumChart, versions.charts.retool.version)).toBeLessThanOrEqual(0);
    expect([...new Set(specs.map(({ retoolVersion }) => lineOf(parseRetoolVersion(retoolVersion)!)))]).toEqual([line]);
  });

  test.each([
    ["non-production", 450],
    ["small-production", 900],
  ])("%s costs less than $%s a month on working days, and the page says how much", (name, most) => {
    const { workingDays } = costOfRecipe(named(name));
    const printed = Math.round(workingDays / 10) * 10;

    expect(workingDays).toBeLessThan(most);
    expect(workingDays).toBeGreaterThan(most / 2);
    expect(named(name).text).toContain(`${printed} with working days.`);
  });

  test("are written down with their costs: `npm run docs:recipes` changes nothing", async () => {
    for (const [path, text] of Object.entries(await recipeFiles())) {
      expect([path, readFileSync(join(ROOT, path), "utf8")]).toEqual([path, text]);
    }
  });
});
