import { z } from "zod";

import { bucketNameProblem } from "../common/bucket-name";
import { quote } from "../common/quote";
import { regionProblem } from "../common/regions";
import { roleArnProblem } from "../common/role-arn";
import { checked, integer } from "../common/setting";
import { tagsProblem } from "../common/tags";
import {
  encryptionKeysSchema,
  type EncryptionKeysSpec,
  iamSchema,
  type IamSpec,
  logBucketSchema,
  type LogBucketSpec,
} from "../landing-zone/spec";
import { DEFAULT_NAME_PREFIX, namePrefixProblem } from "../landing-zone/name-prefix";
import { accountProblem, nameProblem, pathProblem } from "./identity";

import type { BackupSpec } from "../backup/backup";
import type { BlobSpec } from "../storage/storage";
import type { ClusterSpec } from "../cluster/cluster";
import type { ExistingClusterSpec } from "../cluster/existing";
import type { DnsSpec } from "../front-door/dns";
import type { EgressSpec } from "../egress/egress";
import type { DataProtection } from "../common/context";
import type { FrontDoorSpec } from "../front-door/front-door";
import type { NetworkSpec } from "../network/network";
import type { ObservabilitySpec } from "../observability/spec";
import type { ExistingNetworkSpec } from "../network/existing";
import type { PoolsSpec } from "../capacity/pools-spec";
import type { DatabasesSpec } from "./databases";
import type { RetoolSpec } from "../retool/retool";
import type { SandboxSpec } from "../capacity/sandbox";
import type { SecretDeliverySpec } from "../secrets/delivery";
import type { SecretsSpec } from "../secrets/secrets";
import type { TemporalSpec } from "../temporal/temporal";

/** Where Terraform keeps the state of an environment. */
export type StateSpec =
  | {
      /** A bucket in the environment's account and region, locked by a lock file next to the state. */
      readonly kind: "s3";
      /**
       * Name of the bucket.
       *
       * @default - `cdktf-retool-state-<account>-<region>`, which `npx cdktf-retool bootstrap` makes
       */
      readonly bucket?: string;
    }
  | {
      /** A file on the machine that deploys. */
      readonly kind: "local";
      /** Path of the file, from the folder of the synthesized stack. */
      readonly path: string;
    };

/**
 * Where Kubernetes objects and Helm releases go: into the cluster, or into a Terraform output as text.
 *
 * `deploy-without-nodes` is for an API server that runs no pods: no release is waited for.
 */
export type Workloads = "deploy" | "deploy-without-nodes" | "render";

/** What a team decides about one environment. Every default is safe in production. */
export interface EnvironmentSpec extends DatabasesSpec {
  /** Name of the environment and of its stack: `cdktf deploy <name>`. */
  readonly name: string;

  /** Twelve-digit id of the AWS account; a deployment with credentials of another account is refused. */
  readonly account: string;

  /** AWS region. */
  readonly region: string;

  /** Host name that users open. */
  readonly domain: string;

  /** Version of Retool, such as `4.0.9-stable`; 4.0.0 or later. */
  readonly retoolVersion: string;

  /**
   * Who may reach Retool: only the VPC and what is connected to it, or the listed address ranges over the internet.
   *
   * The first user to reach a fresh Retool becomes its administrator, so the whole world must be written out.
   */
  readonly access: "internal" | readonly string[];

  /**
   * Who may reach the Kubernetes API: only the VPC, or the listed address ranges as well.
   *
   * The machine that deploys must be among them.
   */
  readonly clusterAccess: "private" | readonly string[];

  /**
   * Whether a small instance in the VPC lets operators in by Session Manager, to deploy to a private cluster and to look into it:
   * without a public address, a key or an open port. `plan` prints the commands.
   *
   * @default false
   */
  readonly bastion?: boolean;

  /**
   * Name of the Secrets Manager secret that holds the license key, or `none` to start without one.
   *
   * @remarks
   * `planSecrets` in domain/secrets/secrets.ts reads it.
   */
  readonly license: string;

  /**
   * Namespace of Retool in the cluster; every instance in a cluster has its own. Changing it reinstalls Retool.
   *
   * @default "retool", and `retool-<name>` in a cluster that exists
   */
  readonly namespace?: string;

  /**
   * People who edit apps at the same time, at the busiest moment; 0 for an instance on which nobody does.
   *
   * @default 20
   */
  readonly builders?: number;

  /**
   * People who use apps at the same time, at the busiest moment. The pods of api, workers and executors follow from both numbers, and
   * the database's class and connections from those: one api pod for 100 builders or 500 users, one executor of each kind for 200 or
   * 1000, a worker and a backend of workflows for 500 or 2500, an agent worker and a sandbox proxy for 100 builders. Retool publishes no
   * figures: these are estimates. Measure, and set `retool.<service>.replicas` where yours differ.
   *
   * @default - five for each builder, and 100 at least
   */
  readonly users?: number;

  /**
   * The network: a new one, or `{ kind: "existing", ... }`.
   *
   * @default - a new VPC over three zones with a NAT gateway each
   */
  readonly network?: NetworkSpec | ExistingNetworkSpec;

  /**
   * The Kubernetes cluster: a new one, or `{ kind: "existing", ... }`.
   *
   * @default - the newest pinned Kubernetes version and two system nodes
   */
  readonly cluster?: ClusterSpec | ExistingClusterSpec;

  /**
   * The agent sandboxes, one for each open editing session.
   *
   * @default - the figures of Retool's documentation
   */
  readonly sandbox?: SandboxSpec;

  /**
   * The nodes that Karpenter launches.
   *
   * @default - business hours on weekdays, general purpose instances
   */
  readonly nodePools?: PoolsSpec;

  /**
   * Storage for apps, Git repositories and sandbox snapshots: a bucket that is made here, or exactly one that exists.
   *
   * @default - a new S3 bucket that pods reach without keys
   */
  readonly blobStorage?: BlobSpec;

  /**
   * The hosted zone and the certificate.
   *
   * @default - the longest matching public zone of the account, and a new certificate
   */
  readonly dns?: DnsSpec;

  /**
   * The load balancer.
   *
   * @default - long-lived connections and a separate host for the sandbox proxy
   */
  readonly frontDoor?: FrontDoorSpec;

  /**
   * Where keys and passwords come from.
   *
   * @default - all are generated
   */
  readonly secrets?: SecretsSpec;

  /**
   * What writes the Kubernetes Secrets that pods read: Terraform, or the External Secrets Operator that the cluster runs.
   *
   * @default "terraform"
   */
  readonly secretDelivery?: SecretDeliverySpec;

  /**
   * The Temporal cluster that runs workflows.
   *
   * @default { kind: "retool-managed" }
   */
  readonly temporal?: TemporalSpec;

  /**
   * What may leave. List everything your apps call in `resources`.
   *
   * @default - only the names that Retool itself needs are resolved
   */
  readonly egress?: EgressSpec;

  /**
   * The Retool release: replicas, features, chart version.
   *
   * @default - two api replicas and the seven containers of the documentation
   */
  readonly retool?: RetoolSpec;

  /**
   * Daily copies of database and bucket, besides the backups that RDS and S3 keep themselves.
   *
   * @default - a vault that keeps each for 35 days, in the same region
   */
  readonly backup?: BackupSpec;

  /**
   * Logs, alarms and dashboard.
   *
   * @default - all of them
   */
  readonly observability?: ObservabilitySpec;

  /**
   * What happens to data whose resource would be destroyed: nothing, because Terraform and AWS refuse; or `npx cdktf-retool destroy`
   * leaves it in the account and deletes the rest; or it goes.
   *
   * @default "protected"
   */
  readonly dataProtection?: DataProtection;

  /**
   * Where Terraform keeps the state.
   *
   * @default { kind: "s3" }
   */
  readonly state?: StateSpec;

  /**
   * Whether network, cluster and Retool are three stacks, each with its own state: `<name>-foundation`, `<name>-cluster` and
   * `<name>-retool`, deployed in this order by `cdktf deploy '<name>-*'`. `npx cdktf-retool layers <name>` moves a running environment.
   *
   * @default false
   */
  readonly layers?: boolean;

  /**
   * Where Kubernetes objects go.
   *
   * @default "deploy"
   */
  readonly workloads?: Workloads;

  /**
   * Folder with one unpacked chart a folder, for networks that reach no chart repository: `retool`, and where the cluster does not
   * run them already `karpenter`, `karpenter-crd` and `aws-load-balancer-controller`. Absolute, or relative to the folder in which
   * Terraform runs (`cdktf.out/stacks/<stack>`).
   *
   * @default - charts come from their repositories
   */
  readonly chartsDirectory?: string;

  /**
   * Role that Terraform assumes in the account, and that `aws eks get-token` assumes with it.
   *
   * @default - the credentials Terraform finds
   */
  readonly deployRoleArn?: string;

  /**
   * Times the AWS provider tries a request again.
   *
   * @default 25
   */
  readonly maxRetries?: number;

  /**
   * Beginning of the names of everything that is made in AWS, before the name of the environment. Choose it before the first
   * deployment: names are what AWS knows data by, and another one would replace it.
   *
   * @default "retool"
   */
  readonly namePrefix?: string;

  /**
   * What the organization demands of every IAM role, instance profile and policy.
   *
   * @default - no boundary, the path `/`, and names that begin with `namePrefix`
   */
  readonly iam?: IamSpec;

  /**
   * KMS keys that the organization keeps.
   *
   * @default - a new key for each kind of data
   */
  readonly encryptionKeys?: EncryptionKeysSpec;

  /**
   * Bucket in which the organization keeps access logs of load balancers and flow logs of networks.
   *
   * Access logs, which are off by default, are on with it. They hold tokens of agent sandboxes, valid for an hour: few people may
   * read that part of the bucket.
   *
   * @default - flow logs go to a log group, and access logs where `frontDoor.accessLogs` says
   */
  readonly logBucket?: LogBucketSpec;

  /**
   * Tags of every AWS resource, besides `Project`, `Environment` and `ManagedBy`: also of what EKS and Karpenter make, such as
   * instances, disks, network interfaces and copies.
   *
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A setting in which one environment differs from another, and why. */
export interface Difference {
  /** Path of the setting. */
  readonly path: string;
  /** Why it differs. */
  readonly why: string;
}

const part = z.unknown().optional();

/** A part whose room takes `null` or a list for nothing; neither means its default. */
const objectPart = checked(z.unknown(), (given) =>
  given === null || Array.isArray(given)
    ? { problem: `${quote(given)} has the wrong type`, remedy: "use an object: { ... }" }
    : undefined,
).optional();
const ranges = z.array(z.string()).min(1, 'is an empty list; use address ranges such as "203.0.113.0/24"');

/** Shape of an {@link EnvironmentSpec}; the parts are checked by the files that plan them. */
export const environmentSchema = z.strictObject({
  name: checked(z.string(), nameProblem, { form: "the name of an environment" }),
  account: checked(z.string(), accountProblem, { form: "the id of an AWS account" }),
  region: checked(z.string(), regionProblem, { form: "an AWS region" }),
  domain: z.string(),
  retoolVersion: z.string(),
  access: z.union([z.literal("internal"), ranges]),
  clusterAccess: z.union([z.literal("private"), ranges]),
  bastion: z.boolean().default(false),
  license: z.string().min(1, 'is empty; use the name of a secret, or "none"'),
  namespace: z.string().optional(),
  builders: integer({ min: 0, max: 100_000, unit: "people" }).default(20),
  users: integer({ min: 0, max: 1_000_000, unit: "people" }).optional(),
  network: part,
  cluster: objectPart,
  sandbox: part,
  nodePools: part,
  database: part,
  retoolDatabase: part,
  blobStorage: part,
  dns: part,
  frontDoor: part,
  secrets: objectPart,
  secretDelivery: part,
  temporal: part,
  egress: part,
  retool: part,
  backup: part,
  observability: part,
  dataProtection: z.enum(["protected", "retain", "disposable"]).default("protected"),
  state: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("s3"), bucket: checked(z.string(), bucketNameProblem).optional() }),
      z.strictObject({ kind: z.literal("local"), path: checked(z.string(), pathProblem) }),
    ])
    .default({ kind: "s3" }),
  layers: z.boolean().default(false),
  workloads: z.enum(["deploy", "deploy-without-nodes", "render"]).default("deploy"),
  chartsDirectory: checked(z.string(), pathProblem).optional(),
  deployRoleArn: checked(z.string(), roleArnProblem, { form: "the ARN of an IAM role" }).optional(),
  maxRetries: integer({ min: 0, max: 100, unit: "times" }).optional(),
  namePrefix: checked(z.string(), namePrefixProblem).default(DEFAULT_NAME_PREFIX),
  iam: iamSchema.optional(),
  encryptionKeys: encryptionKeysSchema.optional(),
  logBucket: logBucketSchema.optional(),
  tags: checked(z.record(z.string(), z.string()), tagsProblem).default({}),
});
