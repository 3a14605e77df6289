import { quote } from "../common/quote";
import type { Problem } from "../common/violation";

/**
 * Words that PostgreSQL reads as its own where a name stands without quotes, and that RDS refuses as names.
 *
 * Source: https://www.postgresql.org/docs/18/sql-keywords-appendix.html, "reserved", and "reserved (can be function or type)".
 */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column " +
    "concurrently constraint create cross current_catalog current_date current_role current_schema current_time " +
    "current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from " +
    "full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime " +
    "localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right " +
    "select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using " +
    "variadic verbose when where window with public none"
  ).split(" "),
);

/**
 * RDS and PostgreSQL keep a few names for themselves; the rest is what an unquoted name in SQL may be.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html; "reserved word used by the
 * engine" and 'starting with "pg_" are reserved' are what RDS answered to others
 */
const SQL_NAME = /^(?!(?:admin|rdsadmin|rdsrepladmin|rdstopmgr|template[01]|rds_.*|pg_.*)$)[a-z][a-z0-9_]{0,62}$/;

const LONGEST_NEW_USERNAME = 16;

/** Finds names that no database on RDS can have. */
export function databaseNameProblem(name: string): Problem | undefined {
  return isSqlName(name) ? undefined : refused(name, "a database", "63 characters");
}

/** Finds names that no administrator on RDS can have, whether the instance is new or restored. */
export function usernameProblem(name: string): Problem | undefined {
  return isSqlName(name) ? undefined : refusedUsername(name);
}

/** Finds names that are too long for an administrator whom RDS makes; one that a restored instance brings may have them. */
export function longUsernameProblem(name: string): Problem | undefined {
  return name.length <= LONGEST_NEW_USERNAME ? undefined : refusedUsername(name);
}

function refusedUsername(name: string): Problem {
  return refused(name, "a user", `${LONGEST_NEW_USERNAME} characters, or 63 in a restored instance`);
}

function isSqlName(name: string): boolean {
  return SQL_NAME.test(name) && !RESERVED_WORDS.has(name);
}

function refused(name: string, owner: string, longest: string): Problem {
  const remedy = "use a lower-case letter and then letters, digits and underscores, and no reserved word of RDS or SQL";
  return { problem: `${quote(name)} is not the name of ${owner}`, remedy: `${remedy}; at most ${longest}` };
}

/** Finds names on an existing server that could not stand in connection strings and in the charts' files as they are. */
export function plainNameProblem(name: string, owner: "user" | "database"): Problem | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(name) && !RESERVED_WORDS.has(name.toLowerCase())) return undefined;
  return {
    problem: `${quote(name)} is not a ${owner}'s name`,
    remedy: "use letters, digits, underscores and hyphens, and no reserved word of SQL",
  };
}
