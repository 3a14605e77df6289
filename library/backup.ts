import { Construct } from "constructs";

import type { IEncryptionKey } from "../constructs/common/contracts";
import { Backup as VaultResources } from "../constructs/backup/backup";
import { type BackupSpec, planBackup } from "../domain/backup/backup";
import { EncryptionKey } from "./encryption-key";
import { type CommonProps, contextOf, partName, planned, settingsOf } from "./scope";
import { tag } from "./tags";

/** What is copied is known by its ARN only. */
const UNKNOWN_SOURCES = { database: { kind: "existing" }, blobStorage: {} } as const;

/** Settings of a {@link Backup}; only the resources have no default. */
export interface BackupProps extends CommonProps, Omit<BackupSpec, "copyTo"> {
  /** ARNs of databases, buckets and volumes. */
  readonly resources: readonly string[];
  /**
   * Key of the vault.
   *
   * @default - a new one, apart from the keys of what is copied
   */
  readonly encryptionKey?: IEncryptionKey;
}

/**
 * Daily copies in a vault of AWS Backup, which outlive what they are copies of.
 *
 * @example
 * ```ts
 * new Backup(this, "Backup", { resources: [database.instanceArn, storage.bucketArn], retentionDays: 35 });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class Backup extends Construct {
  /** Name of the vault. */
  public readonly vaultName: string;

  public constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    tag(this, props.tags);
    const { resources, encryptionKey, ...spec } = settingsOf(props);
    const context = contextOf(scope, id, props);
    const plan = planned([scope, id, props], planBackup(spec, context, UNKNOWN_SOURCES), "backup");
    const { dataProtection } = props;
    const key = encryptionKey ?? new EncryptionKey(this, "Key", { ...partName(props, "key"), dataProtection });
    const vault = new VaultResources(this, "Vault", { plan, encryptionKey: key, resources, copy: undefined });
    this.vaultName = vault.vaultName;
  }
}
