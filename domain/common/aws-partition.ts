/** Names the AWS partition of a region, the second part of every ARN in it. */
export function awsPartition(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Writes the ARN of a policy that AWS keeps. */
export function managedPolicyArn(region: string, name: string): string {
  return `arn:${awsPartition(region)}:iam::aws:policy/${name}`;
}
