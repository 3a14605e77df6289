import { Construct } from "constructs";

import type {
  IEncryptionKey,
  IManagedSecret,
  INetwork,
  INetworkPeer,
  IPostgresDatabase,
} from "../constructs/common/contracts";
import { PostgresDatabase as DatabaseResources } from "../constructs/database/postgres-database";
import { secretNameViolations } from "../domain/common/secret-name";
import { hostViolations } from "../domain/common/server-host";
import { instanceMemoryGiB } from "../domain/database/instance-classes";
import type { DatabaseSource } from "../domain/observability/database-alarms";
import { planPostgres, type PostgresSpec } from "../domain/database/instance";
import type { SubnetRanges } from "../domain/network/spec";
import { EncryptionKey } from "./encryption-key";
import { GeneratedSecret } from "./generated-secret";
import { type CommonProps, contextOf, partName, planned, refuse, settingsOf, whereKnown } from "./scope";
import { tag } from "./tags";

/** Settings of a {@link PostgresDatabase}; only the network has no default. */
export interface PostgresDatabaseProps extends CommonProps, Omit<PostgresSpec, "kind" | "databaseName" | "username"> {
  /**
   * Name of the database.
   *
   * @default "app"
   */
  readonly databaseName?: string;
  /**
   * Name of the administrator.
   *
   * @default "app"
   */
  readonly username?: string;
  /** Network whose database subnets hold the instance. */
  readonly network: INetwork;
  /**
   * Connections that clients open at most; the default of `instanceClass` follows from them.
   *
   * @default 200
   */
  readonly connections?: number;
  /**
   * Key of storage, backups, logs and Performance Insights.
   *
   * @default - a new one
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Password of the administrator.
   *
   * @default - a new one in Secrets Manager
   */
  readonly password?: IManagedSecret;
}

/** A database that exists, and the secret that holds its password. */
export interface ExistingPostgresDatabase {
  /** Host name or address. */
  readonly host: string;
  /**
   * Port.
   *
   * @default 5432
   */
  readonly port?: number;
  /** Name of the database. */
  readonly databaseName: string;
  /** User. */
  readonly username: string;
  /** Name of the secret in Secrets Manager whose whole string is the password. */
  readonly secretName: string;
  /**
   * Number to raise after the stored password was changed.
   *
   * @default 1
   */
  readonly secretRevision?: number;
  /**
   * Address ranges of the server, which pods of a {@link RetoolRelease} may reach.
   *
   * @default - the database subnets of the cluster's network
   */
  readonly addresses?: readonly string[];
}

/**
 * PostgreSQL on Amazon RDS: encrypted, TLS only, private, with a standby in a second zone, backups and protection from deletion.
 *
 * About $270 a month for the defaults in us-east-1 (db.m7g.large over two zones, 100 GiB).
 *
 * @example
 * ```ts
 * const database = new PostgresDatabase(this, "Database", { network, engineVersion: "17" });
 * database.allowFrom("App", { securityGroupId });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class PostgresDatabase extends Construct implements IPostgresDatabase {
  /** {@inheritDoc IPostgresDatabase.host} */
  public readonly host: string;
  /** {@inheritDoc IPostgresDatabase.port} */
  public readonly port: number;
  /** {@inheritDoc IPostgresDatabase.databaseName} */
  public readonly databaseName: string;
  /** {@inheritDoc IPostgresDatabase.username} */
  public readonly username: string;
  /** Password of the administrator. */
  public readonly password: IManagedSecret;
  /** ARN of the instance. */
  public readonly instanceArn: string;
  /** Memory, storage and connections, by which alarms are set. */
  public readonly capacity: Omit<DatabaseSource, "identifier">;
  /** Identifier of the instance. */
  public readonly instanceIdentifier: string;
  /** Security group in front of the instance. */
  public readonly securityGroupId: string;
  /** Address ranges of the instance; absent where the network's are not known. */
  public readonly addresses?: readonly string[];

  private readonly resources: DatabaseResources;

  public constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    super(scope, id);
    tag(this, props.tags);
    const context = contextOf(scope, id, props);
    const { network, connections = 200, encryptionKey, password, ...spec } = settingsOf(props);
    const plan = planned(
      [scope, id, props],
      planPostgres({ databaseName: "app", username: "app", ...spec }, context, { connections }),
      "database",
    );
    const { dataProtection } = props;
    const key =
      encryptionKey ??
      new EncryptionKey(this, "Key", { ...partName(props, "key"), dataProtection, services: ["cloudwatch-logs"] });
    this.password =
      password ??
      new GeneratedSecret(this, "Password", { ...partName(props, "password"), dataProtection, encryptionKey: key });
    this.resources = new DatabaseResources(this, "Database", {
      plan,
      network,
      encryptionKey: key,
      password: this.password,
    });
    this.host = this.resources.host;
    this.port = this.resources.port;
    this.databaseName = this.resources.databaseName;
    this.username = this.resources.username;
    const { instanceClass, storageGiB, connections: most } = plan;
    this.capacity = { memoryGiB: instanceMemoryGiB(instanceClass), storageGiB, connections: most };
    this.instanceIdentifier = this.resources.instanceIdentifier;
    this.instanceArn = this.resources.instanceArn;
    this.securityGroupId = this.resources.securityGroupId;
    if (network.ranges !== undefined) this.addresses = rangesOf(network.ranges);
  }

  /**
   * Lets a peer open connections to the database.
   *
   * @param id - Names the rule; changing it replaces the rule.
   * @param peer - Where the connections come from.
   */
  public allowFrom(id: string, peer: INetworkPeer): void {
    this.resources.allowFrom(id, peer);
  }

  /**
   * A database that exists, with the secret of its password; the plan stops where there is no such secret.
   *
   * @param scope - Where the secret is read.
   * @param id - Id of what reads it.
   * @param server - The server, its user and the secret.
   * @throws `ConfigurationError` with every problem of host and secret.
   */
  public static fromSecret(
    scope: Construct,
    id: string,
    server: ExistingPostgresDatabase,
  ): IPostgresDatabase & { readonly password: IManagedSecret; readonly addresses?: readonly string[] } {
    const { port = 5432, secretName, secretRevision, ...place } = server;
    refuse(
      [scope, id, {}],
      [
        ...whereKnown(place.host, (host) => hostViolations(host, "host")),
        ...whereKnown(secretName, (name) => secretNameViolations(name, "secretName")),
      ],
    );
    return { ...place, port, password: GeneratedSecret.fromName(scope, id, secretName, secretRevision) };
  }
}

/** A network without database subnets holds databases in its private ones. */
function rangesOf({ database, private: others }: SubnetRanges): readonly string[] {
  return database.length === 0 ? others : database;
}
