import { awsPartition } from "../common/aws-partition";
import { dataProtectionRules } from "../common/data-protection";
import type { EnvironmentContext } from "../common/context";

/**
 * An AWS service that uses a key in its own name.
 *
 * Other services (RDS, S3, EBS, EKS, Secrets Manager) use it in the name of their caller, whose IAM policy then decides.
 */
export type KeyService = "cloudwatch-logs" | "cloudwatch-alarms" | "eventbridge" | "ec2-spot";

/** What a key is for. */
export interface EncryptionKeySpec {
  /** Last part of the alias, such as `cluster`. */
  readonly name: string;
  /** What the key encrypts, as shown in the console. */
  readonly description: string;
  /**
   * Services that use the key in their own name.
   *
   * @default []
   */
  readonly services?: readonly KeyService[];
  /**
   * ARNs of the only roles that may decrypt secrets of Secrets Manager with the key, besides the account's root user.
   *
   * @default - every principal that the account's IAM policies allow
   */
  readonly secretReaders?: readonly string[];
}

/** A KMS key with its policy. */
export interface EncryptionKeyPlan {
  /** Alias of the key, with its prefix. */
  readonly alias: string;
  /** What the key encrypts. */
  readonly description: string;
  /** Days until a deleted key is gone. */
  readonly deletionWindowDays: number;
  /** Whether Terraform refuses to destroy the key. */
  readonly preventDestroy: boolean;
  /** Statements of the key's policy. */
  readonly statements: readonly KeyStatement[];
}

/** One statement of a key's policy. */
export interface KeyStatement {
  /** Name of the statement. */
  readonly Sid: string;
  /**
   * Whether the statement denies.
   *
   * @default "Allow"
   */
  readonly Effect?: "Deny";
  /** Who may use the key. */
  readonly Principal: Readonly<Record<string, string>>;
  /** What they may do with it. */
  readonly Action: string | readonly string[];
  /** Always the key itself. */
  readonly Resource: "*";
  /** When they may. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Resolves what a key is called, how long a deleted one can be saved, and who may use it. */
export function planEncryptionKey(spec: EncryptionKeySpec, context: EnvironmentContext): EncryptionKeyPlan {
  const { preventDestroy, keyDeletionDays } = dataProtectionRules(context.dataProtection);
  return {
    alias: `alias/${context.prefix}-${spec.name}`,
    description: spec.description,
    deletionWindowDays: keyDeletionDays,
    preventDestroy,
    statements: [
      accountStatement(context),
      ...(spec.services ?? []).flatMap((service) =>
        service === "ec2-spot" ? spotStatements(context) : serviceStatement(service, context),
      ),
      ...(spec.secretReaders === undefined ? [] : [secretReadersStatement(spec.secretReaders, context)]),
    ],
  };
}

/**
 * Lets IAM policies of the account decide; without it, a key whose other users are gone can never be managed again.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function accountStatement({ account, region }: EnvironmentContext): KeyStatement {
  return {
    Sid: "PoliciesOfTheAccount",
    Principal: { AWS: `arn:${awsPartition(region)}:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}

/** Holds against every policy of the account: a Deny beats every Allow. */
function secretReadersStatement(roles: readonly string[], { account, region }: EnvironmentContext): KeyStatement {
  return {
    Sid: "SecretsForTheseRolesAlone",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
      ArnNotEquals: { "aws:PrincipalArn": [`arn:${awsPartition(region)}:iam::${account}:root`, ...roles] },
    },
  };
}

/**
 * Lets EC2 use the key for the disks of spot instances, which it starts in the name of its service-linked role.
 *
 * By a condition: KMS refuses a policy whose principal is a role that the account does not have yet.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html
 */
function spotStatements({ account, region }: EnvironmentContext): KeyStatement[] {
  const role = `arn:${awsPartition(region)}:iam::${account}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;
  const byRole = { StringEquals: { "aws:PrincipalArn": role, "kms:CallerAccount": account } };
  return [
    {
      Sid: "DisksOfSpotInstances",
      Principal: { AWS: "*" },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: byRole,
    },
    {
      Sid: "GrantsForDisksOfSpotInstances",
      Principal: { AWS: "*" },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { ...byRole, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

function serviceStatement(
  service: Exclude<KeyService, "ec2-spot">,
  { account, region }: EnvironmentContext,
): KeyStatement {
  const use = { Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" } as const;
  switch (service) {
    case "cloudwatch-logs":
      // Logs names no source account; the log group stands in the encryption context instead.
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
      return {
        Sid: "CloudWatchLogs",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:${awsPartition(region)}:logs:${region}:${account}:log-group:*`,
          },
        },
      };
    case "cloudwatch-alarms":
      return {
        Sid: "CloudWatchAlarms",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        ...use,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      };
    case "eventbridge":
      // EventBridge names no source account to KMS: with such a condition no event reaches an encrypted topic. The topic stands in
      // the encryption context instead. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
      return {
        Sid: "EventBridge",
        Principal: { Service: "events.amazonaws.com" },
        ...use,
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:sns:topicArn": `arn:${awsPartition(region)}:sns:${region}:${account}:*`,
          },
        },
      };
  }
}
