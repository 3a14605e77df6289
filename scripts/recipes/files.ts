import { dollars } from "../../cli/money";
import { costOfRecipe, type Recipe, recipeNamed, recipeNames } from "./recipe";

/** The comment at the head of a recipe that says what it costs. */
const COSTS = /^\/\/ Costs .*\n/m;

/** Index and recipes as `npm run docs:recipes` writes them: each recipe with what it costs, by the path of its file. */
export async function recipeFiles(): Promise<Readonly<Record<string, string>>> {
  const all = await Promise.all(recipeNames().map(recipeNamed));
  const files = all.map((recipe) => [`docs/recipes/${recipe.name}.ts`, withCosts(recipe)] as const);
  return { ...Object.fromEntries(files), "docs/recipes/README.md": page(all) };
}

/** The first sentence of a recipe: what it is. */
function titleOf({ text }: Recipe): string {
  return comment(text)[0]?.replace(/\.$/, "") ?? "";
}

function page(all: readonly Recipe[]): string {
  const rows = all.map((recipe) => {
    const { atRest, workingDays } = costOfRecipe(recipe);
    return `| [${titleOf(recipe)}](${recipe.name}.ts) | ${whenOf(recipe)} | ${rounded(atRest)} | ${rounded(workingDays)} |`;
  });
  return `${HEAD}\n\n${table(["recipe", "when", "at rest", "working days"], rows)}\n`;
}

const HEAD = `# Recipes

Each is a complete environment: copy the file into \`config/\`, change \`../../domain\` to \`../domain\`, put your own account, region,
names and addresses in, and list the environment in \`config/index.ts\` (most are called \`prod\`: let the recipe take the place of \`config/prod.ts\`). What is not mentioned has its default ([every setting](../settings.md)).
Recipes combine: each adds one or two settings to the same basis.

Costs are USD a month at list prices, as \`npm run cost\` prints them. A test plans and synthesizes every recipe; \`npm run docs:recipes\` writes
this page and the costs in the files.`;

function table(head: readonly string[], rows: readonly string[]): string {
  const cells = rows.map((row) => row.slice(2, -2).split(" | "));
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...cells.map(line)].join("\n");
}

function withCosts(recipe: Recipe): string {
  const { atRest, workingDays } = costOfRecipe(recipe);
  const costs = `// Costs about ${rounded(atRest)} USD a month at rest, ${rounded(workingDays)} with working days.\n`;
  const rest = recipe.text.replace(COSTS, "");
  return rest.replace(/^(?!\/\/)/m, costs);
}

function rounded(amount: number): string {
  return dollars(Math.round(amount / 10) * 10);
}

/** The first sentence of the paragraph that says when to use a recipe. */
function whenOf({ text }: Recipe): string {
  const when = comment(text).join(" ");
  return /When: (.*?)[.:;](?: |$)/.exec(when)?.[1] ?? "";
}

function comment(text: string): string[] {
  const lines = text.split("\n");
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith("//")),
    )
    .map((line) => line.replace(/^\/\/ ?/, ""));
}
