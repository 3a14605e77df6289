import { awsPartition } from "./aws-partition";
import type { EnvironmentContext } from "./context";
import type { Problem } from "./violation";

const ROLE_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/[\w+=,.@/-]+$/;

/** Finds what is not the ARN of an IAM role. */
export function roleArnProblem(arn: string): Problem | undefined {
  if (ROLE_ARN.test(arn)) return undefined;
  return {
    problem: `"${arn}" is not the ARN of an IAM role`,
    remedy: 'use one such as "arn:aws:iam::111122223333:role/name"',
  };
}

/** Finds a role that is not in the environment's own account and partition. */
export function ownRoleProblem(
  arn: string,
  { account, region }: Pick<EnvironmentContext, "account" | "region">,
): Problem | undefined {
  const [, partition = "", itsAccount = ""] = ROLE_ARN.exec(arn) ?? [];
  const own = awsPartition(region);
  if (partition === own && itsAccount === account) return undefined;
  return {
    problem: `"${arn}" is a role in account ${itsAccount} of the partition ${partition}`,
    remedy: `use a role in the environment's own account: arn:${own}:iam::${account}:role/...`,
  };
}
