import type { ServiceId } from "./row";

/**
 * People for whom one pod more is there, and where the figure is from.
 *
 * Retool's pages name the services that each kind of load reaches, and no figures
 * (https://docs.retool.com/self-hosted/self-managed/concepts/best-practices/capacity-planning): those here are estimates. Measure, and
 * set `replicas` where yours differ.
 */
export interface Growth {
  /** People who build at the same time. */
  readonly buildersPerPod: number;
  /** People who use apps at the same time. */
  readonly usersPerPod: number;
  /** Where the figures are from. */
  readonly source: "estimated";
}

/** People at the busiest moment. */
export interface People {
  /** Who build. */
  readonly builders: number;
  /** Who use apps. */
  readonly users: number;
}

/** What answers every click in an app and in the editor. */
const ANSWERS = growth(100, 500);

/** What runs the code of apps and workflows. */
const EXECUTES = growth(200, 1000);

/** What the agents of builders keep busy. */
const ASSISTS = growth(100, Infinity);

/** What workflows keep busy, which people start and schedules do. */
const AUTOMATES = growth(500, 2500);

/** Services whose pods follow the people in production. */
export const GROWTH: Readonly<Partial<Record<ServiceId, Growth>>> = {
  api: ANSWERS,
  codeExecutor: EXECUTES,
  jsExecutor: EXECUTES,
  r2Worker: ASSISTS,
  sandboxProxy: ASSISTS,
  workflowsBackend: AUTOMATES,
  workflowsWorker: AUTOMATES,
};

function growth(buildersPerPod: number, usersPerPod: number): Growth {
  return { buildersPerPod, usersPerPod, source: "estimated" };
}
