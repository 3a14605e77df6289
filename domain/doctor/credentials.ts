import type { Fact } from "../common/fact";
import { type Finding, good } from "./finding";

/** Who the credentials belong to. */
export interface Identity {
  /** Twelve-digit id of the account. */
  readonly account: string;
  /** ARN of the user or the session. */
  readonly arn: string;
}

const CHECK = "credentials";
const LINK = "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html";

/** Whether the credentials are of the environment's account; what others have is not this environment's. */
export function isOfAccount(account: string, identity: Fact<Identity>): boolean {
  return "known" in identity && identity.known.account === account;
}

/** What stands for the checks of an account that may not be looked into: one cause, one finding. */
export function unaskedFindings(checks: readonly string[]): Finding[] {
  return [
    {
      check: "account",
      grade: "unknown",
      what: `not looked at: ${checks.join(", ")}`,
      why: "this was not checked and may stop the deployment halfway",
      remedy: "fix the `credentials` check first",
    },
  ];
}

/** Judges who would deploy. */
export function credentialFindings(account: string, identity: Fact<Identity>): Finding[] {
  if ("unknown" in identity) return [missing(identity.unknown)];
  const { account: found, arn } = identity.known;
  if (found !== account)
    return [
      {
        check: CHECK,
        grade: "problem",
        what: `the credentials are of account ${found}, the configuration says ${account}`,
        why: "the AWS provider refuses every other account",
        remedy: `use the profile of account ${account}: export AWS_PROFILE=..., or correct account in the configuration`,
        link: LINK,
      },
    ];
  return isRoot(arn)
    ? [
        {
          check: CHECK,
          grade: "warning",
          what: `the credentials are those of the root user of ${account}`,
          why: "nothing limits them, and EKS makes its creator the administrator of the cluster",
          remedy: "deploy as a role",
          link: LINK,
        },
      ]
    : [good(CHECK, arn)];
}

const isRoot = (arn: string): boolean => arn.endsWith(":root");

/** Without credentials nothing can be said of the account: neither good nor a problem of it. */
function missing(reason: string): Finding {
  const base = { check: CHECK, grade: "unknown", why: "nothing in AWS can be made or looked at", link: LINK } as const;
  if (/Unable to locate credentials|NoCredentials/i.test(reason))
    return {
      ...base,
      what: "this shell has no AWS credentials",
      remedy: "log in: aws sso login --profile <profile>, then export AWS_PROFILE=<profile>",
    };
  if (/expired/i.test(reason))
    return { ...base, what: "the AWS credentials have expired", remedy: "log in again: aws sso login" };
  const profile = /config profile \(([^)]{1,64})\) could not be found/.exec(reason)?.[1];
  if (profile !== undefined)
    return {
      ...base,
      what: `AWS_PROFILE names the profile ${profile}, and there is none`,
      remedy: "correct AWS_PROFILE; aws configure list-profiles shows those that exist",
    };
  if (/InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient/.test(reason))
    return { ...base, what: "AWS does not know these credentials", remedy: "log in again, or make new keys" };
  if (reason.includes("not found in PATH"))
    return {
      ...base,
      what: `who deploys could not be found out: ${reason}`,
      remedy: "install the AWS CLI version 2 (https://aws.amazon.com/cli/)",
    };
  return {
    ...base,
    what: `who deploys could not be found out: ${reason}`,
    remedy: "check that this machine reaches sts in the environment's region: proxy, VPN, DNS",
  };
}
