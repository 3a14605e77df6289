import type { RetoolVersion } from "../versions/retool";

/** What an upgrade does to the database: nothing, a patch that generally migrates nothing, or migrations. */
export type UpgradeKind = "none" | "patch" | "migration";

/**
 * How the database is kept from before an upgrade: in a snapshot of the instance that is made here, in one of an instance that
 * exists already, or in a backup that the operator makes, where the server is not an instance of ours.
 */
export type UpgradeBackup = "snapshot" | "snapshot-of-existing" | "by-operator";

/** One step of an upgrade. */
export interface UpgradeStep {
  /** Who does it. */
  readonly by: "operator" | "owner" | "terraform" | "helm" | "karpenter" | "retool" | "users";
  /** What is done. */
  readonly what: string;
}

/** Something that stops a deployment without harm. */
export interface Interruption {
  /** What is seen. */
  readonly sign: string;
  /** How to go on. */
  readonly remedy: string;
}

/** How to go back, and until when that is possible. */
export interface Rollback {
  /** What is lost with it, and until when it is worth it. */
  readonly until: string;
  /** Steps. */
  readonly steps: readonly string[];
}

/** An upgrade as it will happen. */
export interface UpgradePlan {
  /** Version that runs now. */
  readonly from: RetoolVersion;
  /** Version to run. */
  readonly to: RetoolVersion;
  /** What it does to the database. */
  readonly kind: UpgradeKind;
  /** Versions' lines to go through one after the other, the last of them the goal. */
  readonly route: readonly string[];
  /** Steps in order. */
  readonly steps: readonly UpgradeStep[];
  /** What to watch meanwhile. */
  readonly watch: readonly string[];
  /** What may stop the deployment meanwhile, and how to go on. */
  readonly interruptions: readonly Interruption[];
  /** How to go back. */
  readonly rollback: Rollback;
}
