import { clientRanges, rangeId } from "../../../constructs/common/client-ranges";

test("machines of every range of the VPC connect, except of those that are for sandboxes", () => {
  const vpc = { vpcCidr: "10.0.0.0/24", secondaryCidrs: ["10.1.0.0/16", "100.64.0.0/16"] };

  expect(clientRanges({ vpcCidr: "10.0.0.0/24" })).toEqual(["10.0.0.0/24"]);
  expect(clientRanges(vpc)).toEqual(["10.0.0.0/24", "10.1.0.0/16", "100.64.0.0/16"]);
  expect(clientRanges({ ...vpc, sandboxCidrs: ["100.64.0.0/16"] })).toEqual(["10.0.0.0/24", "10.1.0.0/16"]);
});

test("a range that is named twice has one rule", () => {
  expect(
    clientRanges({ vpcCidr: "10.0.0.0/24", secondaryCidrs: ["10.0.0.0/24", "10.1.0.0/16", "10.1.0.0/16"] }),
  ).toEqual(["10.0.0.0/24", "10.1.0.0/16"]);
});

test("the rule of the primary range has the id that it always had, others that of their range", () => {
  const vpc = { vpcCidr: "10.0.0.0/24" };

  expect(rangeId("FromVpc", vpc, "10.0.0.0/24")).toBe("FromVpc");
  expect(rangeId("FromVpc", vpc, "10.1.0.0/16")).toBe("FromVpc-10.1.0.0-16");
});
