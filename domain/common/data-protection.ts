import type { DataProtection } from "./context";

/** What one {@link DataProtection} means for each kind of resource that holds data. */
export interface DataProtectionRules {
  /** Whether Terraform refuses a plan that destroys the resource (`prevent_destroy`). */
  readonly preventDestroy: boolean;

  /** Whether RDS itself refuses to delete the database. */
  readonly databaseDeletionProtection: boolean;

  /** Whether a database is deleted without a last snapshot and without its automated backups. */
  readonly skipFinalSnapshot: boolean;

  /** Whether a bucket is emptied before it is deleted; otherwise S3 refuses to delete a bucket that holds objects. */
  readonly emptyBucketOnDestroy: boolean;

  /** Days that a deleted secret can still be recovered; 0 deletes it at once. */
  readonly secretRecoveryDays: number;

  /** Days until a deleted KMS key is gone; AWS accepts 7 to 30. */
  readonly keyDeletionDays: number;
}

const PROTECTED: DataProtectionRules = {
  preventDestroy: true,
  databaseDeletionProtection: true,
  skipFinalSnapshot: false,
  emptyBucketOnDestroy: false,
  secretRecoveryDays: 30,
  keyDeletionDays: 30,
};

const RULES: Readonly<Record<DataProtection, DataProtectionRules>> = {
  protected: PROTECTED,
  // The same, so that it can be taken back; only what does not stay may be destroyed (see lifecycle/retained-data.ts).
  retain: PROTECTED,
  disposable: {
    preventDestroy: false,
    databaseDeletionProtection: false,
    skipFinalSnapshot: true,
    emptyBucketOnDestroy: true,
    // A secret that waits to be deleted keeps its name, so the next deployment of the same environment would fail.
    secretRecoveryDays: 0,
    keyDeletionDays: 7,
  },
};

/** Resolves how data is protected to one value for each setting of AWS and Terraform. */
export function dataProtectionRules(protection: DataProtection): DataProtectionRules {
  return RULES[protection];
}
