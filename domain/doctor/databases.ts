import type { Fact } from "../common/fact";
import { madeInstances } from "../environment/databases";
import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import { type DatabaseState, isServing, minuteOf, minutesBetween } from "../status/observed";
import { type Fault, type Finding, good, judged, problem, warning } from "./finding";

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
    return judged(CHECK, state, (known) => instanceFindings(plan, identifier, connections, known, at), "after");
  });
}

function instanceFindings(
  plan: EnvironmentPlan,
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
        remedy: `${deployCommand(plan)}; if it was deleted, restore it first`,
        link: "docs/guides/restore.md",
      }),
    ];
  const serving = [
    ...statusFindings(identifier, plan.context.region, status),
    ...judged(CHECK, connections, (known) => connectionFindings(identifier, budget, known), "after"),
  ];
  return [
    ...(serving.length > 0 ? serving : [good(CHECK, `${identifier} is ${status}: ${usedOf(budget, connections)}`)]),
    ...(status === "creating" ? [] : backupFindings(identifier, plan.context.region, restorableTo, lastSnapshot, at)),
  ];
}

function usedOf(budget: number, connections: DatabaseState["connections"]): string {
  const measured = "known" in connections ? connections.known : undefined;
  const used = measured === undefined ? `no measurement of its ${budget}` : `${measured} of ${budget}`;
  return `${used} planned connections in the last hour`;
}

function statusFindings(identifier: string, region: string, status: string): Finding[] {
  if (isServing(status)) return [];
  if (status.startsWith("inaccessible-encryption-credentials"))
    return [problem(CHECK, keyFault(identifier, region, status))];
  const fault = {
    what: `${identifier} is ${status}`,
    why: "Retool does not answer while the database does not",
    remedy: `aws rds describe-events --region ${region} --source-type db-instance --source-identifier ${identifier} --duration 1440`,
    link: "docs/runbooks/database.md",
  };
  return [
    /creating|rebooting|upgrading|maintenance|starting/.test(status) ? warning(CHECK, fault) : problem(CHECK, fault),
  ];
}

/**
 * RDS stops an instance whose key it may not use: for seven days it can be started again, then only restored.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 */
function keyFault(identifier: string, region: string, status: string): Fault {
  const what = `${identifier} is ${status}`;
  if (!status.endsWith("-recoverable"))
    return {
      what,
      why: "RDS could not use its KMS key for seven days and does not start it again",
      remedy: "put the key back (docs/runbooks/key-going.md), then restore the newest snapshot",
      link: "docs/guides/restore.md",
    };
  return {
    what,
    why: "its KMS key is disabled or going; after seven days only a restore brings the data back",
    remedy: `put the key back by the runbook, then aws rds start-db-instance --region ${region} --db-instance-identifier ${identifier}`,
    link: "docs/runbooks/key-going.md",
  };
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

function backupFindings(
  identifier: string,
  region: string,
  restorableTo: string | undefined,
  lastSnapshot: Fact<string | undefined>,
  at: string,
): Finding[] {
  if (restorableTo === undefined || minutesBetween(restorableTo, at) > RESTORABLE_MINUTES)
    return [
      problem("backups", {
        what:
          restorableTo === undefined
            ? `${identifier} cannot be restored to any moment: RDS keeps no backups of it`
            : `${identifier} can be restored only to ${minuteOf(restorableTo)}`,
        why: "what was written since would be lost",
        remedy: `aws rds describe-events --region ${region} --source-type db-instance --source-identifier ${identifier} --duration 1440`,
        link: "docs/guides/restore.md",
      }),
    ];
  return judged(
    "backups",
    lastSnapshot,
    (newest) => {
      const snapshot = newest === undefined ? "no snapshot yet" : `last snapshot ${minuteOf(newest)}`;
      return good("backups", `${identifier} is restorable to ${minuteOf(restorableTo)}, ${snapshot}`);
    },
    "after",
  );
}
