import { awsPartition } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import type { Problem, Violation } from "../common/violation";

/** ARNs of the keys that an organization keeps, by what they encrypt; a key that is absent is made. */
export interface GivenKeys {
  /** Databases, bucket, secrets and disks of nodes. */
  readonly data?: string;
  /** The vault of backups. */
  readonly backup?: string;
  /** Log groups. */
  readonly logs?: string;
  /** Kubernetes Secrets. */
  readonly cluster?: string;
}

const KEY_ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):\d{12}:key\/(?:mrk-)?[0-9a-f-]{32,36}$/;

/** Finds what is not the ARN of a KMS key. RDS and EKS take no alias. */
export function keyArnProblem(arn: string): Problem | undefined {
  if (KEY_ARN.test(arn)) return undefined;
  return {
    problem: `"${arn}" is not the ARN of a KMS key`,
    remedy:
      'use one such as "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", not an alias',
  };
}

/** Refuses keys of another region or partition, and a key for a cluster that is not made. */
export function keyViolations(keys: GivenKeys, { region }: EnvironmentContext, makesCluster: boolean): Violation[] {
  const misplaced = Object.entries(keys).flatMap(([name, arn]) => {
    const [, partition, itsRegion] = KEY_ARN.exec(String(arn)) ?? [];
    if (partition === undefined || (partition === awsPartition(region) && itsRegion === region)) return [];
    return [
      {
        path: `encryptionKeys.${name}`,
        problem: `the key is in ${itsRegion ?? ""} and the environment in ${region}`,
        remedy: `use a key in ${region}; one of another account may be used`,
      },
    ];
  });
  const wrong = [...misplaced, ...sharedBackupKey(keys)];
  if (makesCluster || keys.cluster === undefined) return wrong;
  const unused = {
    path: "encryptionKeys.cluster",
    problem: "the cluster exists, and EKS never changes the key of a cluster's Secrets",
    remedy: "remove it",
  };
  return [...wrong, unused];
}

/** The vault's copies are there for the day on which the key of the data is lost. */
function sharedBackupKey({ data, backup }: GivenKeys): Violation[] {
  if (backup === undefined || backup !== data) return [];
  return [
    {
      path: "encryptionKeys.backup",
      problem: "is also the key of data, and a loss of that key would take the backups with it",
      remedy: "use another key, or remove it to have a new one",
    },
  ];
}
