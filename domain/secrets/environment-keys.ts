import type { EnvironmentContext } from "../common/context";
import type { LandingZonePlan } from "../landing-zone/landing-zone";
import { type EncryptionKeyPlan, type EncryptionKeySpec, planEncryptionKey } from "./kms-key";
import { secretReaders, type SecretReadersInput } from "./readers";

/** A key of the organization, whose policy is the organization's, or one that is made. */
export type EnvironmentKeyPlan =
  { readonly kind: "existing"; readonly keyArn: string } | ({ readonly kind: "new" } & EncryptionKeyPlan);

/** The keys of an environment: one for each kind of data, so that each can be given up or audited separately. */
export interface EnvironmentKeysPlan {
  /** Kubernetes Secrets in the control plane's store; absent where the cluster exists. */
  readonly cluster?: EnvironmentKeyPlan;
  /** Database, bucket and secrets. */
  readonly data: EnvironmentKeyPlan;
  /** The vault of backups, so that copies of the bucket survive the data key. */
  readonly backup: EnvironmentKeyPlan;
  /** Log groups, and the topic of alarms. */
  readonly logs: EnvironmentKeyPlan;
}

/** What decides which keys there are, and who may use them. */
export interface EnvironmentKeysInput extends SecretReadersInput {
  /** Rules of the organization, with the keys that it keeps. */
  readonly landingZone: Pick<LandingZonePlan, "encryptionKeys">;
  /** Whether the cluster is made. */
  readonly makesCluster: boolean;
  /** Whether sandboxes run on spot nodes: nodes' disks are encrypted with the key of the data, and EC2 starts these in its own name. */
  readonly spot: boolean;
}

/** What each key encrypts. */
const KEYS = {
  cluster: { name: "cluster", description: "Kubernetes Secrets of the EKS cluster" },
  data: { name: "data", description: "Database, blob storage and secrets of Retool" },
  backup: { name: "backup", description: "Vault with the daily copies of Retool's data" },
  logs: {
    name: "logs",
    description: "CloudWatch log groups and the topic of alarms",
    services: ["cloudwatch-logs", "cloudwatch-alarms", "eventbridge"],
  },
} as const satisfies Record<keyof EnvironmentKeysPlan, EncryptionKeySpec>;

/** Plans the keys of an environment; one that the organization keeps stands for the one that would be made. */
export function planEnvironmentKeys(input: EnvironmentKeysInput, context: EnvironmentContext): EnvironmentKeysPlan {
  const { landingZone, makesCluster, spot } = input;
  const keyOf = (kind: keyof EnvironmentKeysPlan, more: Partial<EncryptionKeySpec> = {}): EnvironmentKeyPlan => {
    const keyArn = landingZone.encryptionKeys[kind];
    if (keyArn !== undefined) return { kind: "existing", keyArn };
    return { kind: "new", ...planEncryptionKey({ ...KEYS[kind], ...more }, context) };
  };
  return {
    ...(makesCluster ? { cluster: keyOf("cluster") } : {}),
    data: keyOf("data", {
      ...(spot ? { services: ["ec2-spot"] } : {}),
      secretReaders: secretReaders(input, "originals"),
    }),
    backup: keyOf("backup"),
    logs: keyOf("logs"),
  };
}
