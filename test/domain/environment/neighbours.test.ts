import { environments } from "../../support/environments";
import { prod } from "../../support/environments/prod";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { checkEnvironment } from "../../../domain/environment/environment";
import { neighbourViolations } from "../../../domain/environment/neighbours";
import { formatViolation } from "../../../domain/common/violation";
import { secondInstance } from "../../support/second-instance";
import { CERTIFICATE } from "../../support/retool-release";

type Changes = Partial<EnvironmentSpec>;

const second = secondInstance(prod);

const problems = (first: Changes, later: Changes): string[] =>
  neighbourViolations({
    prod: checkEnvironment({ ...prod, ...first }).plan,
    // Each has its name as its key, unless it takes the other's.
    [later.name === undefined || later.name === "prod" ? "tools" : later.name]: checkEnvironment({
      ...second,
      ...later,
    }).plan,
  }).map(formatViolation);

const temporal = { kind: "self-hosted", host: "temporal.example.com", namespace: "retool" } as const;
const local = (host: string, port?: number): Changes => ({
  temporal: {
    kind: "local",
    database: { kind: "existing", host, port, secret: "retool/temporal", addresses: ["10.20.0.0/24"] },
  },
});

describe("several environments", () => {
  test("take nothing from each other as they are written", () => {
    const plans = Object.entries(environments).map(([key, spec]) => [key, checkEnvironment(spec).plan]);

    expect(neighbourViolations(Object.fromEntries(plans) as Parameters<typeof neighbourViolations>[0])).toEqual([]);
  });

  test("may share a cluster", () => {
    expect(checkEnvironment(second).violations).toEqual([]);
    expect(checkEnvironment(second).plan.context.namespace).toBe("retool-tools");
    expect(problems({}, {})).toEqual([]);
  });

  test("have their keys as names, so that no two have the same, which is said once", () => {
    const refusal = (key: string): string =>
      `${key}.name: "prod" is not the key of this environment, and commands, stacks and resources go by one name; rename the key to "prod", which changes nothing in AWS, or use the name "${key}" if it was never deployed`;
    const plans = { stg: checkEnvironment({ ...second, name: "prod" }).plan, prod: checkEnvironment(prod).plan };

    expect(problems({}, { name: "prod" })).toEqual([refusal("tools")]);
    expect(neighbourViolations(plans).map(formatViolation)).toEqual([refusal("stg")]);
    expect(neighbourViolations({ acme: checkEnvironment(prod).plan }).map(formatViolation)).toEqual([refusal("acme")]);
  });

  test("may not have the name of a stack of another", () => {
    expect(problems({ layers: true }, { name: "prod-cluster" })).toEqual([
      'prod-cluster.name: "prod-cluster" would have the stack prod-cluster, which is also a stack of prod; use a different one',
    ]);
    expect(problems({}, { name: "prod-cluster" })).toEqual([]);
  });

  test("may not share a namespace in it", () => {
    expect(problems({}, { namespace: "retool" })).toEqual([
      'tools.namespace: "retool" is also the namespace of prod in cluster retool-prod; use a different one, such as "retool-tools"',
    ]);
    expect(problems({}, { namespace: "retool", region: "eu-west-1" })).toEqual([]);
    expect(problems({}, { namespace: "retool", account: "999988887777" })).toEqual([]);
    expect(problems({}, { namespace: "retool", cluster: { ...second.cluster, name: "another" } as never })).toEqual([]);
  });

  test.each(["karpenter", "loadBalancerController", "podIdentityAgent", "metricsServer", "oidcProvider"] as const)(
    "may not both install %s",
    (singleton) => {
      const { has } = second.cluster as { has: object };
      const cluster = { ...second.cluster, has: { ...has, [singleton]: undefined } } as never;

      const retool = { api: { autoscaling: { maxReplicas: 4 } } };
      const blobStorage = { identity: "irsa" } as const;

      expect(problems({ retool, blobStorage }, { cluster, retool, blobStorage })).toEqual([
        `tools.cluster.has.${singleton}: is not set, so it would be installed a second time in cluster retool-prod (prod already installs it); describe the existing installation here`,
      ]);
    },
  );

  test("may not disagree about the version of a cluster that one of them creates", () => {
    const wrong = { cluster: { ...second.cluster, kubernetesVersion: "1.35" } as never };
    const refused = ['tools.cluster.kubernetesVersion: "1.35", but prod creates this cluster with 1.36; use "1.36"'];

    expect(problems({}, wrong)).toEqual(refused);
    expect(
      neighbourViolations({
        tools: checkEnvironment({ ...second, ...wrong }).plan,
        prod: checkEnvironment(prod).plan,
      }).map(formatViolation),
    ).toEqual(refused);
    expect(problems({ cluster: { kubernetesVersion: "1.35" } }, wrong)).toEqual([]);
  });

  test("may not answer under the same name", () => {
    expect(problems({}, { domain: prod.domain })).toEqual([
      "tools.domain: retool.example.com also leads to prod; use another domain",
      "tools.domain: agent-proxy.retool.example.com also leads to prod; use another domain",
    ]);
    expect(problems({}, { domain: prod.domain, account: "999988887777" })).toEqual([]);
  });

  test.each([
    [{ bucketName: "shared" }, "shared"],
    [{ kind: "gcs", bucket: "shared", credentials: "retool/gcs" }, "shared at storage.googleapis.com"],
    [
      { kind: "azure", account: "files", container: "shared", connectionString: "retool/azure" },
      "shared at files.blob.core.windows.net",
    ],
  ] as const)("may not keep files in the same place: %j", (blobStorage, place) => {
    const [problem, ...more] = problems({ blobStorage }, { blobStorage });

    expect(more).toEqual([]);
    expect(problem).toMatch(new RegExp(`^tools\\.blobStorage: ${place}.* is also the storage of prod, `));
    expect(problems({}, { blobStorage })).toEqual([]);
  });

  test("may not work on the same database", () => {
    const on = (host: string, database?: string, port?: number): Changes => ({
      database: { kind: "existing", host, port, database, secret: "retool/database", addresses: ["10.9.0.0/24"] },
    });

    expect(problems(on("db.example.com"), on("db.example.com"))).toEqual([
      "tools.database: retool on db.example.com is also the platform database of prod; give each instance its own database",
    ]);
    expect(problems(on("db.example.com"), on("db.example.com", "retool", 5432))).toHaveLength(1);
    expect(problems(on("db.example.com"), { ...on("db.example.com"), region: "eu-west-1" })).toHaveLength(1);
    expect(problems(on("db.example.com"), on("db.example.com", "retool", 5433))).toEqual([]);
    expect(problems(on("db.example.com"), on("db.example.com", "tools"))).toEqual([]);
    expect(problems(on("db.example.com"), on("db2.example.com"))).toEqual([]);
    expect(problems({}, on("db.example.com"))).toEqual([]);
  });

  test("may not poll the same Temporal namespace, unless one is a copy of the other", () => {
    const cloud = {
      kind: "temporal-cloud",
      namespace: "retool.a1b2c",
      region: "us-east-1",
      clientCertificate: CERTIFICATE,
      privateKeySecret: "retool/key",
    } as const;

    expect(problems({ temporal }, { temporal })).toEqual([
      'tools.temporal.namespace: "retool" on temporal.example.com is also the Temporal namespace of prod, and each would run the other\'s workflows; create a namespace for tools, or set temporal.copyOf if its data is a copy',
    ]);
    expect(problems({ temporal: cloud }, { temporal: cloud })).toHaveLength(1);
    expect(problems({ temporal }, { temporal: { ...temporal, namespace: "tools" } })).toEqual([]);
    expect(problems({ temporal }, { temporal: { ...temporal, host: "other.example.com" } })).toEqual([]);
    expect(problems({ temporal }, {})).toEqual([]);
    expect(problems({ temporal }, { temporal: { ...temporal, copyOf: "prod" } })).toEqual([]);
    expect(problems({ temporal: { ...temporal, copyOf: "tools" } }, { temporal })).toEqual([]);
    expect(problems({ temporal }, { temporal: { ...temporal, copyOf: "staging" } })).toHaveLength(1);
  });

  test("may be copies of the same data where each has its own queue", () => {
    const managed = (more: object): Changes => ({ temporal: { kind: "retool-managed", ...more } });
    const taken = (queue: string): string[] => [
      `tools.temporal.taskQueue: "${queue}" is also the queue of prod, whose data has the same origin, and each would run the other's workflows; remove it in both, or use another name`,
    ];

    expect(problems(managed({ taskQueue: "blue" }), managed({ copyOf: "prod", taskQueue: "blue" }))).toEqual(
      taken("blue"),
    );
    expect(problems(managed({ taskQueue: "workflows-tools" }), managed({ copyOf: "prod" }))).toEqual(
      taken("workflows-tools"),
    );
    expect(problems(managed({ copyOf: "x", taskQueue: "q" }), managed({ copyOf: "x", taskQueue: "q" }))).toEqual(
      taken("q"),
    );
    expect(problems(managed({ copyOf: "x" }), managed({ copyOf: "x" }))).toEqual([]);
    expect(problems({ name: "tools" }, {}).filter((problem) => problem.includes("taskQueue"))).toEqual([]);
    expect(problems(managed({ taskQueue: "blue" }), managed({ copyOf: "other", taskQueue: "blue" }))).toEqual([]);
    expect(problems({ temporal: { ...temporal, copyOf: "x" } }, { temporal: { ...temporal, copyOf: "x" } })).toEqual(
      [],
    );
    expect(
      problems({ temporal: { kind: "local", taskQueue: "blue" } }, managed({ copyOf: "prod", taskQueue: "blue" })),
    ).toEqual([]);
  });

  test("may not keep two local Temporals in the same databases", () => {
    expect(problems(local("db.example.com"), local("db.example.com"))).toEqual([
      "tools.temporal.database: db.example.com also holds the Temporal databases of prod, under the same names; give each instance its own database server",
    ]);
    expect(problems(local("db.example.com"), local("db.example.com", 5433))).toEqual([]);
    expect(problems(local("db.example.com"), local("db2.example.com"))).toEqual([]);
    expect(problems({}, local("db.example.com"))).toEqual([]);
  });
});
