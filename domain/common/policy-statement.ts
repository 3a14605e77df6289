/** One statement of an IAM policy; the effect is `Allow` unless said otherwise. */
export interface PolicyStatement {
  /** Name of the statement: letters and digits. */
  readonly Sid?: string;
  /**
   * Whether the statement allows or denies.
   *
   * @default "Allow"
   */
  readonly Effect?: "Allow" | "Deny";
  /** Who, in trust and resource policies. */
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  /** Actions. */
  readonly Action: string | readonly string[];
  /** Resources; left out in trust policies. */
  readonly Resource?: string | readonly string[];
  /** Conditions by operator and key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Refuses requests without TLS. */
export function denyPlainHttp(arn: string): PolicyStatement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** Refuses principals of other accounts even where their policies allow it. */
export function denyOtherAccounts(arn: string, account: string): PolicyStatement {
  return {
    Sid: "OwnAccountOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: {
      StringNotEquals: { "aws:PrincipalAccount": account },
      BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
    },
  };
}
