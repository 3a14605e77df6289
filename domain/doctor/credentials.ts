import type { Fact } from "../common/fact";
import { type Fault, type Finding, good, problem, unknown, warning } from "./finding";
import { adviceFor, REASON } from "./reasons";

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

/**
 * Judges who would deploy.
 *
 * @param account - Id of the environment's account.
 * @param identity - Whose credentials this shell has.
 * @param skipped - Checks that are not made with credentials of another account, or without any: one cause, one finding.
 */
export function credentialFindings(
  account: string,
  identity: Fact<Identity>,
  skipped: readonly string[] = [],
): Finding[] {
  const so = skipped.length === 0 ? "" : `, so ${skipped.join(", ")} were skipped`;
  if ("unknown" in identity) return [missing(identity.unknown, so)];
  const { account: found, arn } = identity.known;
  if (found !== account)
    return [
      problem(CHECK, {
        what: `the credentials are of account ${found}, the configuration says ${account}${so}`,
        why: "the AWS provider refuses every other account",
        remedy: `use the profile of account ${account}: export AWS_PROFILE=..., or correct account in the configuration`,
        link: LINK,
      }),
    ];
  return isRoot(arn)
    ? [
        warning(CHECK, {
          what: `the credentials are those of the root user of ${account}`,
          why: "nothing limits them, and EKS makes its creator the administrator of the cluster",
          remedy: "deploy as a role",
          link: LINK,
        }),
      ]
    : [good(CHECK, arn)];
}

const isRoot = (arn: string): boolean => arn.endsWith(":root");

/** Without credentials nothing can be said of the account: neither good nor a problem of it. */
function missing(reason: string, so: string): Finding {
  const base = { why: "nothing in AWS can be made or looked at", link: LINK } as const;
  const known = CAUSES.find(([pattern]) => pattern.test(reason))?.[1];
  if (known !== undefined) return unknown(CHECK, { ...base, ...known, what: `${known.what}${so}` });
  const profile = /config profile \(([^)]{1,64})\) could not be found/.exec(reason)?.[1];
  if (profile !== undefined)
    return unknown(CHECK, {
      ...base,
      what: `AWS_PROFILE names the profile ${profile}, and there is none${so}`,
      remedy: "correct AWS_PROFILE; aws configure list-profiles shows those that exist",
    });
  return unknown(CHECK, { ...base, what: `who deploys could not be found out${so}: ${reason}`, ...adviceFor(reason) });
}

/** What refuses a caller, by what the AWS CLI prints. A wrong clock is named first: its message says "expired" too. */
const CAUSES: readonly (readonly [RegExp, Pick<Fault, "what" | "remedy">])[] = [
  [
    REASON.SKEWED,
    {
      what: "this machine's clock is wrong, and AWS refuses what it signs",
      remedy: "set this machine's clock, such as by timedatectl set-ntp true",
    },
  ],
  [
    REASON.NO_CREDENTIALS,
    {
      what: "this shell has no AWS credentials",
      remedy: "log in: aws sso login --profile <profile>, then export AWS_PROFILE=<profile>",
    },
  ],
  [
    /Partial credentials/,
    {
      what: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set, in this shell or in its profile",
      remedy: "set both, or remove both and log in: aws sso login",
    },
  ],
  [REASON.NO_SSO_TOKEN, { what: "nobody is logged in to single sign-on here", remedy: "log in: aws sso login" }],
  [REASON.EXPIRED, { what: "the AWS credentials have expired", remedy: "log in again: aws sso login" }],
  [
    /InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|InvalidAccessKeyId/,
    {
      what: "AWS does not know these credentials",
      remedy: "log in again, or make new keys; where other regions accept them, enable this one for the account",
    },
  ],
];
