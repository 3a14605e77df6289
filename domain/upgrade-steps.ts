import type { RetoolVersion } from "./retool-version";
import { lineOf } from "./retool-version";
import type { Interruption, Rollback, UpgradeKind, UpgradeStep } from "./upgrade-plan";

/** Lists what happens, in order. */
export function stepsOf(
  from: RetoolVersion,
  to: RetoolVersion,
  kind: UpgradeKind,
  migrationMinutes: number,
): UpgradeStep[] {
  if (kind === "none") return [];
  return [
    ...before(from, to, kind),
    { by: "helm", what: `starts pods of ${to.tag} beside those of ${from.tag} in every Deployment at once` },
    ...during(from, to, kind, migrationMinutes),
    { by: "helm", what: `ends the pods of ${from.tag} when those of ${to.tag} are ready` },
    ...after(to),
  ];
}

function before(from: RetoolVersion, to: RetoolVersion, kind: UpgradeKind): UpgradeStep[] {
  const rehearse: UpgradeStep = { by: "operator", what: `upgrade a staging environment to ${to.tag} and use it` };
  const snapshot: UpgradeStep = {
    by: "operator",
    what: `add { from: "${from.tag}", to: "${to.tag}" } to retool.upgrades, so that a snapshot is kept`,
  };
  const write: UpgradeStep = { by: "operator", what: `set retoolVersion to "${to.tag}" and deploy` };
  const keep: UpgradeStep = { by: "terraform", what: "takes a snapshot of the database and waits for it" };
  return kind === "migration" ? [rehearse, snapshot, write, keep] : [write];
}

function during(from: RetoolVersion, to: RetoolVersion, kind: UpgradeKind, migrationMinutes: number): UpgradeStep[] {
  if (kind === "patch") return [{ by: "retool", what: "checks the database; a patch generally migrates nothing" }];
  return [
    { by: "retool", what: `migrates the database in the new jobs-runner, for ${migrationMinutes} minutes at most` },
    { by: "retool", what: `waits in all other new pods, while the pods of ${from.tag} serve` },
    ...(lineOf(to) === "4.0" ? [PERMISSIONS] : []),
  ];
}

const PERMISSIONS: UpgradeStep = {
  by: "retool",
  what: "migrates permissions in the background, for about 3 and up to 15 hours; a banner says where it failed",
};

function after(to: RetoolVersion): UpgradeStep[] {
  return [
    { by: "operator", what: "sign in, open an app, run a workflow and start an editing session" },
    {
      by: "users",
      what: `see the old pages once more from their browser's cache, unless they reload hard, then ${to.tag}`,
    },
  ];
}

/** Lists what to watch. */
export function watchOf(kind: UpgradeKind, namespace: string): string[] {
  if (kind === "none") return [];
  const watch = [
    `kubectl get pods -n ${namespace} --watch: no pod restarts, and every Deployment ends with new pods alone`,
    "the database's connections: for some minutes old and new pods hold theirs side by side",
    "autoscaled services: Helm sets them to their fewest pods, and the autoscaler raises them within a minute",
    "editing sessions: a sandbox keeps its old image until it ends",
  ];
  const migrations = `kubectl logs -f deployment/retool-jobs-runner -n ${namespace}: migrations one by one, then their end`;
  return kind === "migration" ? [migrations, ...watch] : watch;
}

/**
 * What the Helm provider does when an operation is cut short (measured with 3.1.1), and how to go on.
 *
 * A failed first install is not among them: every release has `upgrade_install`, so that the next deployment takes it up.
 */
export const INTERRUPTIONS: readonly Interruption[] = [
  {
    sign: "the deployment was killed, and the next says that another operation is in progress",
    remedy: "run cdktf-retool helm-records on the environment: it shows what is stuck, and with --mend takes it away",
  },
  {
    sign: "the deployment waits longer than its timeout and fails",
    remedy: "look at the pods; migrations go on in jobs-runner; deploy the same version again when it is ready",
  },
  {
    sign: 'going back to the old version fails with "Provider produced inconsistent result after apply"',
    remedy: "it was applied: deploy once more, and the plan is empty",
  },
];

/** Says how to go back. */
export function rollbackOf(
  from: RetoolVersion,
  to: RetoolVersion,
  kind: UpgradeKind,
  snapshot = `from before ${to.tag}`,
): Rollback {
  if (kind === "none") return { until: "There is nothing to go back from.", steps: [] };
  const previous = `set retoolVersion to "${from.tag}" and deploy`;
  if (kind === "patch") {
    return {
      until: `At any time before another line is installed: ${lineOf(to)} has one database format.`,
      steps: [previous],
    };
  }
  const back = `add rolledBack: true to the upgrade's entry, ${previous}`;
  return {
    until: `Until people have worked with ${to.tag}: what they did since is lost with the snapshot.`,
    steps: [
      "while migrations still run, wait: pods of the old version serve, and a migration must not be interrupted",
      `where ${to.tag} does not start but the migrations ended, ${back}: they are compatible with the line before`,
      `else restore the snapshot ${snapshot} beside the database: raise database.generation by one, set database.restore to { kind: "snapshot", snapshot: <its name> }, ${back}`,
    ],
  };
}
