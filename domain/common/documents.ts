const DOCS = "https://docs.retool.com";

/** Pages of Retool's documents that decide what is refused. */
export const DOCUMENTS = {
  /** Every stable line in order; also what migrates. */
  upgrades: `${DOCS}/4.86/self-hosted/self-managed/guides/upgrade/4x/upgrade-helm`,
  /** The permissions migration of 4.0. */
  permissions: `${DOCS}/changelog/retool-40-db-migration`,
  /** What 4.0 needs. */
  fourZero: `${DOCS}/changelog/self-hosted-retool-40-stable`,
  /** What orchestrates the app builder. */
  orchestration: `${DOCS}/4.86/self-hosted/self-managed/guides/pg-boss-orchestration-backend`,
  /** The edge channel's support. */
  edge: `${DOCS}/releases/edge`,
  /** Containers, their images and the one version of all of them. */
  containers: `${DOCS}/self-hosted/self-managed/quickstart`,
  /** Workflows a second, and whose cluster serves them. */
  temporal: `${DOCS}/self-hosted/concepts/temporal`,
  /** Copies of production, and their queues. */
  staging: `${DOCS}/self-hosted/self-managed/concepts/best-practices/upgrade-planning`,
  /** Replicas, and the one jobs-runner. */
  scaling: `${DOCS}/self-hosted/concepts/scaling`,
} as const;
