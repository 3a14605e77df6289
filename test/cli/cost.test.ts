import { costReport } from "../../cli/cost";
import { compareSizes } from "../../cli/cost-sizes";
import { listPrices } from "../../domain/cost/prices";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prod } from "../support/environments/prod";

const GOVCLOUD: Partial<EnvironmentSpec> = {
  region: "us-gov-west-1",
  dns: {
    kind: "none",
    certificateArn: "arn:aws-us-gov:acm:us-gov-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
  },
};
const text = (spec: Partial<EnvironmentSpec>): string => {
  const whole = { ...prod, ...spec };
  return costReport("prod", whole, listPrices(whole.region)).text();
};
/** The text without its line breaks. */
const flat = (spec: Partial<EnvironmentSpec>): string => text(spec).replaceAll(/\s+/g, " ");

describe("cost", () => {
  test.each([
    ["eu-central-1", { region: "eu-central-1" }, "An estimate for eu-central-1: every price is of us-east-1, where"],
    ["GovCloud", GOVCLOUD, "An estimate for us-gov-west-1: all but EC2's are prices of us-east-1, where"],
  ])("says first that prices of %s are an estimate, and which", (_, spec, note) => {
    expect(flat(spec).slice(0, 250)).toContain(note);
  });

  test("says of prices that were written down by hand that they were, and of others not", () => {
    const asked = { region: "us-east-1", date: "2026-11-20", source: "AWS price list" } as const;
    const report = costReport("prod", prod, (key) => ({
      usd: 1,
      unit: "hour",
      ...listPrices("us-east-1")(key),
      ...asked,
    }));

    expect(flat({})).toMatch(/2026-06-30: written down by hand, so compare them with --live before a decision, from/);
    expect(report.text()).toMatch(/\nPrices\n {2}- us-east-1, 2026-11-20: AWS price list\n$/);
  });

  test("names the types that are not offered, and no estimate where there is none", () => {
    expect(flat(GOVCLOUD)).toContain(
      "Without a price in us-gov-west-1, and not counted m7a.2xlarge, m6a.2xlarge; the region seems not to offer them",
    );
    expect(flat({})).not.toMatch(/estimate for|Without a price/);
  });

  test.each([
    ["20,many", "--builders: is not a list of whole numbers; write them with commas, such as 20,50,200"],
    ["20,", "--builders: is not a list of whole numbers; write them with commas, such as 20,50,200"],
    ["0,20", "--builders: 0 is below the minimum of a comparison; use 1 or more"],
  ])("refuses to compare %s builders", (builders, refusal) => {
    expect(() => compareSizes(prod, listPrices(prod.region), { builders, svg: undefined })).toThrow(refusal);
  });

  test("fits into 80 columns", () => {
    const spec: Partial<EnvironmentSpec> = {
      egress: { level: "firewall" },
      retoolDatabase: "dedicated",
      sandbox: { purchaseOption: "spot" },
      backup: { copyTo: { region: "us-west-2" } },
    };

    expect(
      text(spec)
        .split("\n")
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });
});
