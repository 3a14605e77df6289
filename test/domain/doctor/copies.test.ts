import { copyFindings } from "../../../domain/doctor/copies";
import { planEnvironment } from "../../../domain/environment/environment";
import type { Copies } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";
import { AT } from "../../support/observed";

const plan = planEnvironment(prod);
const judge = (copies: Copies): string[] => texts(copyFindings(plan, { known: copies }, AT));
const WHY = "only copies in the vault outlive somebody who deletes the database and its snapshots";
const LIST = "aws backup list-backup-jobs --region us-east-1 --by-backup-vault-name retool-prod-backup";
const WAIT = `wait for the first one, after ${plan.backup.hour}:00 UTC; else ${LIST}`;

describe("daily copies", () => {
  test("are good", () => {
    expect(judge({ last: "2026-11-29T02:10:00Z", failures: { known: [] } })).toEqual([
      "good the newest is of 2026-11-29 02:10 UTC",
    ]);
  });

  test("are missing, old, or failed", () => {
    expect(judge({ last: undefined, failures: { known: [] } })).toEqual([
      `problem the vault retool-prod-backup holds no copy yet; ${WHY}; ${WAIT}`,
    ]);
    expect(judge({ last: "2026-11-28T02:10:00Z", failures: { known: [] } })).toEqual([
      `problem the newest copy in retool-prod-backup is 34 hours old; ${WHY}; ${LIST}`,
    ]);
    expect(judge({ last: "2026-11-29T02:10:00Z", failures: { known: ["RDS Access denied"] } })).toEqual([
      "problem a copy failed: RDS Access denied; what can be lost grows by a day; aws backup list-backup-jobs --region us-east-1 --by-state FAILED --by-backup-vault-name retool-prod-backup",
    ]);
  });
});
