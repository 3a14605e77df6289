import fc from "fast-check";
import { generate } from "selfsigned";

import {
  type TemporalPlan,
  type TemporalSpec,
  planTemporal,
  temporalUseViolations,
} from "../../../domain/temporal/temporal";
import { certificateWarnings } from "../../../domain/temporal/tls";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";
import { CERTIFICATE } from "../../support/retool-release";

const cloud = {
  kind: "temporal-cloud",
  namespace: "retool-prod.a1b2c",
  region: "us-east-1",
  clientCertificate: CERTIFICATE,
  privateKeySecret: "retool/temporal-key",
} as const;
const selfHosted = { kind: "self-hosted", host: "temporal.example.com", namespace: "retool-prod" } as const;
const database = {
  kind: "existing",
  host: "temporal-db.example.com",
  user: "temporal",
  secret: "retool/temporal-db",
  addresses: ["10.20.0.0/24"],
} as const;
const local = { kind: "local", database } as const;

const plan = (spec?: TemporalSpec): TemporalPlan => planTemporal(spec, context).plan;
const check = (spec: unknown): string[] => planTemporal(spec as TemporalSpec, context).violations.map(formatViolation);

test.each([
  [selfHosted, "remove it, and use tls: { clientCertificate, privateKeySecret }"],
  [{ kind: "retool-managed" }, "remove it"],
])("an API key is refused in every kind", (spec, remedy) => {
  expect(check({ ...spec, apiKey: "x" })).toEqual([
    `temporal.apiKey: Retool's client logs in to Temporal by certificate only; ${remedy}`,
  ]);
});

test.each(["us-east-1.aws.api.temporal.io", "retool.a1b2c.tmprl.cloud"])("%s is not a self-hosted cluster", (host) => {
  expect(check({ ...selfHosted, host })).toEqual([
    `temporal.host: "${host}" is Temporal Cloud, which Retool's client can use by certificate only; use kind "temporal-cloud" with clientCertificate and privateKeySecret`,
  ]);
});

test("the key for a self-hosted cluster is stored as one for Temporal Cloud is", () => {
  const tls = { clientCertificate: CERTIFICATE, privateKeySecret: "retool/temporal-key" };
  const step = expect.stringContaining("create-secret --name retool/temporal-key --region us-east-1") as string;

  expect(plan({ ...selfHosted, tls }).steps).toContainEqual(step);
  expect(plan(selfHosted).steps).not.toContainEqual(step);
});

test("Retool-managed Temporal is the default and needs nothing but a person", () => {
  expect(plan()).toEqual({
    kind: "retool-managed",
    organizationId: undefined,
    frontend: undefined,
    cluster: undefined,
    taskQueue: undefined,
    copyOf: undefined,
    secrets: [],
    steps: [
      "Sign in to https://retool.example.com as an administrator, open Retool Workflows and click Enroll now: Retool creates a namespace on Temporal Cloud, which takes a few minutes.",
      "Return to Retool Workflows and click Complete setup. Retool then rotates its certificates automatically.",
    ],
    warnings: [
      "Retool-managed Temporal needs Retool's Enterprise plan; without it set temporal to your own (docs/guides/egress.md#temporal).",
    ],
  });
});

describe("Temporal Cloud", () => {
  test("is reached by TLS under the namespace's own name, with a key that stays a secret", () => {
    expect(plan(cloud)).toMatchObject({
      kind: "temporal-cloud",
      frontend: {
        host: "retool-prod.a1b2c.tmprl.cloud",
        port: 7233,
        namespace: "retool-prod.a1b2c",
        tls: true,
        certificate: Buffer.from(CERTIFICATE).toString("base64"),
      },
      secrets: [
        {
          secretName: "retool/temporal-key",
          kubernetesSecret: "retool-temporal",
          key: "temporal-tls-key",
          revision: 1,
        },
      ],
    });
  });

  test.each([CERTIFICATE + CERTIFICATE, CERTIFICATE.replaceAll("\n", "\r\n"), CERTIFICATE.trimEnd()])(
    "takes a certificate with those of its authorities, and however its lines end: %j",
    (clientCertificate) => {
      expect(check({ ...cloud, clientCertificate })).toEqual([]);
    },
  );

  test("hands a replaced key out again when its revision grows", () => {
    expect(plan({ ...cloud, privateKeyRevision: 3 }).secrets[0]?.revision).toBe(3);
  });

  test("in another region costs time", () => {
    expect(plan(cloud).warnings).toHaveLength(1);
    expect(plan({ ...cloud, region: "eu-west-1" }).warnings[1]).toBe(
      "The Temporal namespace is in eu-west-1 and Retool in us-east-1: the distance slows down each step of a workflow.",
    );
  });

  test.each([
    [
      { namespace: "retool-prod" },
      'temporal.namespace: "retool-prod" is not the full name of a namespace; use its name and account as Temporal Cloud shows them, such as retool-prod.a1b2c',
    ],
    [{ region: "us" }, 'temporal.region: "us" is not an AWS region; use a region name such as "us-east-1"'],
    [
      { clientCertificate: "MIIB" },
      "temporal.clientCertificate: the 4 characters given are not a certificate in PEM; use the complete text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
    ],
    [
      { clientCertificate: `${CERTIFICATE}-----BEGIN EC PRIVATE KEY-----\nMIIE\n-----END EC PRIVATE KEY-----\n` },
      "temporal.clientCertificate: holds a private key; remove it and replace the key, which is compromised; a key belongs in privateKeySecret",
    ],
    [
      { clientCertificate: `${CERTIFICATE}and more` },
      `temporal.clientCertificate: the ${CERTIFICATE.length + 8} characters given are not a certificate in PEM; use the complete text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----`,
    ],
    [
      { privateKeySecret: "-----BEGIN PRIVATE KEY-----\nMIIE" },
      "temporal.privateKeySecret: the 32 characters given are not the name of a secret; store the value in Secrets Manager and use the secret's name here",
    ],
    [{ privateKeyRevision: 0 }, "temporal.privateKeyRevision: 0 is out of range; use 1 to 1000000"],
    [
      { apiKeySecret: "retool/temporal-api-key" },
      "temporal.apiKeySecret: Retool's client logs in to Temporal by certificate only; remove it, and use clientCertificate and privateKeySecret",
    ],
    [{ host: "x" }, "temporal.host: is not a known setting; remove it or correct its spelling"],
  ])("refuses %j", (change, message) => {
    expect(check({ ...cloud, ...change })).toContain(message);
  });
});

test.each([cloud, selfHosted, local])("$kind warns that Retool does not support the sandbox on it", (spec) => {
  const unsupported = "Retool does not support the agent sandbox on a Temporal cluster that it does not manage.";

  expect(plan(spec).warnings).toContain(unsupported);
  expect(plan().warnings).not.toContain(unsupported);
});

describe("a cluster that someone else runs", () => {
  test("is reached encrypted, on Temporal's port, unless told otherwise", () => {
    expect(plan(selfHosted).frontend).toEqual({
      host: "temporal.example.com",
      port: 7233,
      namespace: "retool-prod",
      tls: true,
      certificate: undefined,
    });
    expect(plan({ ...selfHosted, port: 17_233 }).frontend?.port).toBe(17_233);
    expect(plan(selfHosted).secrets).toEqual([]);
  });

  test("says that Retool does not support the sandbox there, and what an open connection shows", () => {
    expect(plan(selfHosted).warnings).toHaveLength(1);
    expect(plan({ ...selfHosted, tls: "off" }).warnings).toHaveLength(2);
    expect(plan({ ...selfHosted, tls: "off" }).frontend?.tls).toBe(false);
  });

  test("may ask for a certificate", () => {
    const tls = { clientCertificate: CERTIFICATE, privateKeySecret: "retool/temporal-key" };

    expect(plan({ ...selfHosted, tls }).frontend?.certificate).toBe(btoa(CERTIFICATE));
    expect(plan({ ...selfHosted, tls }).secrets).toHaveLength(1);
  });

  test.each([
    [
      { host: "https://temporal.example.com" },
      'temporal.host: "https://temporal.example.com" is not a host name or an address; use the whole name of the server, such as db.corp.example.com, without a scheme, a port or a path',
    ],
    [{ port: 0 }, "temporal.port: 0 is out of range; use 1 to 65535"],
    [
      { namespace: "temporal-system" },
      'temporal.namespace: "temporal-system" belongs to Temporal itself; create a namespace for Retool',
    ],
    [
      { namespace: "a b" },
      'temporal.namespace: "a b" is not the name of a Temporal namespace; use letters, digits, dots, underscores and hyphens, such as retool-prod',
    ],
  ])("refuses %j", (change, message) => {
    expect(check({ ...selfHosted, ...change })).toEqual([message]);
  });
});

describe("a local cluster", () => {
  test("has its own server and 128 shards for ever", () => {
    const { cluster, secrets, warnings } = plan(local);

    expect(cluster).toEqual({
      server: {
        host: "temporal-db.example.com",
        port: 5432,
        username: "temporal",
        secret: "retool/temporal-db",
        secretRevision: 1,
        addresses: ["10.20.0.0/24"],
      },
      instance: undefined,
      cassandra: undefined,
      historyShards: 128,
    });
    expect(secrets).toEqual([
      { secretName: "retool/temporal-db", kubernetesSecret: "retool-temporal", key: "store-password", revision: 1 },
    ]);
    expect(warnings[1]).toContain("128 history shards");
  });

  test("takes its figures from the configuration", () => {
    const { cluster, secrets } = plan({
      ...local,
      database: { ...database, port: 6432, secretRevision: 2 },
      historyShards: 512,
    });

    expect(cluster?.server?.port).toBe(6432);
    expect(cluster?.historyShards).toBe(512);
    expect(secrets[0]?.revision).toBe(2);
  });

  test("is refused above ten workflows a second unless Cassandra holds them", () => {
    const cassandra = { hosts: ["cassandra.example.com"], user: "temporal", passwordSecret: "retool/cassandra" };

    expect(check({ ...local, peakWorkflowsPerSecond: 10 })).toEqual([]);
    expect(check({ ...local, peakWorkflowsPerSecond: 11 })).toEqual([
      'temporal.peakWorkflowsPerSecond: 11 workflows a second is above the limit of 10 for a local cluster on PostgreSQL; use kind "retool-managed", "temporal-cloud" or "self-hosted", or name a Cassandra cluster (https://docs.retool.com/self-hosted/concepts/temporal)',
    ]);
    expect(check({ ...local, cassandra })).toEqual([
      "temporal.database: has no effect when cassandra is set, which holds everything; remove one of them",
    ]);
    expect(check({ kind: "local", peakWorkflowsPerSecond: 200, cassandra })).toEqual([]);
    expect(plan({ kind: "local", cassandra }).cluster?.cassandra).toEqual({
      hosts: ["cassandra.example.com"],
      port: 9042,
      user: "temporal",
    });
    expect(plan({ kind: "local", cassandra }).secrets[0]?.secretName).toBe("retool/cassandra");
  });

  test.each([
    [
      { historyShards: 100 },
      "temporal.historyShards: 100 is not a number of shards; use 128, 256, 512, 1024, 2048, 4096, 8192, 16384",
    ],
    [
      { database: { ...database, user: "a: b" } },
      'temporal.database.user: "a: b" is not a user\'s name; use letters, digits, underscores and hyphens, and no reserved word of SQL',
    ],
    [
      { database: { ...database, host: "" } },
      'temporal.database.host: "" is not a host name or an address; use the whole name of the server, such as db.corp.example.com, without a scheme, a port or a path',
    ],
    [
      { cassandra: { hosts: [], user: "temporal", passwordSecret: "x" } },
      "temporal.cassandra.hosts: is an empty list; list the hosts of its nodes",
    ],
    [{ peakWorkflowsPerSecond: 0 }, "temporal.peakWorkflowsPerSecond: 0 is out of range; use 1 to 100000 workflows"],
  ])("refuses %j", (change, message) => {
    expect(check({ ...local, ...change })).toEqual([message]);
  });
});

describe("exactly one kind", () => {
  test("is asked for: a mixture is refused", () => {
    expect(check({ ...cloud, database })).toEqual([
      "temporal.database: is not a known setting; remove it or correct its spelling",
    ]);
    expect(check({ kind: "none" })).toHaveLength(1);
  });

  test("is planned: a frontend, a cluster or neither, never both", () => {
    const kinds: TemporalSpec[] = [{ kind: "retool-managed" }, cloud, selfHosted, local];

    expect(kinds.map((spec) => [plan(spec).frontend !== undefined, plan(spec).cluster !== undefined])).toEqual([
      [false, false],
      [true, false],
      [true, false],
      [false, true],
    ]);
  });

  test("never throws, for any input", () => {
    fc.assert(
      fc.property(fc.anything(), (spec) => {
        expect(() => check({ kind: "local", database: spec })).not.toThrow();
      }),
    );
  });
});

describe("the organization of Retool-managed Temporal", () => {
  test.each(["42", "org-42"])(
    "%s is kept for the way out, without what the host name puts before it",
    (organizationId) => {
      expect(plan({ kind: "retool-managed", organizationId }).organizationId).toBe("42");
    },
  );

  test.each(["org-1.atdwz.tmprl.cloud", "abc-", "-abc", "", "a b", "a".repeat(60)])(
    "%j is refused",
    (organizationId) => {
      expect(check({ kind: "retool-managed", organizationId })).toEqual([
        `temporal.organizationId: "${organizationId}" is not the id of an organization; use the part before .atdwz.tmprl.cloud of the namespace that Retool shows after enrollment`,
      ]);
    },
  );
});

describe("a copy of another environment's data", () => {
  test("gets its own queue", () => {
    expect(plan({ kind: "retool-managed", copyOf: "production" }).taskQueue).toBe("workflows-prod");
    expect(plan({ kind: "retool-managed", taskQueue: "blue" }).taskQueue).toBe("blue");
    expect(plan().taskQueue).toBeUndefined();
  });

  test.each([
    [
      { copyOf: "production", taskQueue: "workflows" },
      'temporal.taskQueue: "workflows" is the queue of production, so this copy would run its workflows; remove it, or use a name that no other environment has',
    ],
    [{ copyOf: "prod" }, 'temporal.copyOf: "prod" is this environment; name the original, or remove it'],
    [{ taskQueue: "a b" }, 'temporal.taskQueue: "a b" is not the name of a queue; use letters, digits and hyphens'],
    [
      { taskQueue: "r2-agent" },
      'temporal.taskQueue: "r2-agent" is the queue of Retool\'s agents; use another name, or remove it',
    ],
  ])("refuses %j", (change, message) => {
    expect(check({ kind: "retool-managed", ...change })).toEqual([message]);
  });

  test("cannot run what has no queue that can be named", () => {
    const copy = plan({ kind: "retool-managed", copyOf: "production" });
    const use = { agents: true, appOrchestration: "temporal", postgresFrom: undefined } as const;
    const until =
      'until the copy has its own Temporal (temporal.kind "local" makes one), then set temporal.copyOf to "none"';

    expect(temporalUseViolations(copy, use).map(formatViolation)).toEqual([
      `retool.features.agents: agents of this copy would take the tasks of production, because their queues cannot be renamed; switch agents off ${until} (https://docs.retool.com/self-hosted/self-managed/concepts/best-practices/upgrade-planning)`,
      `retool.appOrchestration: the app builder of this copy would take the tasks of production, because their queues cannot be renamed; use "postgres" ${until} (https://docs.retool.com/self-hosted/self-managed/concepts/best-practices/upgrade-planning)`,
    ]);
    expect(temporalUseViolations(copy, { ...use, agents: false, postgresFrom: "4.47" })[0]?.remedy).toBe(
      `run Retool 4.47 or later and use "postgres" ${until}`,
    );
    expect(temporalUseViolations(copy, { ...use, agents: false, appOrchestration: "postgres" })).toEqual([]);
    expect(temporalUseViolations(plan(), use)).toEqual([]);
    expect(temporalUseViolations(plan({ ...local, copyOf: "production" }), use)).toEqual([]);
  });
});

describe("the end of a client certificate", () => {
  const frontend = {
    host: "retool.a1b2c.tmprl.cloud",
    port: 7233,
    namespace: "retool.a1b2c",
    tls: true,
    certificate: "",
    certificateEnd: "2026-06-30",
  };

  test.each([
    ["2026-05-30", []],
    ["2026-05-31", ["ends on 2026-06-30"]],
    ["2026-06-30", ["ends on 2026-06-30"]],
    ["2026-07-01", ["ended on 2026-06-30, and Temporal refuses it"]],
  ])("on %s is warned of: %j", (today, texts) => {
    const warnings = certificateWarnings(frontend, today);

    expect(warnings).toHaveLength(texts.length);
    for (const [index, text] of texts.entries()) {
      expect(warnings[index]).toContain(`The client certificate of retool.a1b2c ${text}: store a new key, `);
    }
  });

  test("is ignored where there is none, or where it cannot be read", () => {
    expect(certificateWarnings(undefined, "2026-07-01")).toEqual([]);
    expect(certificateWarnings({ ...frontend, certificateEnd: undefined }, "2026-07-01")).toEqual([]);
  });

  test("is in the step that a person must not forget", async () => {
    const { cert } = await generate([{ name: "commonName", value: "client" }], {
      keyType: "ec",
      notAfterDate: new Date("2031-02-03T00:00:00Z"),
    });
    const spec = {
      kind: "temporal-cloud",
      namespace: "retool.a1b2c",
      region: "us-east-1",
      privateKeySecret: "a",
    } as const;
    const { frontend: planned, steps } = planTemporal({ ...spec, clientCertificate: cert }, context).plan;

    expect(planned?.certificateEnd).toBe("2031-02-03");
    expect(steps).toEqual([
      "Store the certificate's private key before the deployment: base64 < client.key | tr -d '\\n' | aws secretsmanager create-secret --name a --region us-east-1 --secret-string file:///dev/stdin",
      "Replace the client certificate of retool.a1b2c before 2031-02-03; Temporal Cloud does not renew it.",
    ]);
  });
});
