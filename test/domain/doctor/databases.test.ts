import { databaseFindings } from "../../../domain/doctor/databases";
import { planEnvironment } from "../../../domain/environment/environment";
import type { DatabaseState } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { DENIED, texts } from "../../support/findings";
import { AT } from "../../support/observed";

const plan = planEnvironment(prod);
const budget = plan.database.connections;
const good: DatabaseState = {
  status: "available",
  connections: { known: 43 },
  restorableTo: "2026-11-29T11:55:00.000Z",
  lastSnapshot: { known: "2026-11-29T03:00:00.000Z" },
};
const judge = (change: Partial<DatabaseState>): string[] =>
  texts(databaseFindings(plan, { database: { known: { ...good, ...change } } }, AT));
const EVENTS =
  "aws rds describe-events --region us-east-1 --source-type db-instance --source-identifier retool-prod --duration 1440";

const BACKUPS = "good retool-prod is restorable to 2026-11-29 11:55 UTC, last snapshot 2026-11-29 03:00 UTC";

describe("the database", () => {
  test("is good", () => {
    expect(judge({})).toEqual([
      `good retool-prod is available: 43 of ${budget} planned connections in the last hour`,
      BACKUPS,
    ]);
    expect(judge({ connections: { known: undefined }, lastSnapshot: { known: undefined } })).toEqual([
      `good retool-prod is available: no measurement of its ${budget} planned connections in the last hour`,
      "good retool-prod is restorable to 2026-11-29 11:55 UTC, no snapshot yet",
    ]);
  });

  test.each<[Partial<DatabaseState>, string]>([
    [
      { status: undefined },
      "problem there is no instance retool-prod; Retool keeps everything in it; npx cdktf deploy prod; if it was deleted, restore it first",
    ],
    [
      { status: "storage-full" },
      `problem retool-prod is storage-full; Retool does not answer while the database does not; ${EVENTS}`,
    ],
    [
      { status: "inaccessible-encryption-credentials-recoverable" },
      "problem retool-prod is inaccessible-encryption-credentials-recoverable; its KMS key is disabled or going; after seven days only a restore brings the data back; put the key back by the runbook, then aws rds start-db-instance --region us-east-1 --db-instance-identifier retool-prod",
    ],
    [
      { status: "inaccessible-encryption-credentials" },
      "problem retool-prod is inaccessible-encryption-credentials; RDS could not use its KMS key for seven days and does not start it again; put the key back (docs/runbooks/key-going.md), then restore the newest snapshot",
    ],
    [
      { connections: { unknown: DENIED } },
      `unknown could not be found out: ${DENIED}; not checked, so it may be broken; let this role do what the message names, or ask the people who may`,
    ],
    [
      { status: "rebooting" },
      `warning retool-prod is rebooting; Retool does not answer while the database does not; ${EVENTS}`,
    ],
    [
      { connections: { known: budget + 1 } },
      `problem retool-prod had ${budget + 1} connections in the last hour; ${budget} are planned; PostgreSQL refuses connections above its own limit, and pages fail; end clients that are not Retool, or set database.instanceClass to a larger one and deploy`,
    ],
    [
      { connections: { known: budget } },
      `warning retool-prod had ${budget} connections in the last hour; ${budget} are planned; PostgreSQL refuses connections above its own limit, and pages fail; end clients that are not Retool, or set database.instanceClass to a larger one and deploy`,
    ],
    [
      { restorableTo: undefined },
      `problem retool-prod cannot be restored to any moment: RDS keeps no backups of it; what was written since would be lost; ${EVENTS}`,
    ],
    [
      { restorableTo: "2026-11-29T10:00:00Z" },
      `problem retool-prod can be restored only to 2026-11-29 10:00 UTC; what was written since would be lost; ${EVENTS}`,
    ],
  ])("%j", (change, expected) => {
    const isOfBackups = "restorableTo" in change;
    const all = [...(isOfBackups ? judge({}).slice(0, 1) : []), expected, ...(isOfBackups ? [] : [BACKUPS])];

    expect(judge(change)).toEqual(change.status === undefined && "status" in change ? [expected] : all);
  });

  test("is not known to somebody without the right", () => {
    expect(texts(databaseFindings(plan, { database: { unknown: DENIED } }, AT))).toEqual([
      `unknown could not be found out: ${DENIED}; not checked, so it may be broken; let this role do what the message names, or ask the people who may`,
    ]);
  });
});
