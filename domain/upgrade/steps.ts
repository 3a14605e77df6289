import type { RetoolVersion } from "../versions/retool";
import { lineOf } from "../versions/retool";
import type { Interruption, Rollback, UpgradeBackup, UpgradeKind, UpgradeStep } from "./plan";

/** Lists what happens, in order. */
export function stepsOf(
  from: RetoolVersion,
  to: RetoolVersion,
  kind: UpgradeKind,
  { migrationMinutes, backup }: { readonly migrationMinutes: number; readonly backup: UpgradeBackup },
): UpgradeStep[] {
  if (kind === "none") return [];
  return [
    ...before(from, to, kind, backup),
    { by: "helm", what: `starts pods of ${to.tag} in all Deployments at once, while those of ${from.tag} run` },
    ...during(from, to, kind, migrationMinutes),
    { by: "helm", what: `stops the pods of ${from.tag} when those of ${to.tag} are ready` },
    ...after(to),
  ];
}

function before(from: RetoolVersion, to: RetoolVersion, kind: UpgradeKind, backup: UpgradeBackup): UpgradeStep[] {
  const write: UpgradeStep = { by: "operator", what: `set retoolVersion to "${to.tag}" and deploy` };
  if (kind === "patch") return [write];
  const leaves = lineOf(from) === PERMISSIONS_LINE && lineOf(to) !== PERMISSIONS_LINE;
  const said = leaves ? ', permissionsMigration: "complete"' : "";
  const entry = `add { from: "${from.tag}", to: "${to.tag}"${said} } to retool.upgrades`;
  const rehearse: UpgradeStep = { by: "operator", what: `upgrade a staging environment to ${to.tag} and use it` };
  if (backup === "by-operator") return [rehearse, { by: "operator", what: entry }, OWN_BACKUP, write];
  const keep: UpgradeStep = { by: "terraform", what: "takes a snapshot of the database and waits for it" };
  return [rehearse, { by: "operator", what: `${entry}, so that a snapshot is kept` }, write, keep];
}

/** The line with the permissions migration that must be over before any later line. */
export const PERMISSIONS_LINE = "4.0";

const OWN_BACKUP: UpgradeStep = {
  by: "operator",
  what: "make a backup of the database: without database.instance no snapshot is taken",
};

function during(from: RetoolVersion, to: RetoolVersion, kind: UpgradeKind, migrationMinutes: number): UpgradeStep[] {
  if (kind === "patch") return [{ by: "retool", what: "checks the database; a patch generally migrates nothing" }];
  return [
    { by: "retool", what: `migrates the database in the new jobs-runner, for at most ${migrationMinutes} minutes` },
    { by: "retool", what: `keeps all other new pods waiting, while the pods of ${from.tag} serve` },
    ...(lineOf(to) === PERMISSIONS_LINE ? [PERMISSIONS] : []),
  ];
}

const PERMISSIONS: UpgradeStep = {
  by: "retool",
  what: "migrates permissions in the background, for about 3 and up to 15 hours; a banner shows where it failed",
};

function after(to: RetoolVersion): UpgradeStep[] {
  return [
    { by: "operator", what: "sign in, open an app, run a workflow and start an editing session" },
    {
      by: "users",
      what: `see the old pages once more from their browser's cache, then ${to.tag}; a hard reload avoids that`,
    },
  ];
}

/** Lists what to watch. */
export function watchOf(kind: UpgradeKind, namespace: string): string[] {
  if (kind === "none") return [];
  const watch = [
    `kubectl get pods -n ${namespace} --watch: no pod restarts, and every Deployment ends with only new pods`,
    "the database's connections: for some minutes both old and new pods hold connections",
    "autoscaled services: Helm sets them to their minimum, and the autoscaler raises them within a minute",
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
export function interruptionsOf(environment: string): Interruption[] {
  return [
    {
      sign: "the deployment was killed, and the next one reports another operation in progress",
      remedy: `run npx cdktf-retool helm-records ${environment}, which shows what is stuck, then the same with --mend`,
    },
    ...OTHER_INTERRUPTIONS,
  ];
}

const OTHER_INTERRUPTIONS: readonly Interruption[] = [
  {
    sign: "the deployment waits longer than its timeout and fails",
    remedy:
      "look at the pods; migrations continue in jobs-runner; deploy the same version again when the jobs-runner is ready",
  },
  {
    sign: 'rolling back to the old version fails with "Provider produced inconsistent result after apply"',
    remedy: "the rollback did happen; deploy again, and expect an empty plan",
  },
];

/** Says how to go back. */
export function rollbackOf(
  from: RetoolVersion,
  to: RetoolVersion,
  kind: UpgradeKind,
  { snapshot = `from before ${to.tag}`, backup }: { readonly snapshot?: string; readonly backup: UpgradeBackup },
): Rollback {
  if (kind === "none") return { until: "There is nothing to roll back.", steps: [] };
  const previous = `set retoolVersion to "${from.tag}" and deploy`;
  if (kind === "patch") {
    return {
      until: `At any time before another line is installed: ${lineOf(to)} has one database format.`,
      steps: [previous],
    };
  }
  const back = `add rolledBack: true to the upgrade's entry, ${previous}`;
  return {
    until: `Until people have worked with ${to.tag}: later changes are lost when you restore the ${backup === "by-operator" ? "backup" : "snapshot"}.`,
    steps: [
      "while migrations still run, wait: pods of the old version serve, and a migration must not be interrupted",
      `if ${to.tag} does not start but the migrations are complete, ${back}: they are compatible with the line before`,
      `otherwise restore ${restored(backup, snapshot)}, ${back}`,
    ],
  };
}

/** Where the old data comes from, and how Retool gets to it. */
function restored(backup: UpgradeBackup, snapshot: string): string {
  const elsewhere = "to another server, and name that server in database";
  if (backup === "by-operator") return `your backup ${elsewhere}`;
  if (backup === "snapshot-of-existing") return `the snapshot ${snapshot} ${elsewhere}`;
  return `the snapshot ${snapshot} next to the database: raise database.generation by one, set database.restore to { kind: "snapshot", snapshot: <its name> }`;
}
