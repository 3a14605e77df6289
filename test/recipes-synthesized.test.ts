import { App, Testing } from "cdktf";

import { environmentSpecs, RetoolStack } from "../stacks";
import { recipeNamed, recipeNames } from "../scripts/recipes/recipe";
import { Synthesized } from "./support/synthesize";

const synthesized = async (name: string): Promise<ReadonlyMap<string, Synthesized>> => {
  const app = new App({ skipValidation: true });
  const { environments } = await recipeNamed(name);
  const { specs, violations } = environmentSpecs(app, environments);
  expect(violations).toEqual([]);
  return new Map(
    specs.map((spec) => [
      spec.name,
      new Synthesized(JSON.parse(Testing.synth(new RetoolStack(app, spec))) as Synthesized["json"]),
    ]),
  );
};

describe("the recipes, synthesized", () => {
  test.each(recipeNames())("%s", async (name) => {
    const stacks = await synthesized(name);

    for (const stack of stacks.values()) {
      expect(stack.all("helm_release").map((release) => release["name"])).toContain("retool");
      expect(stack.only("aws_lb")).toBeDefined();
    }
    expect(stacks.size).toBeGreaterThan(0);
  });
});

describe("GovCloud, synthesized", () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = (await synthesized("govcloud")).get("prod")!;
  });

  test("names no resource, policy or principal of the commercial partition", () => {
    const text = stack.text();

    expect(text.match(/arn:aws:/g)).toBeNull();
    expect(text.match(/arn:aws-us-gov:/g)?.length).toBeGreaterThan(20);
    expect(text).not.toMatch(/us-east-1|us-west-2/);
  });

  test("has no zone of Route 53, which has no public ones there", () => {
    expect(
      stack.addresses().filter((address) => address.startsWith("aws_route53_") && !address.includes("resolver")),
    ).toEqual([]);
    expect(stack.json["data"]).not.toHaveProperty("aws_route53_zone");
  });
});
