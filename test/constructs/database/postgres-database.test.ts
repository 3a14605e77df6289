import type { IManagedSecret } from "../../../constructs/common/contracts";
import { PostgresDatabase } from "../../../constructs/database/postgres-database";
import type { EnvironmentContext } from "../../../domain/common/context";
import { planPostgres, type PostgresSpec } from "../../../domain/database/instance";
import { context, encryptionKey, network } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

const password: IManagedSecret = {
  secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:s",
  secretName: "s",
  revision: 3,
  ephemeralValue: "${ephemeral.aws_secretsmanager_secret_version.s.secret_string}",
  ready: [],
};

const define = (
  spec: PostgresSpec = {},
  environment: Partial<EnvironmentContext> = {},
  use: (database: PostgresDatabase) => void = () => undefined,
): Synthesized =>
  synthesize((stack) => {
    const { plan } = planPostgres(spec, { ...context, ...environment }, { connections: 300 });
    use(new PostgresDatabase(stack, "Database", { plan, network, encryptionKey, password }));
  });
const instance = (spec: PostgresSpec = {}, environment: Partial<EnvironmentContext> = {}) =>
  define(spec, environment).only("aws_db_instance");

describe("PostgresDatabase", () => {
  test("is private, encrypted and TLS-only for every specification", () => {
    const template = define({ multiAz: false, storageGiB: 60 }, { dataProtection: "disposable" });

    expect(template.only("aws_db_instance")).toMatchObject({
      publicly_accessible: false,
      storage_encrypted: true,
      kms_key_id: encryptionKey.keyArn,
      performance_insights_kms_key_id: encryptionKey.keyArn,
      copy_tags_to_snapshot: true,
    });
    expect(template.only("aws_db_subnet_group")).toMatchObject({ subnet_ids: network.databaseSubnetIds });
    expect(template.only("aws_db_parameter_group")).toMatchObject({
      parameter: expect.arrayContaining([{ name: "rds.force_ssl", value: "1" }]),
    });
    for (const group of template.all("aws_cloudwatch_log_group")) {
      expect(group).toMatchObject({ kms_key_id: encryptionKey.keyArn, retention_in_days: 90 });
    }
  });

  test("gets the password only through a write-only argument", () => {
    const block = instance();

    expect(block).toMatchObject({ password_wo: password.ephemeralValue, password_wo_version: 3 });
    expect(block).not.toHaveProperty("password");
    expect(block).not.toHaveProperty("manage_master_user_password");
  });

  test("logs slow queries and connections, and keeps transactions read committed", () => {
    expect(define().only("aws_db_parameter_group")).toMatchObject({
      name_prefix: "retool-prod-postgres17-",
      family: "postgres17",
      parameter: [
        { name: "rds.force_ssl", value: "1" },
        { name: "log_disconnections", value: "1" },
        { name: "log_min_duration_statement", value: "1000" },
        { name: "log_parameter_max_length", value: "0" },
        { name: "log_parameter_max_length_on_error", value: "0" },
        { name: "default_transaction_isolation", value: "read committed" },
        { name: "log_connections", value: "1" },
      ],
      lifecycle: { create_before_destroy: true },
    });
  });

  test("exports its logs into log groups that exist before RDS would make them", () => {
    const template = define();

    expect(template.all("aws_cloudwatch_log_group").map((group) => group["name"])).toEqual([
      "/aws/rds/instance/retool-prod/postgresql",
      "/aws/rds/instance/retool-prod/upgrade",
    ]);
    expect(template.only("aws_db_instance")).toMatchObject({
      enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"],
      depends_on: expect.arrayContaining([
        expect.stringMatching(/^aws_cloudwatch_log_group\.Database_Log-postgresql_/),
        expect.stringMatching(/^aws_cloudwatch_log_group\.Database_Log-upgrade_/),
        expect.stringMatching(/^aws_iam_role_policy_attachment\.Database_MonitoringPolicy_/),
      ]),
    });
  });

  test("gives enhanced monitoring a role that only RDS assumes", () => {
    const role = define().only("aws_iam_role");

    expect(JSON.parse(role["assume_role_policy"] as string)).toMatchObject({
      Statement: [
        { Effect: "Allow", Principal: { Service: "monitoring.rds.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
    expect(instance()).toMatchObject({ monitoring_interval: 60 });
  });

  test.each<[PostgresSpec, object]>([
    [
      {},
      { engine: "postgres", engine_version: "17", auto_minor_version_upgrade: true, instance_class: "db.m7g.large" },
    ],
    [{}, { storage_type: "gp3", allocated_storage: 100, max_allocated_storage: 500, multi_az: true }],
    [{ engineVersion: "16" }, { engine_version: "16" }],
    [{ instanceClass: "db.r7g.large" }, { instance_class: "db.r7g.large" }],
    [
      { storageGiB: 60, maxStorageGiB: 90 },
      { allocated_storage: 60, max_allocated_storage: 90 },
    ],
    [{ multiAz: false }, { multi_az: false }],
    [{ backupRetentionDays: 30 }, { backup_retention_period: 30 }],
    [{ backupWindow: "01:00-02:00" }, { backup_window: "01:00-02:00" }],
    [{ maintenanceWindow: "mon:06:00-mon:07:00" }, { maintenance_window: "mon:06:00-mon:07:00" }],
    [{ applyImmediately: true }, { apply_immediately: true }],
    [{ allowMajorVersionUpgrade: true, applyImmediately: true }, { allow_major_version_upgrade: true }],
    [{ performanceInsightsDays: 31 }, { performance_insights_retention_period: 31 }],
  ])("honours %j", (spec, expected) => {
    expect(instance(spec)).toMatchObject(expected);
  });

  test("encrypts the logs with their own key where one is given", () => {
    const logsKey = { keyArn: "arn:aws:kms:us-east-1:111122223333:key/logs" };
    const template = synthesize((stack) => {
      const { plan } = planPostgres({}, context, { connections: 300 });
      new PostgresDatabase(stack, "Database", { plan, network, encryptionKey, logsKey, password });
    });

    expect(template.all("aws_cloudwatch_log_group").map((group) => group["kms_key_id"])).toEqual([
      logsKey.keyArn,
      logsKey.keyArn,
    ]);
    expect(template.only("aws_db_instance")).toMatchObject({ kms_key_id: encryptionKey.keyArn });
  });

  test("honours the retention of logs", () => {
    expect(define({ logRetentionDays: 7 }).all("aws_cloudwatch_log_group")[0]).toMatchObject({ retention_in_days: 7 });
  });

  test("protects data by default, with a final snapshot whose name is new in each life", () => {
    expect(instance()).toMatchObject({
      deletion_protection: true,
      skip_final_snapshot: false,
      delete_automated_backups: false,
      final_snapshot_identifier: expect.stringMatching(
        /^retool-prod-final-\$\{aws_security_group\.Database_SecurityGroup_\w+\.id\}$/,
      ),
      lifecycle: { prevent_destroy: true },
    });
  });

  test("stays protected by RDS and by Terraform under retain", () => {
    expect(instance({}, { dataProtection: "retain" })).toMatchObject({
      deletion_protection: true,
      skip_final_snapshot: false,
      delete_automated_backups: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("leaves nothing where data is disposable", () => {
    const block = instance({}, { dataProtection: "disposable" });

    expect(block).toMatchObject({
      deletion_protection: false,
      skip_final_snapshot: true,
      delete_automated_backups: true,
      lifecycle: { prevent_destroy: false },
    });
    expect(block).not.toHaveProperty("final_snapshot_identifier");
  });

  describe("takes over what a killed deployment left behind", () => {
    const template = define();
    const imports = template.json["import"] as unknown as { for_each: string; to: string; id: string }[];

    test("the instance, where its tags say that it is of the same environment", () => {
      const [found] = Object.keys(template.json["data"]!["aws_db_instances"]!);
      const tags = { "cdktf-retool/database-of": "retool-prod" };

      expect(imports).toContainEqual({
        for_each: `\${toset(data.aws_db_instances.${found!}.instance_identifiers)}`,
        to: expect.stringMatching(/^aws_db_instance\.Database_\w+$/),
        id: "${each.value}",
      });
      expect(template.onlyData("aws_db_instances")).toMatchObject({
        filter: [{ name: "db-instance-id", values: ["retool-prod"] }],
        tags,
      });
      expect(template.only("aws_db_instance")["tags"]).toEqual(tags);
    });

    test("each log group, by its whole name", () => {
      const [found] = Object.keys(template.json["data"]!["aws_cloudwatch_log_groups"]!);

      for (const type of ["postgresql", "upgrade"]) {
        expect(imports).toContainEqual({
          for_each: `\${toset(setintersection(tolist(data.aws_cloudwatch_log_groups.${found!}.log_group_names), ["/aws/rds/instance/retool-prod/${type}"]))}`,
          to: expect.stringContaining(`aws_cloudwatch_log_group.Database_Log-${type}_`),
          id: "${each.value}",
        });
      }
      expect(imports).toHaveLength(3);
    });
  });

  describe("restores into a new instance next to the old one", () => {
    const define2 = (restore: PostgresSpec["restore"]): Synthesized => define({ generation: 2, restore });
    const first = Object.keys(define().json["resource"]!["aws_db_instance"]!)[0]!;
    const groups = Object.keys(define().json["resource"]!["aws_cloudwatch_log_group"]!);

    test("that has its own name and address", () => {
      const template = define2({ kind: "point-in-time", instance: "retool-prod" });

      expect(template.only("aws_db_instance")).toMatchObject({ identifier: "retool-prod-2" });
      expect(template.addresses()).not.toContain(`aws_db_instance.${first}`);
    });

    test("and leaves what both use as it is, because the old one still needs it", () => {
      const shared = [
        "aws_security_group",
        "aws_db_subnet_group",
        "aws_db_parameter_group",
        "aws_iam_role",
        "aws_iam_role_policy_attachment",
      ];
      const of = (template: Synthesized): unknown[] => shared.map((type) => template.json["resource"]![type]);

      expect(of(define2({ kind: "point-in-time", instance: "retool-prod" }))).toEqual(of(define()));
    });

    test("and forgets the old one with its logs instead of deleting them", () => {
      const removed = define2({ kind: "point-in-time", instance: "retool-prod" }).json["removed"];

      expect(removed).toEqual(
        [
          `aws_db_instance.${first}`,
          expect.stringMatching(/^aws_db_snapshot_copy\.Database_Snapshot-retool-prod_/) as string,
          ...groups.map((name) => `aws_cloudwatch_log_group.${name}`),
        ].map((from) => ({ from, lifecycle: { destroy: false } })),
      );
      expect(define().json).not.toHaveProperty("removed");
    });

    test("and the third forgets the snapshot that the second was made from", () => {
      const restore = { kind: "snapshot", snapshot: "from-ecs" } as const;
      const [copy = ""] = Object.keys(define2(restore).json["resource"]!["aws_db_snapshot_copy"]!);

      expect(define({ generation: 3, restore }).json["removed"]).toContainEqual({
        from: `aws_db_snapshot_copy.${copy}`,
        lifecycle: { destroy: false },
      });
    });

    test.each([
      [undefined, { use_latest_restorable_time: true }],
      ["2026-03-01T09:30:00Z", { restore_time: "2026-03-01T09:30:00Z" }],
    ])("to the time %s", (time, expected) => {
      const template = define2({ kind: "point-in-time", instance: "retool-prod", time });

      expect(template.only("aws_db_instance")["restore_to_point_in_time"]).toEqual({
        source_db_instance_identifier: "retool-prod",
        ...expected,
      });
    });

    test("stops at the plan where the time is still to come", () => {
      const lifecycleOf = (time?: string): unknown =>
        define2({ kind: "point-in-time", instance: "retool-prod", time }).only("aws_db_instance")["lifecycle"];

      expect(lifecycleOf("2026-03-01T09:30:00Z")).toMatchObject({
        precondition: [
          {
            condition: expect.stringMatching(/^\$\{timecmp\(local\.\w+, plantimestamp\(\)\) <= 0\}$/) as string,
            error_message: "database.restore.time: 2026-03-01T09:30:00Z is in the future; use an earlier time",
          },
        ],
      });
      expect(lifecycleOf()).not.toHaveProperty("precondition");
    });

    test("from a snapshot, through a copy under its own key", () => {
      const template = define2({ kind: "snapshot", snapshot: "from-ecs" });
      const [copy] = Object.keys(template.json["resource"]!["aws_db_snapshot_copy"]!);

      expect(template.only("aws_db_snapshot_copy")).toMatchObject({
        source_db_snapshot_identifier: "from-ecs",
        target_db_snapshot_identifier: "retool-prod-2-restored-from",
        kms_key_id: encryptionKey.keyArn,
      });
      expect(template.only("aws_db_instance")["snapshot_identifier"]).toBe(
        `\${aws_db_snapshot_copy.${copy!}.target_db_snapshot_identifier}`,
      );
    });

    test("as large as the snapshot at least, which RDS cannot make smaller", () => {
      const template = define2({ kind: "snapshot", snapshot: "grown" });
      const [copy] = Object.keys(template.json["resource"]!["aws_db_snapshot_copy"]!);

      expect(template.only("aws_db_instance")["allocated_storage"]).toBe(
        `\${max(100, aws_db_snapshot_copy.${copy!}.allocated_storage)}`,
      );
    });

    test("that brings its database, whose name RDS refuses in a restore", () => {
      const restored = [
        define2({ kind: "snapshot", snapshot: "from-ecs" }),
        define2({ kind: "point-in-time", instance: "retool-prod" }),
      ];

      for (const template of restored) expect(template.only("aws_db_instance")).not.toHaveProperty("db_name");
      expect(define().only("aws_db_instance")).toMatchObject({ db_name: "retool" });
    });

    test("under the key of the source, where that is another instance", () => {
      const keyOf = (template: Synthesized): unknown => template.only("aws_db_instance")["kms_key_id"];

      expect(keyOf(define2({ kind: "point-in-time", instance: "elsewhere" }))).toBeUndefined();
      expect(keyOf(define2({ kind: "snapshot", snapshot: "from-ecs" }))).toBe(encryptionKey.keyArn);
      expect(keyOf(define())).toBe(encryptionKey.keyArn);
    });
  });

  test("opens no port until a peer is allowed", () => {
    expect(define().all("aws_vpc_security_group_ingress_rule")).toEqual([]);
  });

  test("allowFrom opens PostgreSQL only to that peer", () => {
    const template = define({}, {}, (database) => {
      database.allowFrom("Nodes", { securityGroupId: "sg-nodes" });
    });

    expect(template.all("aws_vpc_security_group_ingress_rule")).toMatchObject([
      { referenced_security_group_id: "sg-nodes", ip_protocol: "tcp", from_port: 5432, to_port: 5432 },
    ]);
    expect(template.all("aws_vpc_security_group_egress_rule")).toEqual([]);
  });

  test("tells others how to connect", () => {
    const seen: unknown[] = [];
    define({}, {}, ({ port, databaseName, username }) => seen.push({ port, databaseName, username }));

    expect(seen).toEqual([{ port: 5432, databaseName: "retool", username: "retool" }]);
  });
});
