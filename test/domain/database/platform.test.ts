import fc from "fast-check";

import { rdsAuthorities } from "../../../domain/database/authorities";
import {
  type DatabaseSpec,
  type ExistingDatabaseSpec,
  databaseWarnings,
  planDatabase,
} from "../../../domain/database/platform";
import { checkEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const existing: ExistingDatabaseSpec = {
  kind: "existing",
  host: "db.example.com",
  secret: "corp/retool-db",
  addresses: ["10.20.0.0/24"],
};
const demand = { connections: 300, parts: [{ name: "api", connections: 300 }] };
const refusals = (spec: unknown): string[] =>
  planDatabase(spec as DatabaseSpec, context, demand).violations.map(formatViolation);

const spec: EnvironmentSpec = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.9-stable",
  access: "internal",
  clusterAccess: "private",
  license: "none",
};
const lines = (changes: object): string[] => checkEnvironment({ ...spec, ...changes }).violations.map(formatViolation);

describe("planDatabase", () => {
  test("makes an instance by default, and fills in what a given server leaves out", () => {
    expect(planDatabase(undefined, context, demand).plan).toMatchObject({ kind: "new", identifier: "retool-prod" });
    expect(planDatabase(existing, context, demand)).toEqual({
      plan: {
        kind: "existing",
        host: "db.example.com",
        port: 5432,
        databaseName: "retool",
        username: "retool",
        secret: "corp/retool-db",
        secretRevision: 1,
        addresses: ["10.20.0.0/24"],
        caBundle: undefined,
        connections: 300,
        instance: undefined,
        generation: 1,
      },
      violations: [],
    });
  });

  test.each<[object, string]>([
    [{ kind: "old" }, 'database.kind: "old" fits none of the allowed forms; use "new" or "existing"'],
    [{ host: "https://db" }, 'database.host: "https://db" is not a host name or an address; use the whole name'],
    [{ port: 0 }, "database.port: 0 is out of range; use 1 to 65535"],
    [{ user: "a b" }, 'database.user: "a b" is not a user\'s name; use letters, digits, underscores and hyphens'],
    [{ database: "" }, 'database.database: "" is not a database\'s name; use letters'],
    [{ secretRevision: 0 }, "database.secretRevision: 0 is out of range; use 1 to 1000000"],
    [{ addresses: ["10.0.0.1/8"] }, 'database.addresses[0]: "10.0.0.1/8" has host bits set'],
    [
      { addresses: ["8.0.0.0/7"] },
      "database.addresses[0]: 8.0.0.0/7 covers most of the internet; use the range of its subnet",
    ],
    [{ addresses: [] }, "database.addresses: the list is empty; list the server's ranges, or remove it"],
    [{ addresses: undefined }, 'database.addresses: is missing, and a network policy cannot use the name "db.example'],
    [{ caBundle: "ca.pem" }, "database.caBundle: the 6 characters given are not certificates in PEM; use complete"],
    [{ instance: "-x" }, 'database.instance: "-x" is not the name of an instance; take it from aws rds describe'],
    [{ generation: 0 }, "database.generation: 0 is out of range; use 1 to 99"],
    [
      { maxConnections: 299 },
      "database.maxConnections: the server allows 299 connections, but Retool may open 300 (api 300)",
    ],
    [{ storageGiB: 100 }, "database.storageGiB: is not a known setting; remove it or correct its spelling"],
  ])("refuses %j with path, problem and remedy", (change, line) => {
    expect(refusals({ ...existing, ...change })).toEqual([expect.stringContaining(line)]);
  });

  test("has the certificate of an instance that is made here checked against RDS's authorities in the region", () => {
    const { plan } = planDatabase(undefined, context, demand);

    expect(plan.caBundle?.pem).toBe(rdsAuthorities("us-east-1"));
    expect(databaseWarnings(plan, "us-east-1")).toEqual([]);
  });

  test.each([
    [{ caBundle: "none" }, "us-east-1"],
    [undefined, "us-gov-west-1"],
  ])("warns where %j leaves an instance unchecked in %s", (given, region) => {
    const { plan, violations } = planDatabase(given, { ...context, region }, demand);

    expect([plan.caBundle, violations]).toEqual([undefined, []]);
    expect(databaseWarnings(plan, region)).toEqual([expect.stringContaining("is not checked; ")]);
  });

  test("warns where nothing says who signs the certificate of an existing server", () => {
    const warned = (spec: object): string[] =>
      databaseWarnings(planDatabase({ ...existing, ...spec }, context, demand).plan, "us-east-1");

    expect(warned({})).toEqual([expect.stringContaining("is not checked; set database.caBundle to the PEM")]);
    expect(warned({ caBundle: rdsAuthorities("us-east-1") })).toEqual([]);
  });

  test("takes the authorities of an instance that is made here", () => {
    expect(refusals({ caBundle: "ca.pem" })).toEqual([
      "database.caBundle: the 6 characters given are not certificates in PEM; use complete certificates one after the other, without comments between them",
    ]);
  });

  test("takes no password, and says where it belongs", () => {
    expect([...refusals({ password: "hunter2" }), ...refusals({ ...existing, password: "hunter2" })]).toEqual([
      "database.password: would put a secret into the configuration; remove it: the password of a new database is generated",
      "database.password: would put a secret into the configuration; remove it; store the password in Secrets Manager and name the secret in database.secret",
    ]);
  });

  test("never repeats what stands in the place of a reference", () => {
    const secret = "hunter2 is my password";

    expect(refusals({ ...existing, secret })).toHaveLength(1);
    expect(
      refusals({ ...existing, secret, kind: "mine" })
        .concat(refusals({ ...existing, secret }))
        .join(),
    ).not.toContain("hunter2");
  });

  test("needs no ranges where the host is an address or a Service", () => {
    expect(refusals({ ...existing, host: "10.20.0.9", addresses: undefined })).toEqual([]);
    expect(refusals({ ...existing, host: "pg.data.svc", addresses: undefined })).toEqual([]);
    expect(refusals({ ...existing, maxConnections: 300 })).toEqual([]);
  });

  test("never throws, for any input", () => {
    fc.assert(
      fc.property(fc.anything(), (given) => {
        expect(() => refusals(given)).not.toThrow();
      }),
    );
  });
});

describe("the databases of an environment", () => {
  test.each<[object, string]>([
    [{ database: { engineVersion: "12" } }, "database.engineVersion: PostgreSQL 12 is too old for Retool"],
    [{ retoolDatabase: "shared" }, "retoolDatabase: "],
    [
      { retoolDatabase: { kind: "dedicated", engineVersion: "13" } },
      'retoolDatabase.engineVersion: PostgreSQL 13 is too old for Retool Database; use "14" or later',
    ],
    [
      { retoolDatabase: { kind: "dedicated", storageGiB: 5 } },
      "retoolDatabase.storageGiB: 5 is out of range; use 60 to 65536 GiB",
    ],
    [
      { database: { engineVersion: "13" }, retoolDatabase: "same-instance" },
      "retoolDatabase: PostgreSQL 13 of the platform database is too old for Retool Database",
    ],
    [
      { temporal: { kind: "local", database: { instanceClass: "db.t4g.small" } } },
      "temporal.database.instanceClass: db.t4g.small allows about 169 connections, but Temporal may open 320 " +
        "(frontend 80 + history 80 + matching 80 + worker 80)",
    ],
    [
      { secrets: { retoolDatabasePassword: { kind: "generate" } } },
      "secrets.retoolDatabasePassword: sets a password for a database instance that this configuration does not create; remove it, or set",
    ],
    [
      { database: existing, secrets: { databasePassword: { kind: "generate" } } },
      "secrets.databasePassword: sets a password for a database instance that this configuration does not create; remove it: database.secret names",
    ],
    [
      { retool: { environment: { RETOOLDB_POSTGRES_HOST: "x" } } },
      "retool.environment.RETOOLDB_POSTGRES_HOST: is set by this package or the chart; use retoolDatabase",
    ],
  ])("are refused as %j", (changes, line) => {
    expect(lines(changes)).toEqual([expect.stringContaining(line)]);
  });
});
