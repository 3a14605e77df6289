import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { type Copies, minuteOf, minutesBetween } from "../status/observed";
import { type Finding, good, judged, problem } from "./finding";

const CHECK = "copies";
const LINK = "docs/runbooks/backup-failed.md";

/** A day, the hour in which a copy may begin, and the six hours that it may take. */
const OLDEST_HOURS = 31;

/** Judges the daily copies in the vault. */
export function copyFindings(
  { backup, context: { region } }: EnvironmentPlan,
  fact: Fact<Copies>,
  at: string,
): Finding[] {
  const failedJobs = (failures: readonly string[]): Finding[] =>
    failures.map((message) =>
      problem(CHECK, {
        what: `a copy failed: ${message}`,
        why: "what can be lost grows by a day",
        remedy: `aws backup list-backup-jobs --region ${region} --by-state FAILED --by-backup-vault-name ${backup.vaultName}`,
        link: LINK,
      }),
    );
  return judged(
    CHECK,
    fact,
    ({ last, failures }) => {
      const failed = judged(CHECK, failures, failedJobs, "after");
      const hours = last === undefined ? undefined : Math.round(minutesBetween(last, at) / 60);
      if (last === undefined || hours === undefined || hours > OLDEST_HOURS)
        return [
          ...failed,
          problem(CHECK, {
            what:
              last === undefined
                ? `the vault ${backup.vaultName} holds no copy yet`
                : `the newest copy in ${backup.vaultName} is ${hours} hours old`,
            why: "only copies in the vault outlive somebody who deletes the database and its snapshots",
            remedy: `${last === undefined ? `wait for the first one, after ${backup.hour}:00 UTC; else ` : ""}aws backup list-backup-jobs --region ${region} --by-backup-vault-name ${backup.vaultName}`,
            link: LINK,
          }),
        ];
      return failed.length > 0 ? failed : good(CHECK, `the newest is of ${minuteOf(last)}`);
    },
    "after",
  );
}
