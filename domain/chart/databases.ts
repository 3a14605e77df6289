import type { DatabasePlan } from "../database/platform";
import type { EnvironmentValue } from "../common/kubernetes";
import { MAINTENANCE_DATABASE } from "../database/retool-database";

/** How pods connect to a PostgreSQL server. */
export interface DatabaseReference {
  /** Host. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** User. */
  readonly user: string;
}

/** The volume of the platform database's authorities, the folder in which pods find it, and the file. */
export const DATABASE_CA = {
  name: "database-authorities",
  folder: "/etc/retool/database-certificate-authorities",
  file: "ca.pem",
} as const;

/**
 * Variables of Retool Database, but for the password, which stands among the secret ones.
 *
 * Retool's installer writes the first four (tryretool/retool-onpremise, install.sh); the last is the name that the platform
 * database's variable has, with this prefix: the instance refuses connections in the clear.
 */
export function retoolDatabaseVariables(server: DatabaseReference | undefined): Record<string, EnvironmentValue> {
  if (server === undefined) return {};
  return {
    RETOOLDB_POSTGRES_HOST: server.host,
    RETOOLDB_POSTGRES_PORT: String(server.port),
    RETOOLDB_POSTGRES_DB: MAINTENANCE_DATABASE,
    RETOOLDB_POSTGRES_USER: server.user,
    RETOOLDB_POSTGRES_SSL_ENABLED: "true",
  };
}

/**
 * Variables by which Retool checks the certificate of the platform database.
 *
 * Source: https://docs.retool.com/reference/environment-variables/storage-database
 */
export function authorityVariables(database: DatabasePlan): Record<string, EnvironmentValue> {
  if (database.caBundle === undefined) return {};
  return {
    // The slash is there for a reader that puts the two together as they are.
    POSTGRES_CUSTOM_SSL_CERT_PATH: `${DATABASE_CA.folder}/`,
    POSTGRES_CUSTOM_SSL_CA_FILE_NAME: DATABASE_CA.file,
  };
}

/**
 * Address of the platform database for the sandboxes' controller and proxy, which check its certificate as well. Both use node-postgres, as the chart
 * says where it makes the address; the one that it makes itself has `sslmode=no-verify`. The password comes from `PGPASSWORD`.
 *
 * Source: https://github.com/brianc/node-postgres/tree/master/packages/pg-connection-string#tcp-connections
 */
export function checkedDatabaseUrl({ host, port, user }: DatabaseReference, database: string): string {
  const checked = `sslmode=verify-full&sslrootcert=${DATABASE_CA.folder}/${DATABASE_CA.file}`;
  return `postgres://${user}@${host}:${port}/${database}?${checked}`;
}
