/** What makes a refusal go away. */
export interface Advice {
  /** What to do. */
  readonly remedy: string;
  /** Page that says more. */
  readonly link: string;
}

const CLI = "https://docs.aws.amazon.com/cli/latest/userguide";
const LOGIN = `${CLI}/cli-chap-authentication.html`;
const TROUBLE = `${CLI}/cli-chap-troubleshooting.html`;

/** AWS signs with the time, and refuses a signature that is five to fifteen minutes off. */
const SKEWED = /Signature expired|Signature not yet current|RequestTimeTooSkewed|RequestExpired|RequestInTheFuture/i;

/** Credentials whose time is over, of a session or of single sign-on. */
const EXPIRED = /ExpiredToken|(token|session|credentials)\b.* expired/i;

/** A login of single sign-on that was never made on this machine, or was cleared. */
const NO_SSO_TOKEN = /Error loading SSO Token|SSO Token .*does not exist|NoAuthTokenError/i;

const NO_CREDENTIALS = /Unable to locate credentials|NoCredentials/i;

const THROTTLED = /Throttl|Rate exceeded|RequestLimitExceeded|TooManyRequests|SlowDown|reached max retries/i;

const TLS_BROKEN_OPEN =
  /SSL validation failed|CERTIFICATE_VERIFY_FAILED|self-signed certificate|local issuer certificate/i;

const UNREACHABLE = /connect|timed? ?out|resolve|DNS|\bENOTFOUND\b|EAI_AGAIN|EOF occurred|could not be reached/i;

/** Patterns that more than one check tells apart. */
export const REASON = {
  SKEWED,
  EXPIRED,
  NO_SSO_TOKEN,
  NO_CREDENTIALS,
  THROTTLED,
  TLS_BROKEN_OPEN,
  UNREACHABLE,
} as const;

/** What AWS's and Kubernetes' answers mean to the person who reads them; the first that matches is taken. */
const ADVICE: readonly (readonly [RegExp, Advice])[] = [
  [SKEWED, { remedy: "set this machine's clock, such as by timedatectl set-ntp true", link: TROUBLE }],
  [NO_SSO_TOKEN, { remedy: "log in: aws sso login", link: LOGIN }],
  [
    /Unable to locate credentials|NoCredentials|Partial credentials|config profile/i,
    { remedy: "log in first", link: LOGIN },
  ],
  [
    TLS_BROKEN_OPEN,
    {
      remedy:
        "let this machine trust your proxy's authority: AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS name its certificate",
      link: TROUBLE,
    },
  ],
  [
    /Kubernetes API: .* cannot be reached/,
    {
      remedy: "run it where the Kubernetes API is reached: docs/guides/private-deployment.md",
      link: "docs/guides/private-deployment.md",
    },
  ],
  [
    /Kubernetes API: .*\(429/,
    {
      remedy: "run the command again in a minute",
      link: "https://kubernetes.io/docs/concepts/cluster-administration/flow-control/",
    },
  ],
  [
    /Kubernetes API: .*\(5\d\d/,
    {
      remedy: "run the command again in a minute; if it stays so, look at the cluster's health in the EKS console",
      link: "https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html",
    },
  ],
  [
    /Kubernetes API: .*\(401/,
    {
      remedy:
        "log in again, as a token expires; if it is refused again, use a role that the cluster admits: cluster.adminRoleArns or viewerRoleArns",
      link: "docs/guides/permissions.md",
    },
  ],
  [
    /Kubernetes API: .*\(403/,
    {
      remedy: "use a role of cluster.adminRoleArns; those of cluster.viewerRoleArns see pods only",
      link: "docs/guides/permissions.md",
    },
  ],
  [EXPIRED, { remedy: "log in again: aws sso login, or new keys", link: LOGIN }],
  [/IAM simulates users and roles only/, { remedy: "deploy as a role", link: "docs/guides/permissions.md" }],
  [THROTTLED, { remedy: "run the command again in a minute", link: TROUBLE }],
  [
    /public address is unknown/,
    {
      remedy: "let this machine reach checkip.amazonaws.com, or compare its public address with clusterAccess yourself",
      link: "docs/guides/private-deployment.md",
    },
  ],
  [
    /HeadBucket.*Forbidden/,
    {
      remedy:
        "let this role call s3:ListBucket on the state's bucket; if it is another account's, name one of your own in state.bucket",
      link: "docs/guides/deploy.md",
    },
  ],
  [
    /AccessDenied|not authorized|Unauthorized|Forbidden/i,
    {
      remedy: "let this role do what the message names, or ask the people who may",
      link: "docs/guides/permissions.md",
    },
  ],
  [
    /^(terraform version|aws --version)\b.* timed out/,
    { remedy: "run the command again when this machine is less busy", link: TROUBLE },
  ],
  [
    / timed out after /,
    {
      remedy: "run the command again; if it stays so, check that this machine reaches AWS: proxy, VPN, DNS",
      link: `${CLI}/cli-configure-proxy.html`,
    },
  ],
  [
    UNREACHABLE,
    { remedy: "check that this machine reaches AWS: proxy, VPN, DNS", link: `${CLI}/cli-configure-proxy.html` },
  ],
  [
    /not found in PATH/,
    { remedy: "install the AWS CLI version 2 (https://aws.amazon.com/cli/)", link: "https://aws.amazon.com/cli/" },
  ],
  [
    /state lock/i,
    {
      remedy: "wait for the run that holds it, or see who does: check state",
      link: "docs/guides/interrupted-apply.md",
    },
  ],
  [
    /not synthesized|no synthesized stack/,
    { remedy: "fix what the message says, and run the command again", link: "docs/guides/deploy.md" },
  ],
];

/** What to do about something that could not be asked. */
export function adviceFor(reason: string): Advice {
  const found = ADVICE.find(([pattern]) => pattern.test(reason))?.[1];
  return found ?? { remedy: "fix what the message says, and run the command again", link: TROUBLE };
}
