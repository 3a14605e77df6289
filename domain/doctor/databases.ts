import type { Fact } from "../common/fact";
import { madeInstances } from "../environment/databases";
import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import { type DatabaseState, minuteOf, minutesBetween } from "../status/observed";
import { type Finding, good, judged, problem, warning } from "./finding";

const CHECK = "database";

/** Part of the planned connections above which somebody looks before it is too late. */
const NEAR_THE_BUDGET = 0.9;

/** RDS sends its log every five minutes; so long without one, something holds it up. */
const RESTORABLE_MINUTES = 60;

/** Judges each instance: whether it serves, its connections against the budget, and how far it can be restored. */
export function databaseFindings(
  plan: EnvironmentPlan,
  states: Readonly<Record<string, Fact<DatabaseState>>>,
  at: string,
): Finding[] {
  return Object.entries(madeInstances(plan)).flatMap(([path, { identifier, connections }]) => {
    const state = states[path];
    if (state === undefined) return [];
    return judged(
      CHECK,
      state,
      (known) => instanceFindings(deployCommand(plan), identifier, connections, known, at),
      "after",
    );
  });
}

function instanceFindings(
  deploy: string,
  identifier: string,
  budget: number,
  state: DatabaseState,
  at: string,
): Finding[] {
  const { status, connections, restorableTo, lastSnapshot } = state;
  if (status === undefined)
    return [
      problem(CHECK, {
        what: `there is no instance ${identifier}`,
        why: "Retool keeps everything in it",
        remedy: `${deploy}; if it was deleted, restore it first`,
        link: "docs/guides/restore.md",
      }),
    ];
  const found = [
    ...statusFindings(identifier, status),
    ...connectionFindings(identifier, budget, connections),
    ...restoreFindings(identifier, status, restorableTo, at),
  ];
  if (found.length > 0) return found;
  const used =
    connections === undefined
      ? `no measurement of its ${budget} planned connections`
      : `${connections} of ${budget} planned connections`;
  const restorable = restorableTo === undefined ? "" : `, restorable to ${minuteOf(restorableTo)}`;
  const snapshot = lastSnapshot === undefined ? "" : `, last snapshot ${minuteOf(lastSnapshot)}`;
  return [good(CHECK, `${identifier} is ${status}: ${used} in the last hour${restorable}${snapshot}`)];
}

/** States in which RDS serves while it works. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const SERVING = ["available", "backing-up", "configuring-enhanced-monitoring", "modifying", "storage-optimization"];

function statusFindings(identifier: string, status: string): Finding[] {
  if (SERVING.includes(status)) return [];
  const fault = {
    what: `${identifier} is ${status}`,
    why: "Retool does not answer while the database does not",
    remedy: `aws rds describe-events --source-type db-instance --source-identifier ${identifier} --duration 1440`,
    link: "docs/runbooks/database.md",
  };
  return [
    /creating|rebooting|upgrading|maintenance|starting/.test(status) ? warning(CHECK, fault) : problem(CHECK, fault),
  ];
}

function connectionFindings(identifier: string, budget: number, connections: number | undefined): Finding[] {
  if (connections === undefined || connections < NEAR_THE_BUDGET * budget) return [];
  const fault = {
    what: `${identifier} had ${connections} connections in the last hour; ${budget} are planned`,
    why: "PostgreSQL refuses connections above its own limit, and pages fail",
    remedy: "end clients that are not Retool, or set database.instanceClass to a larger one and deploy",
    link: "docs/runbooks/database-connections.md",
  };
  return [connections > budget ? problem(CHECK, fault) : warning(CHECK, fault)];
}

function restoreFindings(identifier: string, status: string, restorableTo: string | undefined, at: string): Finding[] {
  if (status === "creating") return [];
  const late = restorableTo === undefined ? undefined : minutesBetween(restorableTo, at);
  if (late !== undefined && late <= RESTORABLE_MINUTES) return [];
  return [
    problem("backups", {
      what:
        restorableTo === undefined
          ? `${identifier} cannot be restored to any moment: RDS keeps no backups of it`
          : `${identifier} can be restored only to ${minuteOf(restorableTo)}`,
      why: "what was written since would be lost",
      remedy: `aws rds describe-events --source-type db-instance --source-identifier ${identifier} --duration 1440`,
      link: "docs/guides/restore.md",
    }),
  ];
}
