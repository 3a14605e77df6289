import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { Synthesized } from "../support/synthesize";

const define = (spec: Partial<EnvironmentSpec>): Synthesized =>
  new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), { ...prod, ...spec }))) as Synthesized["json"]);

const forgotten = ({ json }: Synthesized): string[] =>
  ((json["removed"] ?? []) as unknown as { from: string; lifecycle: unknown }[]).map(({ from }) => from);

const existing = (name: string): { readonly kind: "existing"; readonly name: string } => ({ kind: "existing", name });

const server = { kind: "existing", host: "10.30.0.9", secret: "corp/database" } as const;

/** What is left of an instance, with its password. */
const instance = (id: string): RegExp =>
  new RegExp(
    `^aws_(db_(instance|subnet_group|parameter_group)|cloudwatch_log_group|security_group|iam_role\\w*|secretsmanager_secret\\w*)\\..*_${id}(Password)?_`,
  );

/** What a team gives up, what it had before, and what must not change then. */
const SWITCHES: readonly (readonly [string, Partial<EnvironmentSpec>, Partial<EnvironmentSpec>, RegExp])[] = [
  [
    "a generated session secret",
    {},
    { secrets: { jwtSecret: existing("own/jwt") } },
    /^aws_secretsmanager_secret(_version)?\..*JwtSecret/,
  ],
  [
    "the generated password",
    {},
    { secrets: { databasePassword: existing("own/password") } },
    /^aws_secretsmanager_secret(_version)?\..*DatabasePassword/,
  ],
  [
    "the generated sandbox keys",
    {},
    { secrets: { sandboxKeys: existing("own/sandbox") } },
    /^aws_secretsmanager_secret(_version)?\..*SandboxKeys/,
  ],
  ["the platform database with its password", {}, { database: server }, instance("Database")],
  ["Retool Database", { retoolDatabase: "dedicated" }, { retoolDatabase: "none" }, instance("RetoolDatabase")],
  [
    "an instance of Retool Database",
    { retoolDatabase: "dedicated" },
    { retoolDatabase: server },
    instance("RetoolDatabase"),
  ],
  ["Temporal's database", { temporal: { kind: "local" } }, {}, instance("TemporalDatabase")],
  [
    "an instance of Temporal's database",
    { temporal: { kind: "local" } },
    { temporal: { kind: "local", database: server } },
    instance("TemporalDatabase"),
  ],
  ["a zone that was made", { dns: { kind: "create" } }, {}, /^aws_route53_zone\./],
  [
    "access logs of the load balancer, with all that closes their bucket,",
    { frontDoor: { accessLogs: { kind: "bucket" } } },
    {},
    /_FrontDoor_AccessLogs/,
  ],
  [
    "a bucket of access logs when the organization's takes them:",
    { frontDoor: { accessLogs: { kind: "bucket" } } },
    { logBucket: { name: "acme-logs" } },
    /_FrontDoor_AccessLogs/,
  ],
  [
    "a bucket of audit events, with all that guards it,",
    { observability: { logs: { kind: "cloudwatch", auditBucketDays: 2555 } } },
    { observability: { logs: { kind: "off" } } },
    /_Logs_AuditBucket_/,
  ],
  [
    "the copies of a second region, with key and lock,",
    { backup: { copyTo: { region: "us-west-2" }, lock: "governance" } },
    {},
    /_SecondRegion_|_Vault_Copies/,
  ],
  [
    "a zone with its delegation",
    { dns: { kind: "create", parentZoneId: "Z0123456789ABCDEFGHIJ" } },
    { dns: { kind: "existing-zone", zoneId: "Z0123456789ABCDEFGHIJ" } },
    /^aws_route53_(zone\.|record\..*Delegation)/,
  ],
];

test.each(SWITCHES)("leaves %s behind when another one is used from then on", (_, before, after, pattern) => {
  const had = define(before)
    .addresses()
    .filter((address) => pattern.test(address));

  expect(had).not.toEqual([]);
  expect(forgotten(define(after))).toEqual(expect.arrayContaining(had));
});

test("forgets nothing of an environment whose data is disposable but what is in a region that is not known any more", () => {
  const here = (spec: Partial<EnvironmentSpec>): string[] =>
    forgotten(define(spec)).filter((address) => !/_SecondRegion_Key|_Vault_Copies/.test(address));
  const secrets = { jwtSecret: existing("own/jwt"), sandboxKeys: existing("own/sandbox") };
  const trial = { name: "trial", dataProtection: "disposable", secrets } as const;

  expect(here(trial)).toEqual([]);
  expect(here({ ...trial, database: server })).toEqual([]);
});

test("protects a zone that is made like the other data", () => {
  const zone = (spec: Partial<EnvironmentSpec>): unknown => define(spec).only("aws_route53_zone")["lifecycle"];

  expect(zone({ dns: { kind: "create" } })).toMatchObject({ prevent_destroy: true });
  expect(zone({ name: "trial", dns: { kind: "create" }, dataProtection: "disposable" })).toMatchObject({
    prevent_destroy: false,
  });
});
