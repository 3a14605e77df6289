/** Newest major version of RDS for PostgreSQL. Source: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html */
export const NEWEST_POSTGRES = 18;
