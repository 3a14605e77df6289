import { z } from "zod";

import { iamPathProblem, policyArnProblem, rolePrefixProblem } from "./iam";
import { bucketNameProblem } from "../common/bucket-name";
import { checked } from "../common/setting";
import { keyArnProblem } from "./encryption-keys";
import { keyPrefixProblem } from "./log-bucket";

/** What an organization demands of every IAM role, instance profile and policy. */
export interface IamSpec {
  /**
   * ARN of the policy that limits what every role may do, in the environment's own account or one that AWS keeps.
   *
   * @default - none
   */
  readonly permissionsBoundary?: string;

  /**
   * Path of every role, instance profile and policy, such as `/retool/`. Choose it before the first deployment: another path
   * replaces the roles, and an EKS cluster keeps its role for life.
   *
   * @default "/"
   */
  readonly path?: string;

  /**
   * Beginning of the names of every role, instance profile and policy, before `namePrefix`. Choose it before the first
   * deployment, as the path.
   *
   * @default ""
   */
  readonly rolePrefix?: string;
}

/** Shape of an {@link IamSpec}. */
export const iamSchema = z.strictObject({
  permissionsBoundary: checked(z.string(), policyArnProblem, { form: "the ARN of an IAM policy" }).optional(),
  path: checked(z.string(), iamPathProblem, { form: "a path of IAM" }).default("/"),
  rolePrefix: checked(z.string(), rolePrefixProblem).default(""),
});

/** KMS keys that an organization keeps, by what they encrypt. Choose them before the first deployment: RDS and EKS keep a key for life. */
export interface EncryptionKeysSpec {
  /**
   * ARN of the key of databases, bucket, secrets and the disks of nodes; its policy must let the environment's account use it and
   * make grants and, with spot nodes, EC2's role for spot instances (docs/guides/security.md#keys-of-your-organization).
   *
   * @default - a new key
   */
  readonly data?: string;

  /**
   * ARN of the key of the vault of backups; not that of `data`, whose loss the bucket's copies survive. Its policy must let the
   * environment's account use it and make grants.
   *
   * @default - a new key
   */
  readonly backup?: string;

  /**
   * ARN of the key of log groups and of the topic of alarms; its policy must let CloudWatch Logs use it and, unless
   * `observability.alarms` names a topic, `cloudwatch.amazonaws.com` and `events.amazonaws.com`
   * (docs/guides/security.md#keys-of-your-organization).
   *
   * @default - a new key
   */
  readonly logs?: string;

  /**
   * ARN of the key of Kubernetes Secrets in a new cluster; its policy must let the environment's account use it and make grants.
   *
   * @default - a new key
   */
  readonly cluster?: string;
}

const keyArn = checked(z.string(), keyArnProblem, { form: "the ARN of a KMS key" });

/** Shape of an {@link EncryptionKeysSpec}. */
export const encryptionKeysSchema = z.strictObject({
  data: keyArn.optional(),
  backup: keyArn.optional(),
  logs: keyArn.optional(),
  cluster: keyArn.optional(),
});

/** A bucket in which an organization keeps the logs of all accounts. */
export interface LogBucketSpec {
  /** Name of the bucket, in the environment's region; its policy must let load balancers and flow logs write. */
  readonly name: string;

  /**
   * Beginning of the keys of all objects, without a slash at either end.
   *
   * @default ""
   */
  readonly keyPrefix?: string;
}

/** Shape of a {@link LogBucketSpec}. */
export const logBucketSchema = z.strictObject({
  name: checked(z.string(), bucketNameProblem, { form: "the name of an S3 bucket" }),
  keyPrefix: checked(z.string(), keyPrefixProblem).default(""),
});
