/** Every check of doctor, in the order in which a deployment meets them. */
export const CHECKS = [
  "placeholders",
  "support",
  "tools",
  "credentials",
  "rights",
  "quotas",
  "instances",
  "zone",
  "certificate",
  "license",
  "state",
  "reach",
  "cluster",
  "kubernetes",
  "controllers",
  "nodes",
  "releases",
  "jobs-runner",
  "migrations",
  "services",
  "sandboxes",
  "temporal",
  "targets",
  "database",
  "backups",
  "copies",
  "alarms",
  "drift",
] as const;

/** Name of a check, such as `credentials`. */
export type Check = (typeof CHECKS)[number];
