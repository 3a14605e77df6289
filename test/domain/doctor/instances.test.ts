import { instanceFindings, poolsOf } from "../../../domain/doctor/instances";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";

const plan = planEnvironment(prod);

describe("instances", () => {
  const pools = [{ name: "system", types: ["m6i.large"], setting: "cluster.systemNodes.instanceTypes" }];
  const LIST =
    "add types that the region has to cluster.systemNodes.instanceTypes; aws ec2 describe-instance-type-offerings --location-type availability-zone lists them";

  test.each([
    [{ known: { "m6i.large": ["a", "b", "c"] } }, "good every pool has types in 3 zones or more"],
    [
      { known: { "m6i.large": ["us-east-1a"] } },
      `warning pool system: m6i.large are offered only in us-east-1a; pods that spread over zones find no node in the others; ${LIST}`,
    ],
    [
      { known: {} },
      `problem pool system: m6i.large are offered in no zone of the region; no node of it can be launched; ${LIST}`,
    ],
  ])("%j", (offerings, expected) => {
    expect(texts(instanceFindings(pools, 3, offerings))).toEqual([expected]);
  });

  test("of every pool of the plan are asked for", () => {
    expect(poolsOf(plan).map(({ name }) => name)).toEqual(expect.arrayContaining(["system", "retool", "sandbox"]));
  });
});
