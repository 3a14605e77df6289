import { readFileSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import { retainedAddresses } from "../../domain/lifecycle/retained-data";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { expectGolden } from "../support/golden";
import { BEFORE, changed, ORDINARY_CHANGES, REPLACING_ARGUMENTS, SHARED_ARGUMENTS } from "../support/ordinary-changes";
import { Synthesized } from "../support/synthesize";

const base: EnvironmentSpec = { ...prod, ...BEFORE, dns: { kind: "create" } };

const define = (spec: EnvironmentSpec): Synthesized["json"] =>
  new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]).json;

/** What holds data, a line each: its address and the arguments that must not change. */
function dataOf(json: Synthesized["json"]): string[] {
  return Object.entries(REPLACING_ARGUMENTS)
    .flatMap(([type, names]) =>
      Object.entries(json["resource"]?.[type] ?? {}).map(([name, block]) => {
        const kept = Object.fromEntries(names.filter((one) => one in block).map((one) => [one, block[one]]));
        return `${type}.${name} ${JSON.stringify(kept)}`;
      }),
    )
    .sort();
}

/**
 * Addresses of shared parts that Terraform would replace in the place of their predecessors: deleted first, and with them
 * everything that depends on them. Where the predecessor is protected, Terraform refuses instead.
 */
function replacedFirst(json: Synthesized["json"], after: Synthesized["json"]): string[] {
  return Object.entries(SHARED_ARGUMENTS).flatMap(([type, names]) =>
    Object.entries(json["resource"]?.[type] ?? {}).flatMap(([name, block]) => {
      const successor = after["resource"]?.[type]?.[name];
      if (successor === undefined) return [];
      const moved = names.filter((one) => JSON.stringify(block[one]) !== JSON.stringify(successor[one]));
      const { create_before_destroy: first, prevent_destroy: refused } = (successor["lifecycle"] ?? {}) as Record<
        string,
        unknown
      >;
      return moved.length === 0 || first === true || refused === true ? [] : [`${type}.${name}: ${moved.join(", ")}`];
    }),
  );
}

/**
 * What a change leaves behind when it is taken back: data and what guards it that Terraform would destroy instead of forgetting,
 * and resources whose provider is not declared any more, which stops every plan.
 */
function lostOnReturn(json: Synthesized["json"], back: Synthesized["json"]): string[] {
  const { removed = [], provider } = back as { removed?: unknown; provider?: Record<string, unknown> };
  const forgotten = new Set((removed as { from: string }[]).map(({ from }) => from));
  const aliases = ((provider?.["aws"] ?? []) as { alias?: string }[]).map(({ alias }) => `aws.${alias ?? ""}`);
  // A subnet holds nothing itself, and of a list of upgrades nothing is removed: a record in state refuses that.
  const kept = new Set(retainedAddresses(json).filter((address) => !/^aws_(subnet|db_snapshot)\./.test(address)));
  return Object.entries(json["resource"] ?? {}).flatMap(([type, byName]) =>
    Object.entries(byName)
      .filter(([name]) => back["resource"]?.[type]?.[name] === undefined)
      .flatMap(([name, block]) => {
        const address = `${type}.${name}`;
        const own = block["provider"] as string | undefined;
        return [
          ...(kept.has(address) && !forgotten.has(address) ? [`${address}: destroyed`] : []),
          ...(own !== undefined && !aliases.includes(own) ? [`${address}: no provider ${own}`] : []),
        ];
      }),
  );
}

const start = define(base);
const before = dataOf(start);

test("there are more than twenty of them", () => {
  expect(new Set(ORDINARY_CHANGES.map(({ name }) => name)).size).toBeGreaterThan(20);
});

test.each(ORDINARY_CHANGES)("$name neither moves nor replaces what holds data or what others stand on", (change) => {
  const json = define(changed(base, change));
  const after = new Set(dataOf(json));

  expect(before.filter((line) => !after.has(line))).toEqual([]);
  expect(replacedFirst(start, json)).toEqual([]);
  expect(lostOnReturn(json, start)).toEqual([]);
});

test("sees on the way back what would be destroyed, and what has no provider any more", () => {
  const spec: EnvironmentSpec = {
    ...base,
    region: "eu-west-1",
    dns: { kind: "create", queryLogRetentionDays: 90 },
    backup: { copyTo: { region: "us-west-2" } },
    frontDoor: { accessLogs: { kind: "bucket" } },
    observability: { logs: { kind: "cloudwatch", auditBucketDays: 2555 } },
  };
  const [json, back] = [define(spec), define({ ...base, region: "eu-west-1" })];
  const before = { ...back, removed: undefined, provider: { aws: [{}] } } as unknown as Synthesized["json"];

  expect(lostOnReturn(json, back)).toEqual([]);
  expect(new Set(lostOnReturn(json, before).map((line) => line.replace(/\.\w+:/, ":")))).toEqual(
    new Set([
      "aws_backup_vault: destroyed",
      "aws_backup_vault: no provider aws.second-region",
      "aws_cloudwatch_log_group: no provider aws.us-east-1",
      "aws_cloudwatch_log_resource_policy: no provider aws.us-east-1",
      "aws_kms_alias: destroyed",
      "aws_kms_alias: no provider aws.second-region",
      "aws_kms_key: destroyed",
      "aws_kms_key: no provider aws.second-region",
      "aws_s3_bucket: destroyed",
      "aws_s3_bucket_lifecycle_configuration: destroyed",
      "aws_s3_bucket_ownership_controls: destroyed",
      "aws_s3_bucket_policy: destroyed",
      "aws_s3_bucket_public_access_block: destroyed",
      "aws_s3_bucket_server_side_encryption_configuration: destroyed",
      "aws_s3_bucket_versioning: destroyed",
    ]),
  );
});

test("sees what would be replaced before its successor stands", () => {
  const types = Object.keys(SHARED_ARGUMENTS).filter((type) => start["resource"]?.[type] !== undefined);
  const moved = define({
    ...base,
    network: { cidr: "10.8.0.0/16" },
    cluster: { ...BEFORE.cluster, serviceCidr: "10.200.0.0/16" },
  });

  expect(types.length).toBeGreaterThan(15);
  const found = new Set(replacedFirst(start, moved).map((line) => line.split(".")[0]));
  expect([...found]).toEqual(expect.arrayContaining(["aws_subnet", "aws_vpc"]));
  expect(found).not.toContain("aws_eks_cluster");
});

describe("what AWS refuses to delete", () => {
  /** Resources by what Terraform says of their deletion. */
  function lifecyclesOfProtected(json: Synthesized["json"]): Record<string, unknown> {
    const found = Object.entries(json["resource"] ?? {}).flatMap(([type, byName]) =>
      Object.values(byName)
        .filter((block) => Object.keys(block).some((key) => /delet\w*_protection$/.test(key) && block[key] === true))
        .map(({ lifecycle }) => [type, (lifecycle as Record<string, unknown> | undefined)?.["prevent_destroy"]]),
    );
    return Object.fromEntries(found) as Record<string, unknown>;
  }

  const spec: EnvironmentSpec = { ...base, egress: { level: "firewall" }, access: "internal" };

  test("is refused by Terraform before anything that stands on it is deleted", () => {
    const json = define(spec);

    expect(lifecyclesOfProtected(json)).toEqual({
      aws_db_instance: true,
      aws_lb: true,
      aws_networkfirewall_firewall: true,
    });
    expect(replacedFirst(start, json)).toEqual([]);
  });

  test("can be replaced after a separate deployment, which changes nothing else", () => {
    expect(lifecyclesOfProtected(define({ ...spec, dataProtection: "retain" }))).toEqual({ aws_db_instance: true });
  });
});

test("sees what would replace the data", () => {
  const renamed = dataOf(
    define({ ...base, database: { username: "somebody" }, blobStorage: { bucketName: "another" } }),
  );

  expect(before.filter((line) => !renamed.includes(line)).map((line) => line.split(".")[0])).toEqual([
    "aws_db_instance",
    "aws_s3_bucket",
    "aws_s3_bucket",
  ]);
});

test("what a release had is never given up: its data would be deleted or replaced by the next deployment", () => {
  const path = join(__dirname, "..", "golden", "data.prod.txt");
  const reviewed = process.env["UPDATE_GOLDEN"] === "1" ? [] : readFileSync(path, "utf8").trim().split("\n");

  expect(reviewed.filter((line) => !before.includes(line))).toEqual([]);
  expectGolden("data.prod.txt", `${before.join("\n")}\n`);
});
