import type { EnvironmentSpec } from "./spec";
import type { Violation } from "../common/violation";

/** What identifies an environment: its name, account and region. */
export type Identity = Pick<EnvironmentSpec, "name" | "account" | "region">;

interface Rule {
  readonly key: keyof Identity;
  readonly pattern: RegExp;
  readonly problem: string;
  readonly remedy: string;
}

const RULES: readonly Rule[] = [
  {
    key: "name",
    pattern: /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/,
    problem: "is not a name that every AWS resource accepts",
    remedy: "use 1 to 20 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
  },
  {
    key: "account",
    pattern: /^\d{12}$/,
    problem: "is not an AWS account id",
    remedy: "use the twelve digits that `aws sts get-caller-identity` prints",
  },
  {
    key: "region",
    pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
    problem: "is not an AWS region",
    remedy: 'use a region name such as "us-east-1"',
  },
  {
    key: "region",
    // Names of services, endpoints and certificates differ there, and none of Retool's hosts is inside.
    pattern: /^(?!cn-|us-iso)/,
    problem: "is in a partition of AWS that has other service names",
    remedy: "use a region outside China and the isolated partitions",
  },
];

/** Checks the name, the account and the region of an environment. */
export function identityViolations(identity: Identity): Violation[] {
  return RULES.filter(({ key, pattern }) => !pattern.test(identity[key])).map(({ key, problem, remedy }) => ({
    path: key,
    problem: `"${identity[key]}" ${problem}`,
    remedy,
  }));
}
