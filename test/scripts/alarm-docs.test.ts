import { readFileSync } from "node:fs";
import { join } from "node:path";

import { withAlarms } from "../../scripts/alarm-docs";
import { ROOT } from "../support/run";

const page = readFileSync(join(ROOT, "docs", "guides", "observability.md"), "utf8");

describe("the alarms of the guide", () => {
  test("are those of a plan: npm run docs:alarms writes them", () => {
    expect(withAlarms(page)).toBe(page);
  });

  test("would not stay wrong", () => {
    const wrong = page.replace("below 30 days", "below 3 days");

    expect(wrong).not.toBe(page);
    expect(withAlarms(wrong)).toBe(page);
  });
});
