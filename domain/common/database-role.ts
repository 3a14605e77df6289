/** Which of an environment's databases an instance holds, and what follows from it. */
export interface DatabaseRole {
  /** What its names add to the environment's prefix; empty for the platform database. */
  readonly suffix: string;
  /** Who opens connections to it, as messages say it. */
  readonly client: string;
  /** Port of the instance. */
  readonly port: number;
  /** Oldest major version of PostgreSQL that the client works with. */
  readonly oldestMajor: number;
}

/**
 * The roles of instances.
 *
 * They stand in the same subnets, which is all that a network policy sees; a separate port keeps the pods that may reach
 * one instance from the others.
 */
export const DATABASE_ROLES = {
  /** Source: https://docs.retool.com/self-hosted/guides/storage-database */
  platform: { suffix: "", client: "Retool", port: 5432, oldestMajor: 13 },
  /** 14.3 or later, and RDS offers no earlier minor version of 14: https://docs.retool.com/docs/retool-database-self-hosted */
  retoolDatabase: { suffix: "-retooldb", client: "Retool Database", port: 5433, oldestMajor: 14 },
  /** The schema of Temporal 1.18 asks for nothing newer. */
  temporal: { suffix: "-temporal", client: "Temporal", port: 5434, oldestMajor: 13 },
} as const satisfies Record<string, DatabaseRole>;
