import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { recipeFiles } from "./recipes/files";

/** Writes the index of the recipes, and what each costs into its file. */
async function main(): Promise<void> {
  for (const [path, text] of Object.entries(await recipeFiles())) writeFileSync(join(__dirname, "..", path), text);
}

void main();
