import { readFileSync } from "node:fs";
import { join } from "node:path";

import { constructsPage } from "../../scripts/construct-docs";

const ROOT = join(__dirname, "..", "..");

describe("docs/constructs.md", () => {
  const page = constructsPage();
  const unformatted = (text: string): string => text.replaceAll(/[\s,]+/g, "");

  test("says of each construct what its source says", () => {
    expect(unformatted(readFileSync(join(ROOT, "docs", "constructs.md"), "utf8"))).toBe(unformatted(page));
  });

  test("has every construct that the package exports, with an example that makes it", () => {
    const index = readFileSync(join(ROOT, "library", "index.ts"), "utf8");
    const own = index.split("\n").filter((line) => line.includes(`from "./`));
    const constructs = [...own.join("\n").matchAll(/ (\w+), type \1Props\b/g)].map(([, name = ""]) => name);

    expect(constructs.length).toBeGreaterThan(12);
    for (const name of constructs) {
      const [, section = ""] = page.split(`## ${name}\n`);
      expect(section.split("\n## ")[0]).toContain(`new ${name}(`);
    }
  });
});
