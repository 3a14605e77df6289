import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { drawStack } from "./diagram-draw";

/** Writes docs/diagram.svg: the stack `prod` as it is synthesized now. */
async function main(): Promise<void> {
  writeFileSync(join(__dirname, "..", "docs", "diagram.svg"), await drawStack("prod"));
  process.stdout.write("docs/diagram.svg\n");
}

void main();
