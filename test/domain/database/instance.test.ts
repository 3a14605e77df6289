import fc from "fast-check";

import type { EnvironmentContext } from "../../../domain/common/context";
import { planPostgres, type PostgresDemand, type PostgresSpec } from "../../../domain/database/instance";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const DEMAND: PostgresDemand = { connections: 300 };
const plan = (spec?: PostgresSpec, demand = DEMAND, environment: EnvironmentContext = context) =>
  planPostgres(spec, environment, demand);
const refusals = (spec: PostgresSpec, demand = DEMAND): string[] => plan(spec, demand).violations.map(formatViolation);

const wrongNumber = (value: number): string => (Number.isInteger(value) ? "out of range" : "not a whole number");

describe("planPostgres", () => {
  test("is safe in production by default", () => {
    expect(plan()).toEqual({
      plan: {
        kind: "new",
        port: 5432,
        connections: 300,
        identifier: "retool-prod",
        sharedName: "retool-prod",
        tags: { "cdktf-retool/database-of": "retool-prod" },
        databaseName: "retool",
        username: "retool",
        generation: 1,
        restore: undefined,
        engineVersion: "17",
        parameterGroupFamily: "postgres17",
        parameters: {
          "rds.force_ssl": "1",
          log_connections: "1",
          log_disconnections: "1",
          log_min_duration_statement: "1000",
          log_parameter_max_length: "0",
          log_parameter_max_length_on_error: "0",
          default_transaction_isolation: "read committed",
        },
        instanceClass: "db.m7g.large",
        storageGiB: 100,
        maxStorageGiB: 500,
        multiAz: true,
        backupRetentionDays: 14,
        backupWindow: "05:00-06:00",
        maintenanceWindow: "sun:06:30-sun:07:30",
        applyImmediately: false,
        allowMajorVersionUpgrade: false,
        performanceInsightsDays: 7,
        logRetentionDays: 90,
        monitoringIntervalSeconds: 60,
        monitoringRolePrefix: "retool-prod-database-monitoring-",
        monitoringPolicyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
        deletionProtection: true,
        skipFinalSnapshot: false,
        preventDestroy: true,
      },
      violations: [],
    });
  });

  test.each<[PostgresSpec, object]>([
    [{ engineVersion: "13" }, { engineVersion: "13", parameterGroupFamily: "postgres13" }],
    [{ engineVersion: "18" }, { engineVersion: "18", parameterGroupFamily: "postgres18" }],
    [{ instanceClass: "db.r7g.large" }, { instanceClass: "db.r7g.large" }],
    [{ storageGiB: 60 }, { storageGiB: 60, maxStorageGiB: 300 }],
    [{ storageGiB: 60_000 }, { maxStorageGiB: 65_536 }],
    [{ maxStorageGiB: 110 }, { storageGiB: 100, maxStorageGiB: 110 }],
    [{ multiAz: false }, { multiAz: false }],
    [{ backupRetentionDays: 35 }, { backupRetentionDays: 35 }],
    [{ backupWindow: "01:00-02:00" }, { backupWindow: "01:00-02:00" }],
    [{ maintenanceWindow: "mon:01:00-mon:02:00" }, { maintenanceWindow: "mon:01:00-mon:02:00" }],
    [{ applyImmediately: true }, { applyImmediately: true }],
    [{ allowMajorVersionUpgrade: true, applyImmediately: true }, { allowMajorVersionUpgrade: true }],
    [{ performanceInsightsDays: 731 }, { performanceInsightsDays: 731 }],
    [{ logRetentionDays: 365 }, { logRetentionDays: 365 }],
  ])("honours %j", (spec, expected) => {
    expect(plan(spec)).toMatchObject({ plan: expected, violations: [] });
  });

  test("refuses a major upgrade that would wait for the maintenance window", () => {
    expect(plan({ engineVersion: "18" }).plan.parameters["log_connections"]).toBe(
      "receipt,authentication,authorization",
    );
    expect(plan({ engineVersion: "18", allowMajorVersionUpgrade: true }).violations).toEqual([
      {
        path: "database.allowMajorVersionUpgrade",
        problem: "would upgrade only in the maintenance window, and every deployment would fail until then",
        remedy:
          "set database.applyImmediately to true as well, and deploy when downtime is acceptable (docs/guides/upgrades.md)",
      },
    ]);
  });

  describe("a restored instance", () => {
    test("of a later generation has its own name and the tags of the environment", () => {
      const restore = { kind: "point-in-time", instance: "retool-prod" } as const;

      expect(plan({ generation: 2, restore })).toMatchObject({
        plan: { identifier: "retool-prod-2", tags: { "cdktf-retool/database-of": "retool-prod" }, generation: 2 },
        violations: [],
      });
    });

    test.each<[PostgresSpec["restore"], object]>([
      [
        { kind: "snapshot", snapshot: "rds:old-2026-01-01-05-00" },
        { kind: "snapshot", snapshot: "rds:old-2026-01-01-05-00", copy: "retool-prod-2-restored-from" },
      ],
      [{ kind: "snapshot", snapshot: "awsbackup:job-1f2e3d4c-0000" }, { snapshot: "awsbackup:job-1f2e3d4c-0000" }],
      [
        { kind: "snapshot", snapshot: "arn:aws:rds:us-east-1:111122223333:snapshot:old" },
        { snapshot: "arn:aws:rds:us-east-1:111122223333:snapshot:old" },
      ],
      [
        { kind: "point-in-time", instance: "retool-prod" },
        { kind: "point-in-time", instance: "retool-prod", time: undefined },
      ],
      [
        { kind: "point-in-time", instance: "retool-prod", time: "2026-03-01T09:30:00Z" },
        { time: "2026-03-01T09:30:00Z" },
      ],
    ])("is made from %j", (restore, expected) => {
      expect(plan({ generation: 2, restore })).toMatchObject({ plan: { restore: expected }, violations: [] });
    });

    test.each(["", "with space", "-a", "a--b", "a-", "arn:aws:rds:us-east-1:1:snapshot:x", "arn:aws:s3:::bucket"])(
      "is not made from the snapshot %j",
      (snapshot) => {
        expect(refusals({ restore: { kind: "snapshot", snapshot } })).toEqual([
          `database.restore.snapshot: "${snapshot}" is neither the name nor the ARN of a snapshot; take it from aws rds describe-db-snapshots`,
        ]);
      },
    );

    test("is not made over itself", () => {
      expect(refusals({ restore: { kind: "point-in-time", instance: "retool-prod" } })).toEqual([
        'database.restore.instance: "retool-prod" would be restored onto itself; raise database.generation: a restore creates a new instance and keeps the old one',
      ]);
    });

    test.each(["rds:retool-prod", "awsbackup:job-1", "", "a b"])("is not made from the instance %j", (instance) => {
      expect(refusals({ restore: { kind: "point-in-time", instance } })).toEqual([
        `database.restore.instance: "${instance}" is not the name of an instance; take it from aws rds describe-db-instances`,
      ]);
    });

    test.each(["yesterday", "2026-03-01", "2026-13-01T09:30:00Z", "2026-03-01T24:00:00Z", "2026-03-01T09:30:00+01:00"])(
      "is not made from the time %j",
      (time) => {
        expect(refusals({ restore: { kind: "point-in-time", instance: "old", time } })).toEqual([
          `database.restore.time: "${time}" is not a UTC time; use the form 2026-03-01T09:30:00Z`,
        ]);
      },
    );

    test.each([2, 99])("of generation %d never begins empty", (generation) => {
      expect(refusals({ generation })).toEqual([
        `database.generation: instance ${generation} would be empty, and Retool would switch to it; set database.restore to the source of its data, and keep that setting`,
      ]);
    });

    test.each([0, 100, 1.5])("is not of generation %d", (generation) => {
      expect(refusals({ generation })).toEqual([
        `database.generation: ${generation} is ${wrongNumber(generation)}; use 1 to 99`,
      ]);
    });
  });

  test.each(["abcdefghij_12345", "retool", "a9"])("accepts the name %j of database and user", (name) => {
    expect(plan({ databaseName: name, username: name })).toMatchObject({
      plan: { databaseName: name, username: name },
      violations: [],
    });
  });

  const NAMES =
    "use a lower-case letter and then letters, digits and underscores, and no reserved word of RDS or SQL; at most";

  test.each([
    "Retool",
    "9a",
    "_x",
    "a-b",
    "",
    "admin",
    "user",
    "pg_x",
    "rdsadmin",
    "template1",
    "rds_x",
    "a".repeat(64),
  ])("refuses the name %j of database and user", (name) => {
    expect(refusals({ databaseName: name, username: name })).toEqual([
      `database.databaseName: "${name}" is not the name of a database; ${NAMES} 63 characters`,
      `database.username: "${name}" is not the name of a user; ${NAMES} 16 characters, or 63 in a restored instance`,
    ]);
  });

  test("makes no administrator with a name over 16 characters, but takes one that comes with the data", () => {
    const username = "hammerhead_production";
    const restore = { kind: "snapshot", snapshot: "from-ecs" } as const;

    expect(refusals({ databaseName: username, username })).toEqual([
      `database.username: "${username}" is not the name of a user; ${NAMES} 16 characters, or 63 in a restored instance`,
    ]);
    expect(refusals({ databaseName: username, username, restore })).toEqual([]);
    expect(refusals({ username: "a".repeat(64), restore })).toHaveLength(1);
  });

  test("takes a setting that is undefined for one that is left out", () => {
    expect(plan({ multiAz: undefined, storageGiB: undefined, engineVersion: undefined })).toEqual(plan());
  });

  test.each([
    ["retain", { deletionProtection: true, skipFinalSnapshot: false, preventDestroy: true }],
    ["disposable", { deletionProtection: false, skipFinalSnapshot: true, preventDestroy: false }],
  ] as const)("under %s", (dataProtection, expected) => {
    expect(plan({}, DEMAND, { ...context, dataProtection }).plan).toMatchObject(expected);
  });

  test("keeps the beginning of a role's name within what IAM accepts", () => {
    const { monitoringRolePrefix } = plan({}, DEMAND, { ...context, prefix: `retool-${"x".repeat(40)}` }).plan;

    expect(monitoringRolePrefix).toMatch(/^retool-x+-[0-9a-f]{8}-$/);
    expect(monitoringRolePrefix).toHaveLength(38);
  });

  test("names the policy in the partition of the region", () => {
    expect(plan({}, DEMAND, { ...context, region: "us-gov-west-1" }).plan.monitoringPolicyArn).toBe(
      "arn:aws-us-gov:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    );
  });

  test.each([
    ["12", 'PostgreSQL 12 is too old for Retool; use "13" or later'],
    ["9.6", 'PostgreSQL 9.6 is too old for Retool; use "13" or later'],
    ["19", 'RDS does not offer PostgreSQL 19; use "18" or earlier'],
    [
      "16.8",
      '"16.8" is a minor version, which RDS retires after about a year; use "16"; RDS keeps the minor version current',
    ],
    ["latest", '"latest" is not a major version of PostgreSQL; use a value such as "17"'],
    ["", '"" is not a major version of PostgreSQL; use a value such as "17"'],
    ["017", '"017" is not a major version of PostgreSQL; use a value such as "17"'],
  ])("refuses the version %j", (engineVersion, message) => {
    expect(refusals({ engineVersion })).toEqual([`database.engineVersion: ${message}`]);
  });

  test.each([59, 5, 0, -1, 65_537, 100.5, 1e9])("refuses %d GiB of storage", (storageGiB) => {
    expect(refusals({ storageGiB })).toEqual([
      `database.storageGiB: ${storageGiB} is ${wrongNumber(storageGiB)}; use 60 to 65536 GiB`,
    ]);
  });

  test.each([
    [100, 109, 110],
    [100, 50, 110],
    [101, 111, 112],
    [60, 65_537, 66],
    [100, 200.5, 110],
    [65_000, 65_535, 65_536],
  ])("refuses, for %d GiB of storage, a ceiling of %d GiB", (storageGiB, maxStorageGiB, least) => {
    expect(refusals({ storageGiB, maxStorageGiB })).toEqual([
      `database.maxStorageGiB: ${maxStorageGiB} is ${wrongNumber(maxStorageGiB)}; use ${least} to 65536 GiB`,
    ]);
  });

  test.each([0, 36, 1.5])("refuses to keep backups for %d days", (backupRetentionDays) => {
    expect(refusals({ backupRetentionDays })).toEqual([
      `database.backupRetentionDays: ${backupRetentionDays} is ${wrongNumber(backupRetentionDays)}; use 1 to 35 days`,
    ]);
  });

  test.each([7, 31, 62, 713, 731])("accepts %d days of Performance Insights", (performanceInsightsDays) => {
    expect(refusals({ performanceInsightsDays })).toEqual([]);
  });

  test.each([0, 6, 8, 30, 32, 714, 732, 744])("refuses %d days of Performance Insights", (performanceInsightsDays) => {
    expect(refusals({ performanceInsightsDays })).toEqual([
      `database.performanceInsightsDays: Performance Insights cannot keep ${performanceInsightsDays} days; use 7, a multiple of 31 up to 713, or 731`,
    ]);
  });

  test("refuses a log retention that CloudWatch does not know", () => {
    expect(refusals({ logRetentionDays: 42 })).toEqual([
      "database.logRetentionDays: CloudWatch Logs cannot keep logs for 42 days; use one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ]);
  });

  test("grows the instance with the connections Retool may open", () => {
    expect(plan({}, { connections: 2000 })).toMatchObject({
      plan: { instanceClass: "db.m7g.2xlarge" },
      violations: [],
    });
  });

  test("refuses a class that admits too few connections, and shows the sum", () => {
    const parts = [
      { name: "api", connections: 80 },
      { name: "workflows", connections: 400 },
    ];

    expect(refusals({ instanceClass: "db.t4g.medium" }, { connections: 480, parts })).toEqual([
      "database.instanceClass: db.t4g.medium allows about 372 connections, but Retool may open 480 (api 80 + workflows 400); use db.m7g.large or larger, or fewer replicas",
    ]);
  });

  test("accepts exactly as many connections as the class admits", () => {
    expect(refusals({ instanceClass: "db.t4g.medium" }, { connections: 372 })).toEqual([]);
    expect(refusals({ instanceClass: "db.t4g.medium" }, { connections: 373 })).toHaveLength(1);
  });

  test("refuses more connections than any class admits", () => {
    expect(refusals({}, { connections: 5000 })).toEqual([
      "database.instanceClass: db.m7g.4xlarge allows about 4995 connections, but Retool may open 5000; use fewer replicas or smaller pools: RDS for PostgreSQL allows at most 5000 connections",
    ]);
  });

  test("refuses a class that RDS does not have", () => {
    expect(refusals({ instanceClass: "db.huge" })).toEqual([
      'database.instanceClass: "db.huge" is not a class that RDS has for PostgreSQL; use one such as db.m7g.large, db.r7g.xlarge or db.t4g.medium',
    ]);
  });

  test("leaves out what is wrong, so that the rest is still checked", () => {
    const { plan: planned, violations } = plan({ storageGiB: 5, instanceClass: "db.t4g.small", generation: 0 });

    expect(planned).toMatchObject({ storageGiB: 100, maxStorageGiB: 500, identifier: "retool-prod" });
    expect(violations.map(({ path }) => path)).toEqual([
      "database.storageGiB",
      "database.generation",
      "database.instanceClass",
    ]);
  });

  test("reports everything at once, under the path it is given", () => {
    const spec = { engineVersion: "12", storageGiB: 5, backupRetentionDays: 0, backupWindow: "x" };

    expect(planPostgres(spec, context, DEMAND, "retoolDatabase").violations.map(({ path }) => path)).toEqual([
      "retoolDatabase.storageGiB",
      "retoolDatabase.backupRetentionDays",
      "retoolDatabase.backupWindow",
      "retoolDatabase.engineVersion",
    ]);
  });

  test("refuses unknown settings and wrong types, and still plans", () => {
    const spec = { engineVersion: 17, password: "hunter2" } as unknown as PostgresSpec;

    expect(plan(spec)).toEqual({ plan: plan().plan, violations: expect.any(Array) });
    expect(refusals(spec)).toEqual([
      "database.engineVersion: 17 has the wrong type; use text in quotes",
      "database.password: is not a known setting; remove it or correct its spelling",
    ]);
  });

  test("never throws, and accepts only what RDS accepts", () => {
    const spec = fc.record(
      { storageGiB: fc.integer(), maxStorageGiB: fc.integer(), engineVersion: fc.string(), instanceClass: fc.string() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(spec, fc.nat(6000), (given, connections) => {
        const { plan: planned, violations } = plan(given, { connections });
        if (violations.length > 0) return;

        expect(planned.maxStorageGiB).toBeGreaterThanOrEqual(planned.storageGiB);
        expect(planned.maxStorageGiB).toBeLessThanOrEqual(65_536);
        expect(planned.storageGiB).toBeGreaterThanOrEqual(60);
        expect(planned.parameterGroupFamily).toMatch(/^postgres1[3-8]$/);
        expect(connections).toBeLessThan(5000);
      }),
    );
  });
});
