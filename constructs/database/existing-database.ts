import { Construct } from "constructs";

import type { ExistingDatabasePlan } from "../../domain/database/platform";
import type { IPostgresDatabase } from "../common/contracts";

/** What an {@link ExistingDatabase} is made from. */
export interface ExistingDatabaseProps {
  /** Where the database is. */
  readonly plan: ExistingDatabasePlan;
}

/** A platform database that exists already; it is used and never changed. */
export class ExistingDatabase extends Construct implements IPostgresDatabase {
  /** {@inheritDoc IPostgresDatabase.host} */
  public readonly host: string;
  /** {@inheritDoc IPostgresDatabase.port} */
  public readonly port: number;
  /** {@inheritDoc IPostgresDatabase.databaseName} */
  public readonly databaseName: string;
  /** {@inheritDoc IPostgresDatabase.username} */
  public readonly username: string;
  /** Identifier of the RDS instance behind the host, where it is one that snapshots can be made of. */
  public readonly instanceIdentifier: string | undefined;

  public constructor(scope: Construct, id: string, { plan }: ExistingDatabaseProps) {
    super(scope, id);
    this.host = plan.host;
    this.port = plan.port;
    this.databaseName = plan.databaseName;
    this.username = plan.username;
    this.instanceIdentifier = plan.instance;
  }
}
