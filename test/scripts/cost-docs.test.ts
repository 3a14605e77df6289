import { readFileSync } from "node:fs";
import { join } from "node:path";

import { costPicture, withCosts, withSummary } from "../../scripts/cost-docs";
import { ROOT } from "../support/run";

const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");

const page = read("docs", "guides", "costs.md");

describe("the figures of the documents", () => {
  test("are those that are computed today: npm run docs:cost writes them", () => {
    expect(withCosts(page)).toBe(page);
    expect(withSummary(read("README.md"))).toBe(read("README.md"));
    expect(costPicture()).toBe(read("docs", "cost.svg"));
  });

  test("would not stay wrong", () => {
    for (const [figure, other] of [
      [/(EKS control plane +\| +)73/, "$174"],
      [/767 for the firewall/, "766 for the firewall"],
    ] as const) {
      const wrong = page.replace(figure, other);

      expect(wrong).not.toBe(page);
      expect(withCosts(wrong)).toBe(page);
    }
  });

  test("of a firewall and of a database agree with the prices", () => {
    expect(read("docs", "guides", "egress.md")).toContain(`${Math.round((0.395 - 0.045) * 730)} USD a zone`);
    expect(read("docs", "guides", "ways-out.md")).toContain("about 270 USD");
  });
});
