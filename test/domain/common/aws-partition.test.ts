import { awsPartition, managedPolicyArn } from "../../../domain/common/aws-partition";

describe("awsPartition", () => {
  test.each([
    ["us-east-1", "aws"],
    ["eu-central-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("%s is in %s", (region, partition) => {
    expect(awsPartition(region)).toBe(partition);
  });

  test("a managed policy is in the partition of the region", () => {
    expect(managedPolicyArn("us-gov-west-1", "AmazonEKSClusterPolicy")).toBe(
      "arn:aws-us-gov:iam::aws:policy/AmazonEKSClusterPolicy",
    );
  });
});
