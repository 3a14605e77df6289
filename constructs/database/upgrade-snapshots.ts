import { DbSnapshot } from "@cdktf/provider-aws/lib/db-snapshot";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { forget } from "../common/render-blocks";

/** Construction properties for {@link UpgradeSnapshots}. */
export interface UpgradeSnapshotsProps {
  /** Identifier of the RDS instance; undefined where the database is on a server of which none can be made. */
  readonly instanceIdentifier: string | undefined;
  /** Identifiers of the snapshots. */
  readonly snapshots: readonly { readonly identifier: string }[];
  /** What must exist before: the instance. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Snapshots of the platform database, one from before each upgrade and each new encryption key.
 *
 * A new entry makes a snapshot before the release that depends on it changes. Going back to an older version takes none
 * away: each stays until its entry is removed. Nor does a new generation of the instance, which may be restored from one:
 * another instance would otherwise replace the snapshot, that is delete it.
 */
export class UpgradeSnapshots extends Construct {
  /** The snapshots; the release waits for them. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { instanceIdentifier, snapshots, after }: UpgradeSnapshotsProps) {
    super(scope, id);
    if (instanceIdentifier === undefined) {
      forget(this, Object.fromEntries(snapshots.map(({ identifier }) => [identifier, "aws_db_snapshot"])));
      this.ready = [];
      return;
    }
    this.ready = snapshots.map(
      ({ identifier }) =>
        new DbSnapshot(this, identifier, {
          dbInstanceIdentifier: instanceIdentifier,
          dbSnapshotIdentifier: identifier,
          // The provider's 20 minutes are too few for a large database, and one that failed is deleted by the next deployment.
          timeouts: { create: "3h" },
          // After a restore Retool runs on another instance; an old snapshot must not be replaced by one of the new data.
          lifecycle: { ignoreChanges: ["db_instance_identifier"] },
          dependsOn: [...after],
        }),
    );
  }
}
