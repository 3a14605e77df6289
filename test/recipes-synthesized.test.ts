import { App, Testing } from "cdktf";

import { type CostPlan, costOf } from "../domain/cost/cost";
import { listPrices } from "../domain/cost/prices";
import { planEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { environmentSpecs, RetoolStack } from "../stacks";
import { recipeNamed, recipeNames } from "../scripts/recipes/recipe";
import { prod } from "./support/environments/prod";
import { staging } from "./support/environments/staging";
import { missingByUse, systemNodes, unitsCounted, unitsMade, unknownTypes } from "./support/priced-resources";
import { Synthesized } from "./support/synthesize";

interface Stack {
  readonly stack: Synthesized;
  readonly cost: CostPlan;
}

const stacksOf = (environments: Readonly<Record<string, EnvironmentSpec>>): ReadonlyMap<string, Stack> => {
  const app = new App({ skipValidation: true });
  const { specs, violations } = environmentSpecs(app, environments);
  expect(violations).toEqual([]);
  return new Map(
    specs.map((spec) => {
      const stack = new Synthesized(JSON.parse(Testing.synth(new RetoolStack(app, spec))) as Synthesized["json"]);
      return [spec.name, { stack, cost: costOf(planEnvironment(spec), listPrices(spec.region)) }];
    }),
  );
};

const synthesized = async (name: string): Promise<ReadonlyMap<string, Stack>> =>
  stacksOf((await recipeNamed(name)).environments);

/** What is made is counted, and what is counted is made. */
const expectWholeCost = ({ stack, cost }: Stack): void => {
  expect(unknownTypes(stack)).toEqual([]);
  expect(unitsCounted(cost)).toEqual(unitsMade(stack));
  expect(missingByUse(stack, cost)).toEqual([]);
  const { counted, made } = systemNodes(stack, cost);
  expect(counted).toEqual(made);
};

describe("the recipes, synthesized", () => {
  test.each(recipeNames())("%s", async (name) => {
    const stacks = await synthesized(name);

    for (const each of stacks.values()) {
      expect(each.stack.all("helm_release").map((release) => release["name"])).toContain("retool");
      expect(each.stack.only("aws_lb")).toBeDefined();
      expectWholeCost(each);
    }
    expect(stacks.size).toBeGreaterThan(0);
  });
});

describe("GovCloud, synthesized", () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = (await synthesized("govcloud")).get("prod")!.stack;
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

describe("what other environments cost is what they make", () => {
  const everything: EnvironmentSpec = {
    ...prod,
    region: "eu-central-1",
    frontDoor: { waf: { kind: "block" } },
    clusterAccess: "private",
    bastion: true,
    egress: { level: "firewall" },
    retoolDatabase: "dedicated",
    sandbox: { purchaseOption: "spot" },
    backup: { copyTo: { region: "eu-west-1", retentionDays: 7 }, lock: "governance" },
    observability: { logs: { kind: "cloudwatch", auditBucketDays: 400 } },
  };
  const little: EnvironmentSpec = {
    ...prod,
    database: { kind: "existing", host: "db.example.com", secret: "retool/database", addresses: ["10.20.0.0/24"] },
    blobStorage: { kind: "gcs", bucket: "acme-retool", credentials: "retool/gcs" },
    network: { nat: "none", zones: 2 },
    egress: { level: "open" },
    observability: { logs: { kind: "off" }, alarms: { kind: "off" }, dashboard: false },
  };

  test.each(Object.entries({ prod, staging, everything, little }))("%s", (_, spec) => {
    const [stack] = stacksOf({ [spec.name]: spec }).values();

    expectWholeCost(stack!);
  });
});
