import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { drawStack } from "./diagram-draw";

/** Writes docs/diagram.svg and docs/diagram.mmd: the stack `prod` as it is synthesized now. */
async function main(): Promise<void> {
  for (const [file, text] of Object.entries(await drawStack("prod"))) {
    writeFileSync(join(__dirname, "..", "docs", file), text);
    process.stdout.write(`docs/${file}\n`);
  }
}

void main();
