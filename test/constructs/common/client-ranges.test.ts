import { clientRanges, rangeId } from "../../../constructs/common/client-ranges";

test("machines of every range of the VPC connect, except of those that are for sandboxes", () => {
  const vpc = { vpcCidr: "10.0.0.0/24", secondaryCidrs: ["10.1.0.0/16", "100.64.0.0/16"] };

  expect(clientRanges({ vpcCidr: "10.0.0.0/24" })).toEqual(["10.0.0.0/24"]);
  expect(clientRanges(vpc)).toEqual(["10.0.0.0/24", "10.1.0.0/16", "100.64.0.0/16"]);
  expect(clientRanges({ ...vpc, sandboxCidrs: ["100.64.0.0/16"] })).toEqual(["10.0.0.0/24", "10.1.0.0/16"]);
});

test("the rule of the primary range has the id that it always had", () => {
  expect([0, 1, 2].map((index) => rangeId("FromVpc", index))).toEqual(["FromVpc", "FromVpc1", "FromVpc2"]);
});
