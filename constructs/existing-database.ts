import { Construct } from "constructs";

import type { ExistingDatabasePlan } from "../domain/database";
import type { IPostgresDatabase } from "./contracts";
import { forget } from "./render-blocks";

/** What an {@link ExistingDatabase} is made from. */
export interface ExistingDatabaseProps {
  /** Where the database is. */
  readonly plan: ExistingDatabasePlan;
}

/**
 * A platform database that exists already; it is used and never changed.
 *
 * It takes the place of an instance that the environment made for itself before. The next apply forgets that instance with
 * everything it needs to go on, and leaves it in the account.
 */
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
    forget(this, formerResources(plan.generation));

    this.host = plan.host;
    this.port = plan.port;
    this.databaseName = plan.databaseName;
    this.username = plan.username;
    this.instanceIdentifier = plan.instance;
  }
}

/** The last instance as its construct had it, and what AWS does not delete while the instance is there. */
function formerResources(generation: number): Record<string, string> {
  const instances = Array.from({ length: generation }, (_, index) => index + 1);
  return Object.fromEntries([
    ...instances.flatMap((number) => [
      [number === 1 ? "Resource" : `Instance${number}`, "aws_db_instance"],
      ...["postgresql", "upgrade"].map((type) => [
        number === 1 ? `Log-${type}` : `Log-${type}-${number}`,
        "aws_cloudwatch_log_group",
      ]),
    ]),
    ["SecurityGroup", "aws_security_group"],
    ["Subnets", "aws_db_subnet_group"],
    ["Parameters", "aws_db_parameter_group"],
    ["MonitoringRole", "aws_iam_role"],
    ["MonitoringPolicy", "aws_iam_role_policy_attachment"],
  ]) as Record<string, string>;
}
