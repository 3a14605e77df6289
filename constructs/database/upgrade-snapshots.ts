import { DataAwsDbInstances } from "@cdktf/provider-aws/lib/data-aws-db-instances";
import { DbSnapshot } from "@cdktf/provider-aws/lib/db-snapshot";
import { DataResource, Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { forget, RemovedBlock } from "../common/render-blocks";

/** One snapshot. */
export interface UpgradeSnapshotProps {
  /** Identifier of the snapshot. */
  readonly identifier: string;
}

/** Construction properties for {@link UpgradeSnapshots}. */
export interface UpgradeSnapshotsProps {
  /** Identifier of the RDS instance; undefined where the database is on a server of which none can be made. */
  readonly instanceIdentifier: string | undefined;
  /** Snapshots from before upgrades, oldest first. */
  readonly upgrades: readonly UpgradeSnapshotProps[];
  /** Snapshots from before new encryption keys, oldest first. */
  readonly encryptionKeys: readonly UpgradeSnapshotProps[];
  /** Whether Terraform refuses a plan that deletes a snapshot or makes it again. */
  readonly preventDestroy: boolean;
  /** What must exist before: the instance. */
  readonly after: readonly ITerraformDependable[];
}

/** What stands in the place of the instance where no snapshot of it must be made; RDS accepts no such identifier. */
const REFUSED = "must not be created";

/**
 * Snapshots of the platform database, one from before each upgrade and each new encryption key.
 *
 * The newest entry of a list makes a snapshot before the release that depends on it changes. Those before it leave state and
 * stay in the account. Each is made once: Terraform refuses an entry that was lost, a snapshot that was deleted while its entry
 * is the newest (it would be made again from later data), and an entry for a database that does not exist yet.
 */
export class UpgradeSnapshots extends Construct {
  /** The snapshots; the release waits for them. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: UpgradeSnapshotsProps) {
    super(scope, id);
    const { instanceIdentifier, upgrades, encryptionKeys } = props;
    if (instanceIdentifier === undefined) {
      const all = [...upgrades, ...encryptionKeys];
      forget(this, Object.fromEntries(all.map(({ identifier }) => [identifier, "aws_db_snapshot"])));
      this.ready = [];
      return;
    }
    this.ready = [
      ...this.defineList("Upgrades", upgrades, instanceIdentifier, props),
      ...this.defineList("EncryptionKeys", encryptionKeys, instanceIdentifier, props),
    ];
  }

  private defineList(
    id: string,
    list: readonly UpgradeSnapshotProps[],
    instance: string,
    props: UpgradeSnapshotsProps,
  ): readonly ITerraformDependable[] {
    const identifiers = list.map(({ identifier }) => identifier);
    const earlier = identifiers.slice(0, -1);
    for (const identifier of earlier) new RemovedBlock(this, identifier, "aws_db_snapshot");
    const newest = identifiers.slice(-1).map((identifier) => this.defineSnapshot(identifier, instance, props));
    if (props.preventDestroy) this.defineLedger(`${id}Ledger`, earlier, newest);
    return newest;
  }

  private defineSnapshot(identifier: string, instance: string, props: UpgradeSnapshotsProps): DbSnapshot {
    // Of a list, because a data source for one instance fails where there is none.
    const found = new DataAwsDbInstances(this, `Instance-${identifier}`, {
      filter: [{ name: "db-instance-id", values: [instance] }],
    });
    return new DbSnapshot(this, identifier, {
      dbInstanceIdentifier: Fn.conditional(
        Fn.contains(found.instanceIdentifiers, instance),
        instance,
        REFUSED,
      ) as string,
      dbSnapshotIdentifier: identifier,
      // The provider's 20 minutes are too few for a large database, and one that failed is deleted by the next deployment.
      timeouts: { create: "3h" },
      lifecycle: {
        preventDestroy: props.preventDestroy,
        // After a restore Retool runs on another instance; an old snapshot must not be replaced by one of the new data.
        ignoreChanges: ["db_instance_identifier"],
        postcondition: [
          {
            condition: `\${self.db_instance_identifier != "${REFUSED}"}`,
            errorMessage: `${identifier}: the database does not exist yet, so this snapshot would hold nothing; leave this entry of the configuration out, deploy, then add it`,
          },
        ],
      },
      dependsOn: [...props.after],
    });
  }

  /**
   * A record, in state, of the snapshots that were made, by count so that a lost entry is refused too.
   *
   * The id of a snapshot that is about to be made is unknown, which would replace its record, and that is refused.
   */
  private defineLedger(id: string, earlier: readonly string[], newest: readonly DbSnapshot[]): void {
    const made = [...earlier.map((identifier) => JSON.stringify(identifier)), ...newest.map(({ fqn }) => `${fqn}.id`)];
    const ledger = new DataResource(this, id, { count: made.length, lifecycle: { preventDestroy: true } });
    // Terraform refuses to look into an empty list, even where the count is 0.
    ledger.addOverride("triggers_replace", `\${[${[...made, '""'].join(", ")}][count.index]}`);
  }
}
