import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import { rdsAuthorities } from "../../domain/database/authorities";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { CERTIFICATE } from "../support/retool-release";
import { Synthesized } from "../support/synthesize";

type Json = Readonly<Record<string, unknown>>;

const define = (changes: Partial<EnvironmentSpec>): Synthesized =>
  new Synthesized(
    JSON.parse(Testing.synth(new RetoolStack(new App(), { ...prod, ...changes }))) as Synthesized["json"],
  );

const instances = (stack: Synthesized): Json[] => stack.all("aws_db_instance");
const named = (stack: Synthesized, identifier: string): Json =>
  instances(stack).find((one) => one["identifier"] === identifier) ?? {};

/** The values of the Retool release, and the names of the keys of each Secret. */
const release = (stack: Synthesized): Json =>
  JSON.parse(
    String(
      (
        stack.all("helm_release").find(({ name }) => name === "retool")?.["values"] as readonly string[] | undefined
      )?.[0],
    ),
  ) as Json;
const secretKeys = (stack: Synthesized, name: string): string[] =>
  stack
    .all("kubernetes_secret_v1")
    .filter(({ metadata }) => (metadata as Json)["name"] === name)
    .flatMap((secret) => Object.keys(secret["data_wo"] as Json));

interface NodeClass {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly securityGroupSelectorTerms: readonly { readonly id: string }[] };
}

/** The node classes that a release of this package carries. */
const nodeClasses = (stack: Synthesized): NodeClass[] =>
  stack
    .all("helm_release")
    .flatMap(({ values }) => (values ?? []) as string[])
    .flatMap((text) => (JSON.parse(text) as { manifests?: NodeClass[] }).manifests ?? [])
    .filter(({ kind }) => kind === "EC2NodeClass");

const existing = {
  kind: "existing",
  host: "db.corp.example.com",
  port: 6432,
  database: "hammerhead",
  user: "retool_app",
  secret: "corp/retool-db",
  addresses: ["10.20.0.0/24"],
  caBundle: CERTIFICATE,
} as const;

describe("one instance", () => {
  const stack = define({});

  test("is all there is by default", () => {
    expect(instances(stack).map(({ identifier, port }) => [identifier, port])).toEqual([["retool-prod", 5432]]);
    expect(JSON.stringify(release(stack))).not.toContain("RETOOLDB");
    expect(secretKeys(stack, "retool-environment")).toEqual([]);
  });

  test("lets in no node that runs users' code, which might break out", () => {
    const apart = define({ nodePools: { isolateCodeExecution: true } });
    const groups = Object.fromEntries(
      nodeClasses(apart).map(({ metadata, spec }) => [metadata.name, spec.securityGroupSelectorTerms]),
    );
    const admitted = apart
      .all("aws_vpc_security_group_ingress_rule")
      .filter(({ from_port: port }) => port === 5432)
      .map((rule) => ({ id: rule["referenced_security_group_id"] ?? rule["cidr_ipv4"] }));

    expect(admitted).toEqual(groups["retool"]);
    expect(groups["sandbox"]).toEqual([{ id: expect.stringContaining("SandboxSecurityGroup") as string }]);
    expect(groups["code-execution"]).toEqual([{ id: expect.stringContaining("CodeSecurityGroup") as string }]);
  });

  test("holds Retool Database as well where that shares it", () => {
    const shared = define({ retoolDatabase: "same-instance" });
    const { env } = release(shared) as { env: Json };

    expect(instances(shared)).toHaveLength(1);
    expect(env).toMatchObject({
      RETOOLDB_POSTGRES_HOST: expect.stringMatching(/^\$\{aws_db_instance\.Retool_Database_\w+\.address\}$/),
      RETOOLDB_POSTGRES_PORT: "5432",
      RETOOLDB_POSTGRES_DB: "postgres",
      RETOOLDB_POSTGRES_USER: "retool",
      RETOOLDB_POSTGRES_SSL_ENABLED: "true",
    });
    expect(env).not.toHaveProperty("RETOOLDB_POSTGRES_PASSWORD");
    expect(secretKeys(shared, "retool-environment")).toEqual(["RETOOLDB_POSTGRES_PASSWORD"]);
    expect(planEnvironment({ ...prod, retoolDatabase: "same-instance" }).database.connections).toBeGreaterThan(
      planEnvironment(prod).database.connections,
    );
  });
});

describe("its own instance", () => {
  const stack = define({
    retoolDatabase: { kind: "dedicated", storageGiB: 60, multiAz: false, engineVersion: "16" },
    temporal: { kind: "local", database: { instanceClass: "db.r7g.large" } },
  });

  test("has the name, port and size of its role, and the protection of the platform database", () => {
    const [platform, tables, temporal] = ["retool-prod", "retool-prod-retooldb", "retool-prod-temporal"].map(
      (identifier) => named(stack, identifier),
    );

    expect(tables).toMatchObject({ port: 5433, allocated_storage: 60, multi_az: false, engine_version: "16" });
    expect(temporal).toMatchObject({ port: 5434, instance_class: "db.r7g.large", multi_az: true });
    for (const name of [
      "deletion_protection",
      "skip_final_snapshot",
      "backup_retention_period",
      "storage_encrypted",
      "kms_key_id",
      "publicly_accessible",
      "lifecycle",
    ]) {
      expect([tables?.[name], temporal?.[name]]).toEqual([platform?.[name], platform?.[name]]);
    }
    expect(
      stack.all("aws_db_parameter_group").map(({ family, parameter }) => [family, JSON.stringify(parameter)]),
    ).toEqual(
      ["17", "16", "17"].map((major) => [`postgres${major}`, expect.stringContaining('"rds.force_ssl"') as unknown]),
    );
  });

  test("never shares a name, a password or a final snapshot with another", () => {
    for (const key of ["identifier", "password_wo", "final_snapshot_identifier", "db_subnet_group_name"]) {
      expect(new Set(instances(stack).map((one) => JSON.stringify(one[key]))).size).toBe(3);
    }
    expect(stack.all("aws_secretsmanager_secret").map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "retool/prod/database-password",
        "retool/prod/retool-database-password",
        "retool/prod/temporal-database-password",
      ]),
    );
    for (const one of instances(stack)) {
      expect(one["password_wo"]).toMatch(/^\$\{ephemeral\.aws_secretsmanager_secret_version\..+\.secret_string\}$/);
    }
  });

  test("lets the nodes in only on its own port", () => {
    const rules = stack
      .all("aws_vpc_security_group_ingress_rule")
      .map(({ from_port: from, to_port: to }) => [from, to]);

    expect(rules.filter(([from]) => [5432, 5433, 5434].includes(Number(from)))).toEqual([
      [5432, 5432],
      [5433, 5433],
      [5434, 5434],
    ]);
  });

  test("is copied to the vault with the others", () => {
    expect(stack.only("aws_backup_selection")["resources"]).toEqual(
      expect.arrayContaining(
        ["Database", "RetoolDatabase", "TemporalDatabase"].map((id): unknown =>
          expect.stringMatching(new RegExp(`aws_db_instance\\.Retool_${id}_\\w+\\.arn`)),
        ),
      ),
    );
  });

  test("is what its clients are told of", () => {
    const values = release(stack) as { env: Json; "retool-temporal-services-helm": { server: Json } };
    const { server } = values["retool-temporal-services-helm"];
    const { persistence } = server["config"] as { persistence: Record<string, { sql: Json }> };

    expect(values.env).toMatchObject({
      RETOOLDB_POSTGRES_HOST: expect.stringMatching(/^\$\{aws_db_instance\.Retool_RetoolDatabase_/),
      RETOOLDB_POSTGRES_PORT: "5433",
    });
    for (const [store, database] of [
      ["default", "temporal"],
      ["visibility", "temporal_visibility"],
    ] as const) {
      expect(persistence[store]?.sql).toMatchObject({
        host: expect.stringMatching(/^\$\{aws_db_instance\.Retool_TemporalDatabase_/),
        port: 5434,
        user: "retool",
        database,
        existingSecret: "retool-temporal",
        secretKey: "store-password",
        tls: { enabled: true, enableHostVerification: false },
      });
    }
    expect(secretKeys(stack, "retool-temporal")).toEqual(["store-password"]);
  });

  test("moves Temporal's pods to a new password", () => {
    const annotation = (revision: number): unknown => {
      const changed = define({
        temporal: { kind: "local" },
        secrets: { temporalDatabasePassword: { kind: "generate", revision } },
      });
      return (release(changed)["retool-temporal-services-helm"] as { server: Json }).server["podAnnotations"];
    };

    expect(annotation(2)).not.toEqual(annotation(1));
  });
});

describe("a database that exists already", () => {
  const stack = define({ database: { ...existing, generation: 2 }, secrets: {} });

  test("is used, encrypted and checked against its authority, and nothing else is made", () => {
    const values = release(stack) as {
      config: { postgresql: Json };
      env: Json;
      extraManifests: { data: Json }[];
      extraVolumeMounts: { mountPath: string }[];
    };

    expect(instances(stack)).toEqual([]);
    expect(stack.all("aws_db_parameter_group")).toEqual([]);
    expect(values.config.postgresql).toMatchObject({
      host: "db.corp.example.com",
      port: 6432,
      db: "hammerhead",
      user: "retool_app",
      ssl_enabled: true,
      passwordSecretName: "retool-database",
    });
    expect(values.env).toMatchObject({
      POSTGRES_CUSTOM_SSL_CERT_PATH: `${values.extraVolumeMounts[0]?.mountPath ?? ""}/`,
      POSTGRES_CUSTOM_SSL_CA_FILE_NAME: "ca.pem",
    });
    expect(values.extraManifests[0]?.data).toEqual({ "ca.pem": CERTIFICATE });
  });

  test("as an instance that is made here, is checked against RDS's authorities, or those that are given", () => {
    const given = release(define({ database: { caBundle: CERTIFICATE } })) as { extraManifests: object[] };
    const made = release(define({})) as { env: Json; extraManifests: object[] };

    expect(given.extraManifests).toMatchObject([{ data: { "ca.pem": CERTIFICATE } }]);
    expect(made.extraManifests).toMatchObject([{ data: { "ca.pem": rdsAuthorities("us-east-1") } }]);
    expect(made.env).toMatchObject({ POSTGRES_CUSTOM_SSL_CA_FILE_NAME: "ca.pem" });
    expect(release(define({ database: { caBundle: "none" } }))["env"]).not.toHaveProperty(
      "POSTGRES_CUSTOM_SSL_CA_FILE_NAME",
    );
  });

  test("has its password read from the secret that is named, into nothing but Kubernetes", () => {
    expect(stack.json["data"]?.["aws_secretsmanager_secret"]).toBeDefined();
    expect(Object.values(stack.json["data"]?.["aws_secretsmanager_secret"] ?? {}).map((one) => one["name"])).toContain(
      "corp/retool-db",
    );
    expect(stack.all("aws_secretsmanager_secret").map(({ name }) => name)).not.toContain(
      "retool/prod/database-password",
    );
  });

  test("takes the place of the instances before it without deleting them", () => {
    const restore = { kind: "point-in-time", instance: "retool-prod" } as const;
    const before = define({ database: { generation: 2, restore } });
    const removed = JSON.stringify(stack.json["removed"]);
    const guarded =
      /^aws_(db_instance|db_subnet_group|db_parameter_group|cloudwatch_log_group|security_group|iam_role)/;
    const gone = before
      .addresses()
      .filter((address) => guarded.test(address) && address.includes("Retool_Database_"))
      .filter((address) => !stack.addresses().includes(address));

    expect(gone.length).toBeGreaterThanOrEqual(7);
    for (const address of gone) expect(removed).toContain(`"from":"${address}"`);
    expect(removed).toMatch(/aws_db_instance\.Retool_Database_Instance2_/);
    expect(removed).toMatch(/aws_db_instance\.Retool_Database_[0-9A-F]{8}"/);
  });

  test("is copied by nobody here, and snapshots are made of it only where it is an instance of the account", () => {
    const upgrades = [{ from: "4.0.8-stable", to: prod.retoolVersion }];
    const retool = { upgrades };
    const before = define({ retool }).all("aws_db_snapshot");
    const named = define({ retool, database: { ...existing, instance: "corp-retool" } }).all("aws_db_snapshot");
    const without = define({ retool, database: existing });

    expect(before).toHaveLength(1);
    expect(named.map((one) => one["db_instance_identifier"])).toEqual([expect.stringContaining('? "corp-retool" :')]);
    expect(without.all("aws_db_snapshot")).toEqual([]);
    expect(JSON.stringify(without.json["removed"])).toContain('"aws_db_snapshot.');
    expect(JSON.stringify(stack.only("aws_backup_selection")["resources"])).not.toContain("db_instance");
  });

  test("serves Retool Database too, where that shares it", () => {
    const { env } = release(define({ database: existing, retoolDatabase: "same-instance" })) as { env: Json };

    expect(env).toMatchObject({
      RETOOLDB_POSTGRES_HOST: "db.corp.example.com",
      RETOOLDB_POSTGRES_PORT: "6432",
      RETOOLDB_POSTGRES_USER: "retool_app",
    });
  });

  test("can be only for Retool Database", () => {
    const server = { kind: "existing", host: "10.30.0.9", user: "maker", secret: "corp/tables" } as const;
    const elsewhere = define({ retoolDatabase: server });

    expect(instances(elsewhere)).toHaveLength(1);
    expect((release(elsewhere) as { env: Json }).env).toMatchObject({
      RETOOLDB_POSTGRES_HOST: "10.30.0.9",
      RETOOLDB_POSTGRES_PORT: "5432",
      RETOOLDB_POSTGRES_USER: "maker",
    });
  });
});

test("the output names every secret: passwords of further databases and older encryption keys too", () => {
  const { json } = define({
    retoolDatabase: "dedicated",
    temporal: { kind: "local" },
    secrets: { encryptionKey: { kind: "generate", rotations: [{ kind: "generate", oldKey: "retired" }] } },
  });
  const { value } = (json["output"] as unknown as Record<string, { value: string[] }>)["secret_names"]!;
  const made = new Synthesized(json).all("aws_secretsmanager_secret").map(({ name }) => name);

  expect(made.length).toBeGreaterThanOrEqual(7);
  expect(value).toEqual(expect.arrayContaining(made));
  expect(value).toContain("retool/license-key");
});
