import { awsPartition } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import { boundedName, roleNamePrefix } from "../common/names";
import type { Problem, Violation } from "../common/violation";

/** What every role, instance profile and policy of an environment has. */
export interface IamPlan {
  /** ARN of the policy that limits every role; absent where none does. */
  readonly permissionsBoundary?: string;
  /** Path, with a slash at both ends. */
  readonly path: string;
  /** Beginning of every name; empty where the organization asks for none. */
  readonly rolePrefix: string;
}

/** The rules of an account without an organization. */
export const NO_IAM_RULES: IamPlan = { path: "/", rolePrefix: "" };

const POLICY_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/;
const LONGEST_PATH = 512;
const LONGEST_ROLE_PREFIX = 20;

/** Finds what is not the ARN of an IAM policy. */
export function policyArnProblem(arn: string): Problem | undefined {
  if (POLICY_ARN.test(arn)) return undefined;
  return {
    problem: `"${arn}" is not the ARN of an IAM policy`,
    remedy:
      'use one such as "arn:aws:iam::111122223333:policy/boundary", which begins with "arn:aws-us-gov" in GovCloud and "arn:aws-cn" in China',
  };
}

/**
 * Finds what is not a path of IAM.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function iamPathProblem(path: string): Problem | undefined {
  const remedy = `use "/", or up to ${LONGEST_PATH} letters, digits and + = , . @ _ - between slashes, such as "/retool/"`;
  if (path.length <= LONGEST_PATH && /^\/([\w+=,.@-]+\/)*$/.test(path)) return undefined;
  return { problem: `"${path}" is not a path of IAM, which begins and ends with a slash`, remedy };
}

/** Finds what cannot begin the name of a role. */
export function rolePrefixProblem(prefix: string): Problem | undefined {
  if (prefix.length <= LONGEST_ROLE_PREFIX && /^[\w+=,.@-]*$/.test(prefix)) return undefined;
  return {
    problem: `"${prefix}" cannot be the prefix of role names`,
    remedy: `use at most ${LONGEST_ROLE_PREFIX} letters, digits and + = , . @ _ -`,
  };
}

/** Refuses a boundary of another account or partition, which IAM cannot attach. */
export function boundaryViolations(
  { permissionsBoundary: given = "" }: IamPlan,
  { account, region }: EnvironmentContext,
): Violation[] {
  const [, partition = "", owner = ""] = POLICY_ARN.exec(given) ?? [];
  const own = awsPartition(region);
  if (given === "" || (partition === own && [account, "aws"].includes(owner))) return [];
  return [
    {
      path: "iam.permissionsBoundary",
      problem: `"${given}" is a policy of account ${owner} in the partition ${partition}`,
      remedy: `use a policy of the environment's own account: arn:${own}:iam::${account}:policy/...`,
    },
  ];
}

/** Name of a role, instance profile or policy with the organization's prefix, within a number of characters. */
export function iamName({ rolePrefix }: Pick<IamPlan, "rolePrefix">, name: string, limit: number): string {
  return boundedName(`${rolePrefix}${name}`, limit);
}

/** Beginning of the name of a role whose end the AWS provider generates. */
export function iamNamePrefix({ rolePrefix }: Pick<IamPlan, "rolePrefix">, prefix: string): string {
  return roleNamePrefix(`${rolePrefix}${prefix.replace(/-$/, "")}`);
}
