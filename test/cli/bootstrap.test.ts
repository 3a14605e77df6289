import { stateBucketPolicy } from "../../cli/bootstrap";

describe("the policy of a bucket of state", () => {
  test.each([
    ["us-east-1", "aws"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("names the bucket of %s in the partition %s", (region, partition) => {
    expect(stateBucketPolicy({ bucket: "state", region })).toMatchObject({
      Statement: [{ Effect: "Deny", Resource: [`arn:${partition}:s3:::state`, `arn:${partition}:s3:::state/*`] }],
    });
  });
});
