/** What can be lost in one kind of accident, and how long it takes to get the rest back. */
export interface Recovery {
  /** What saves the data. */
  readonly from: string;
  /** Minutes of work that can be lost at most (RPO); absent where everything is lost. */
  readonly lossMinutes?: number;
  /** Minutes until users work again (RTO), an estimate; absent where nothing comes back. */
  readonly backAfterMinutes?: number;
  /** Days after which it cannot be undone any more; absent where that does not pass. */
  readonly withinDays?: number;
}

/** What each accident costs. */
export interface RecoveryPlan {
  /** The database where a zone of the region fails; pods that need a new node may wait longer. */
  readonly zoneLost: Recovery;
  /** A wrong change, a bad upgrade or a broken database. */
  readonly databaseDamaged: Recovery;
  /** An object is overwritten or deleted. */
  readonly objectDeleted: Recovery;
  /** Database or bucket is deleted, with the backups that are deleted with it. */
  readonly originalsDeleted: Recovery;
  /** The region fails or is given up. */
  readonly regionLost: Recovery;
}

/** What has backups outside the vault. */
export interface RecoverySources {
  /** The platform database; nothing here makes backups of one that existed already. */
  readonly database: InstanceBackups | { readonly kind: "existing" };
  /** The bucket; without days where somebody else keeps what is deleted. */
  readonly blobStorage: { readonly noncurrentVersionDays?: number };
}

/** The instance's own backups. */
export interface InstanceBackups {
  /**
   * Made here.
   *
   * @default "new"
   */
  readonly kind?: "new";
  /** Whether a standby takes over when its zone fails. */
  readonly multiAz: boolean;
  /** Days for which it can be restored to any second. */
  readonly backupRetentionDays: number;
  /** Size of its storage, in GiB. */
  readonly storageGiB: number;
}

/** When copies are made. */
export interface CopySchedule {
  /** Days that each copy is kept. */
  readonly retentionDays: number;
  /** The second region; absent where there is none. */
  readonly copyTo?: { readonly region: string; readonly retentionDays: number };
  /** Minutes within which a copy has to begin. */
  readonly startWindowMinutes: number;
  /** Minutes within which a copy has to be complete. */
  readonly completionWindowMinutes: number;
}

/**
 * RDS sends transaction logs to S3 every five minutes.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
 */
const LOG_MINUTES = 5;
/**
 * A standby takes over in one to two minutes.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
 */
const FAILOVER_MINUTES = 2;
/** A new instance over two zones with its monitoring: the upper end of what public logs of such applies show. */
const NEW_INSTANCE_MINUTES = 20;
/** A restored volume loads itself while it is read; an allowance for what Retool reads before it is ready. */
const MINUTES_PER_100_GIB = 10;
/** Noticing, deciding, editing the configuration and starting the apply. */
const DECISION_MINUTES = 15;
/** New pods of every component, with the checks of the load balancer. */
const ROLLOUT_MINUTES = 10;
/** Everything else of an environment in a region where there is nothing: the longest of public applies, and DNS. */
const NEW_ENVIRONMENT_MINUTES = 60;
const DAY_MINUTES = 24 * 60;

/** Who runs the server knows what its backups are worth. */
const ELSEWHERE: Recovery = { from: "backups of the existing server, which are not made here" };

/** Computes what each kind of accident costs. */
export function planRecovery({ database, blobStorage }: RecoverySources, schedule: CopySchedule): RecoveryPlan {
  const databaseLost =
    database.kind === "existing"
      ? { zoneLost: ELSEWHERE, databaseDamaged: ELSEWHERE, originalsDeleted: ELSEWHERE, regionLost: ELSEWHERE }
      : instanceRecovery(database, schedule);
  return { ...databaseLost, objectDeleted: objectDeleted(blobStorage) };
}

function instanceRecovery(database: InstanceBackups, schedule: CopySchedule): Omit<RecoveryPlan, "objectDeleted"> {
  const restored =
    DECISION_MINUTES +
    NEW_INSTANCE_MINUTES +
    Math.ceil((database.storageGiB * MINUTES_PER_100_GIB) / 100) +
    ROLLOUT_MINUTES;
  const damaged: Recovery = {
    from: "backups of RDS, to any second",
    lossMinutes: LOG_MINUTES,
    backAfterMinutes: restored,
    withinDays: database.backupRetentionDays,
  };
  // The copy of a day counts only once it is complete; what was written since it began is not in it.
  const sinceCopy = DAY_MINUTES + schedule.startWindowMinutes + schedule.completionWindowMinutes;
  return {
    zoneLost: database.multiAz
      ? { from: "standby in another zone", lossMinutes: 0, backAfterMinutes: FAILOVER_MINUTES }
      : damaged,
    databaseDamaged: damaged,
    originalsDeleted: {
      from: "copies in the vault",
      lossMinutes: sinceCopy,
      backAfterMinutes: restored,
      withinDays: schedule.retentionDays,
    },
    regionLost: regionLost(schedule, sinceCopy, restored),
  };
}

function objectDeleted({ noncurrentVersionDays: withinDays }: RecoverySources["blobStorage"]): Recovery {
  if (withinDays === undefined) return { from: "depends on the owner of the existing storage" };
  return { from: "versions in the bucket", lossMinutes: 0, backAfterMinutes: DECISION_MINUTES, withinDays };
}

function regionLost({ copyTo, completionWindowMinutes }: CopySchedule, sinceCopy: number, restored: number): Recovery {
  if (copyTo === undefined) return { from: "nothing; give backup.copyTo" };
  return {
    from: `copies in ${copyTo.region}`,
    lossMinutes: sinceCopy + completionWindowMinutes,
    backAfterMinutes: restored + NEW_ENVIRONMENT_MINUTES,
    withinDays: copyTo.retentionDays,
  };
}
