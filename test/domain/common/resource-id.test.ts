import { shapeViolations } from "../../../domain/common/shape";
import { resourceId } from "../../../domain/common/resource-id";

describe("resourceId", () => {
  test.each(["vpc-0a1b2c3d", "vpc-0a1b2c3d4e5f60711"])("takes %s", (id) => {
    expect(resourceId("vpc").safeParse(id).success).toBe(true);
  });

  test.each(["vpc-0a1b2c3", "vpc-0A1B2C3D", "subnet-0a1b2c3d", "vpc", ""])("refuses %j with a form to follow", (id) => {
    expect(shapeViolations(resourceId("vpc"), id, "network.vpcId")).toEqual([
      {
        path: "network.vpcId",
        problem: `"${id}" is not the id of a VPC`,
        remedy: 'use an id such as "vpc-0a1b2c3d4e5f60711"',
      },
    ]);
  });
});
