import { capacityTypes } from "../../../domain/nodes/capacity-types";

test.each([
  ["on-demand", ["on-demand"]],
  ["spot", ["spot", "on-demand"]],
] as const)("a pool of %s nodes launches %j", (purchaseOption, types) => {
  expect(capacityTypes(purchaseOption)).toEqual(types);
});
