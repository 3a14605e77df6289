import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { CONTRACTS, FACT_FILES, factsOf, FACTS, hasContracts } from "../support/contract-facts";

if (!hasContracts) {
  process.stdout.write(
    `the facts about charts are not compared with the charts' whole interfaces: there is no ${CONTRACTS}\n`,
  );
}

(hasContracts ? describe : describe.skip)("the facts about charts and custom resources", () => {
  test.each(FACT_FILES)("%s are those of the whole interface", (file) => {
    const text = `${JSON.stringify(factsOf(file), null, 1)}\n`;
    const path = join(FACTS, file);
    if (process.env["UPDATE_GOLDEN"] === "1") {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }

    expect(readFileSync(path, "utf8")).toBe(text);
  });
});

test("hold no prose", () => {
  const long = FACT_FILES.flatMap((file) => readFileSync(join(FACTS, file), "utf8").split("\n")).filter(
    (line) => (line.match(/ /g) ?? []).length > 8 && /"[^"]*[a-z]+ [a-z]+ [a-z]+ [a-z]+[^"]*"/.test(line),
  );

  expect(long).toEqual([]);
});
