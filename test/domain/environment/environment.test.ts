import fc from "fast-check";

import { checkEnvironment, planEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { ConfigurationError, formatViolation } from "../../../domain/common/violation";

const spec: EnvironmentSpec = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.9-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
};

const lines = (changes: object): string[] => checkEnvironment({ ...spec, ...changes }).violations.map(formatViolation);

describe("planEnvironment", () => {
  test("needs nothing but what identifies an environment", () => {
    expect(lines({})).toEqual([]);
    expect(planEnvironment(spec)).toMatchObject({
      context: { prefix: "retool-prod", dataProtection: "protected" },
      state: { kind: "s3", bucket: "cdktf-retool-state-111122223333-us-east-1", key: "prod/terraform.tfstate" },
      workloads: "deploy",
      tags: { Project: "cdktf-retool", Environment: "prod", ManagedBy: "cdktf" },
    });
  });

  test("refuses an hour for copies at which one of its instances admits none", () => {
    const changes = {
      database: { backupWindow: "10:00-11:00" },
      retoolDatabase: { kind: "dedicated", backupWindow: "11:30-12:30" },
      temporal: { kind: "local", database: { maintenanceWindow: "mon:10:30-mon:11:00" } },
    };
    const refused = (hour: number): string[] =>
      lines({ ...changes, backup: { hour } }).map((line) => line.replace(/^.* during (\S+) .*$/, "$1"));

    expect(refused(10)).toEqual([
      "database.backupWindow",
      "retoolDatabase.backupWindow",
      "temporal.database.maintenanceWindow",
    ]);
    expect(refused(14)).toEqual([]);
    expect(lines({ database: { backupWindow: "03:00-04:00" } })).toHaveLength(1);
  });

  test("throws every violation at once", () => {
    const bad = { ...spec, account: "1", region: "mars" };

    expect(() => planEnvironment(bad)).toThrow(ConfigurationError);
    expect(() => planEnvironment(bad)).toThrow(
      'account: "1" is not an AWS account id; use the twelve digits that `aws sts get-caller-identity` prints\n' +
        'region: "mars" is not an AWS region; use a region name such as "us-east-1"',
    );
  });

  test.each([
    [{ acces: "internal" }, "acces: is not a known setting; use access"],
    [{ account: undefined }, "account: is missing; use text in quotes"],
    [{ builders: "20" }, 'builders: "20" is not a number; use 0 to 100000 people'],
    [{ access: [] }, 'access: is an empty list; use address ranges such as "203.0.113.0/24"'],
    [{ access: "world" }, 'access: "world" fits none of the allowed forms; use "internal", or a list: [ ... ]'],
    [
      { name: "Prod" },
      'name: "Prod" is not a name that every AWS resource accepts; use 1 to 20 lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen',
    ],
    ...["cn-north-1", "us-iso-east-1", "us-isob-east-1"].map((region): [object, string] => [
      { region },
      `region: "${region}" is in an AWS partition with other service names; use a region outside China, the European Sovereign Cloud and the isolated partitions`,
    ]),
    [{ license: "" }, 'license: is empty; use the name of a secret, or "none"'],
    [
      { dataProtection: "disposable" },
      'dataProtection: "disposable" would delete the data of an environment named "prod"; use "protected", or use another name for the environment',
    ],
    [
      { dataProtection: "none" },
      'dataProtection: "none" is not one of the allowed values; use "protected" or "retain" or "disposable"',
    ],
    [
      { deployRoleArn: "deploy" },
      'deployRoleArn: "deploy" is not the ARN of an IAM role; use one such as "arn:aws:iam::111122223333:role/name"',
    ],
    ...["arn:aws:iam::444455556666:role/deploy", "arn:aws-us-gov:iam::111122223333:role/deploy"].map(
      (deployRoleArn): [object, string] => [
        { deployRoleArn },
        `deployRoleArn: "${deployRoleArn}" is a role in account ${deployRoleArn.split(":")[4]!} of the partition ${deployRoleArn.split(":")[1]!}; use a role in the environment's own account: arn:aws:iam::111122223333:role/...`,
      ],
    ),
    [{ region: "us-east-9" }, 'region: "us-east-9" is not an AWS region; use a region name such as "us-east-1"'],
    [{ region: "eu-wset-1" }, 'region: "eu-wset-1" is not an AWS region; use a region name such as "eu-west-1"'],
    ...["a--b", "a-", "-a", "twenty-one-characters"].map((name): [object, string] => [
      { name },
      `name: "${name}" is not a name that every AWS resource accepts; use 1 to 20 lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen`,
    ]),
    ...["", "A", "my_bucket", "a..b", "192.168.0.1", "xn--a"].map((bucket): [object, string] => [
      { state: { kind: "s3", bucket } },
      `state.bucket: "${bucket}" is not the name of an S3 bucket; use only its name: 3 to 63 lower-case letters, digits, hyphens and single dots, without an address or ARN around it, and without a prefix or suffix that S3 reserves`,
    ]),
    [{ tags: { "aws:cost": "x" } }, 'tags: "aws:cost" begins with "aws:", which AWS reserves; rename it'],
    ...["kubernetes.io/cluster/x", "karpenter.sh/nodepool", "eks:eks-cluster-name"].map((key): [object, string] => [
      { tags: { [key]: "x" } },
      `tags: "${key}" belongs to Karpenter and EKS; rename it`,
    ]),
    [
      { tags: { "a;b": "x" } },
      'tags: "a;b" is not the key of a tag; use 1 to 128 letters, digits, spaces and _ . : / = + - @',
    ],
    [
      { tags: { Team: "x".repeat(257) } },
      'tags: the value of "Team" has 257 characters, of which AWS takes at most 256 letters, digits, spaces and _ . : / = + - @; shorten it and use only these characters',
    ],
    [
      { tags: Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`t${index}`, ""])) },
      "tags: lists 41 tags; use at most 40",
    ],
    [
      { retool: { api: { autoscaling: { maxReplicas: 1e308 } } } },
      "retool.api.autoscaling.maxReplicas: 1e+308 is out of range; use 1 to 100 pods",
    ],
    [
      { retool: { api: { resources: { cpuMillicores: 9 } } } },
      "retool.api.resources.cpuMillicores: 9 is out of range; use 10 to 64000 millicores",
    ],
    [{ maxRetries: 101 }, "maxRetries: 101 is out of range; use 0 to 100 times"],
    ...["network", "cluster", "sandbox", "nodePools", "database", "secrets", "temporal", "retool", "backup"].map(
      (key): [object, string] => [{ [key]: null }, `${key}: null has the wrong type; use an object: { ... }`],
    ),
    [{ blobStorage: null }, "blobStorage: null has the wrong type; use an object: { ... }"],
    [{ secrets: [] }, "secrets: a list has the wrong type; use an object: { ... }"],
  ])("refuses %j with path, problem and remedy", (changes, line) => {
    expect(lines(changes)).toContain(line);
  });

  test("still checks everything else when a required setting is missing or a part has the wrong type", () => {
    const found = lines({ domain: undefined, network: "large", database: { storageGiB: 5 }, builders: -1 });

    expect(found).toEqual(
      expect.arrayContaining([
        "domain: is missing; use text in quotes",
        expect.stringMatching(/^network: .*; use an object: { ... }$/),
        expect.stringMatching(/^database\.storageGiB: .*60/),
        expect.stringMatching(/^builders: /),
      ]),
    );
  });

  test("shows the sum of the connections where a database takes too few", () => {
    const [line] = lines({
      database: { instanceClass: "db.t4g.small" },
      builders: 20,
      retool: { api: { replicas: 12 } },
    });

    expect(line).toMatch(/^database\.instanceClass: .*api.*agent-sandbox/);
  });

  test("never throws for any input, and always says what to do", () => {
    const anything = fc.dictionary(
      fc.constantFrom(
        ...Object.keys(spec),
        "builders",
        "network",
        "cluster",
        "sandbox",
        "nodePools",
        "database",
        "dns",
        "frontDoor",
        "secrets",
        "temporal",
        "egress",
        "retool",
        "state",
        "tags",
        "x",
      ),
      fc.anything({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(anything, (changes) => {
        for (const { path, problem, remedy } of checkEnvironment({ ...spec, ...changes }).violations) {
          expect(path).not.toBe("");
          expect(problem).not.toBe("");
          expect(remedy).not.toBe("");
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    [20, 25],
    [200, 205],
    [1000, 1005],
  ])("follows %i builders through every number", (builders, pods) => {
    const { capacity, network } = planEnvironment({
      ...spec,
      builders,
      ...(builders > 200 ? { network: { cidr: "10.0.0.0/16", zones: 3 } } : {}),
    });

    expect(capacity.podsAtPeak).toBe(pods);
    expect(capacity.maxTotalJobs).toBe(Math.max(50, pods));
    expect(capacity.sandboxPool.limits.cpu * 1000).toBeGreaterThanOrEqual(
      capacity.maxTotalJobs * capacity.sandbox.cpuMillicores,
    );
    expect(network.privateCidrs).toHaveLength(3);
  });
});
