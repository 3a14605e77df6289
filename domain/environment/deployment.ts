import type { EnvironmentContext } from "../common/context";
import { ownRoleProblem } from "../common/role-arn";
import type { Violation } from "../common/violation";
import type { EnvironmentSpec } from "./spec";

/** Refuses to deploy through a role that is not in the environment's own account. */
export function deployRoleViolations({ deployRoleArn, account, region }: EnvironmentSpec): Violation[] {
  const problem = deployRoleArn === undefined ? undefined : ownRoleProblem(deployRoleArn, { account, region });
  return problem === undefined ? [] : [{ path: "deployRoleArn", ...problem }];
}

/** Refuses a production whose data may be deleted. */
export function protectionViolations({ name, dataProtection }: EnvironmentContext): Violation[] {
  if (name !== "prod" || dataProtection !== "disposable") return [];
  return [
    {
      path: "dataProtection",
      problem: '"disposable" would delete the data of an environment named "prod"',
      remedy: 'use "protected", or use another name for the environment',
    },
  ];
}
