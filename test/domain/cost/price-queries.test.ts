import { foundPrice, type FoundPrice, priceQuery } from "../../../domain/cost/price-queries";
import { product } from "../../support/price-list";

const found = (key: string, ...PriceList: readonly string[]): FoundPrice | undefined =>
  foundPrice({ PriceList }, priceQuery(key, "eu-west-1")!);

describe("priceQuery", () => {
  test("asks for an instance, a database and a service in the region", () => {
    expect(priceQuery("ec2:m6a.2xlarge", "eu-west-1")).toMatchObject({
      serviceCode: "AmazonEC2",
      filters: { instanceType: "m6a.2xlarge", regionCode: "eu-west-1", operatingSystem: "Linux", tenancy: "Shared" },
    });
    expect(priceQuery("rds:db.m7g.large", "eu-west-1")).toMatchObject({
      serviceCode: "AmazonRDS",
      filters: { instanceType: "db.m7g.large", databaseEngine: "PostgreSQL", deploymentOption: "Single-AZ" },
    });
    expect(priceQuery("nat:hour", "eu-west-1")?.filters).toMatchObject({ regionCode: "eu-west-1" });
  });

  test("asks for nothing that has no product of its kind", () => {
    expect(priceQuery("waf:rule", "eu-west-1")).toBeUndefined();
    expect(priceQuery("anything", "eu-west-1")).toBeUndefined();
  });
});

describe("foundPrice", () => {
  test("is the first tier of the one product of that use", () => {
    const list = [
      product("EU-NatGateway-Hours", ["0", "0.048"], ["1000", "0.03"]),
      product("EU-NatGateway-Bytes", ["0", "0.05"]),
      product("EU-NatGateway-Prvd-Hours", ["0", "9"]),
    ];

    expect(found("nat:hour", ...list)).toEqual({ usd: 0.048, published: "2026-11-20" });
  });

  test("is counted in our units", () => {
    expect(
      found("ebs:gp3-throughput", product("EU-EBS:VolumeP-Throughput.gp3", ["0", "45.056", "GiBps-mo"]))?.usd,
    ).toBe(0.044);
  });

  test.each([
    ["no product", []],
    ["a product of another use", [product("EU-NatGateway-Bytes", ["0", "0.05"])]],
    ["a product that costs nothing", [product("EU-NatGateway-Hours", ["0", "0"])]],
    [
      "two prices, of which one may be wrong",
      [product("EU-NatGateway-Hours", ["0", "0.048"]), product("EUW1-NatGateway-Hours", ["0", "0.06"])],
    ],
    ["a product without terms", [JSON.stringify({ product: { attributes: { usagetype: "EU-NatGateway-Hours" } } })]],
  ])("is unknown with %s", (_, list) => {
    expect(found("nat:hour", ...list)).toBeUndefined();
    expect(foundPrice({}, priceQuery("nat:hour", "eu-west-1")!)).toBeUndefined();
  });
});
