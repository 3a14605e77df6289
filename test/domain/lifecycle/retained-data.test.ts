import { App, Testing } from "cdktf";
import fc from "fast-check";

import { prod } from "../../support/environments/prod";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { retainData, retainedAddresses, type TerraformJson } from "../../../domain/lifecycle/retained-data";
import { RetoolStack } from "../../../stacks";

const synth = (spec: Partial<EnvironmentSpec> = {}): TerraformJson =>
  JSON.parse(Testing.synth(new RetoolStack(new App(), { ...prod, ...spec }))) as TerraformJson;

const zone = { dns: { kind: "create" } } as const;
const json = synth(zone);
const kept = retainedAddresses(json);
const retained = synth({ ...zone, dataProtection: "retain" });
const addresses = ({ resource = {} }: TerraformJson): string[] =>
  Object.entries(resource).flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`));
const removedFrom = ({ removed = [] }: TerraformJson): readonly { from: string; lifecycle: unknown }[] =>
  removed as readonly { from: string; lifecycle: unknown }[];
const typesOf = (list: readonly string[]): string[] => [...new Set(list.map((address) => address.split(".")[0] ?? ""))];

describe("what stays where data stays", () => {
  test("is the data, what it stands on and what guards it, in the whole of prod", () => {
    expect(typesOf(kept).sort()).toEqual(
      expect.arrayContaining([
        "aws_cloudwatch_log_group",
        "aws_db_instance",
        "aws_db_parameter_group",
        "aws_db_subnet_group",
        "aws_kms_alias",
        "aws_kms_key",
        "aws_route53_zone",
        "aws_s3_bucket",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
        "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_version",
        "aws_security_group",
        "aws_subnet",
        "aws_vpc",
      ]),
    );
    expect(kept.filter((address) => address.startsWith("aws_subnet.") && !address.includes("Database"))).toEqual([]);
    expect(kept.filter((address) => /Cluster|Karpenter|SystemNodes|FrontDoor|Release/.test(address))).toEqual([]);
  });

  test("is every bucket, database, secret and zone there is", () => {
    const data =
      /^aws_(db_instance|db_snapshot|s3_bucket|secretsmanager_secret|secretsmanager_secret_version|route53_zone)\./;

    expect(addresses(json).filter((address) => data.test(address) && !kept.includes(address))).toEqual([]);
  });

  test("is also what a snapshot from before an upgrade needs, and not the namespace that it waits for", () => {
    const upgrades = [{ from: "4.0.8-stable", to: "4.0.9-stable" }];
    const upgraded = retainedAddresses(synth({ retool: { upgrades } }));

    expect(typesOf(upgraded)).toContain("aws_db_snapshot");
    expect(upgraded.filter((address) => /^(kubernetes|helm)_/.test(address))).toEqual([]);
  });

  test.each([
    ["aws_s3_bucket_versioning", { bucket: "${aws_s3_bucket.data.id}" }, "aws_s3_bucket"],
    ["aws_kms_alias", { target_key_id: "${aws_kms_key.data.key_id}" }, "aws_kms_key"],
    [
      "aws_secretsmanager_secret_version",
      { secret_id: "${aws_secretsmanager_secret.data.id}" },
      "aws_secretsmanager_secret",
    ],
    ["aws_iam_role_policy_attachment", { role: "${aws_iam_role.data.name}" }, "aws_iam_role"],
    ["aws_iam_role_policy", { role: "${aws_iam_role.data.name}" }, "aws_iam_role"],
    ["aws_backup_plan", { rule: [{ target_vault_name: "${aws_backup_vault.data.name}" }] }, "aws_backup_vault"],
    ["aws_backup_selection", { plan_id: "${aws_backup_plan.data.id}" }, "aws_backup_plan"],
    ["aws_backup_vault_lock_configuration", { backup_vault_name: "${aws_backup_vault.data.name}" }, "aws_backup_vault"],
    ["aws_route53_record", { type: "NS", records: "${aws_route53_zone.data.name_servers}" }, "aws_route53_zone"],
  ])("is also a %s, which guards or completes what stays", (type, part, owner) => {
    const kept = { aws_db_instance: { data: { needs: `\${${owner}.data.arn}` } }, [owner]: { data: {} } };

    expect(retainedAddresses({ resource: { ...kept, [type]: { part } } })).toContain(`${type}.part`);
    expect(retainedAddresses({ resource: { ...kept, [type]: { part: {} } } })).not.toContain(`${type}.part`);
  });

  test.each([
    ["aws_route53_record", { type: "A", zone_id: "${aws_route53_zone.data.id}" }],
    ["aws_vpc_security_group_ingress_rule", { security_group_id: "${aws_route53_zone.data.id}" }],
    ["aws_iam_role_policy", { policy: "${aws_route53_zone.data.arn}" }],
  ])("is no %s that only uses what stays", (type, user) => {
    expect(retainedAddresses({ resource: { aws_route53_zone: { data: {} }, [type]: { user } } })).toEqual([
      "aws_route53_zone.data",
    ]);
  });

  test.each(["depends_on", "lifecycle", "provisioner"])("is nothing that is only named in %s", (key) => {
    const resource = { aws_s3_bucket: { data: { [key]: ["${aws_thing.one.id}"] } }, aws_thing: { one: {} } };

    expect(retainedAddresses({ resource })).toEqual(["aws_s3_bucket.data"]);
  });

  test.each([
    ["/aws/rds/instance/retool/postgresql", true],
    ["/aws/eks/retool", false],
  ])("is the log group %s: %s", (name, stays) => {
    const resource = { aws_cloudwatch_log_group: { group: { name } } };

    expect(retainedAddresses({ resource })).toEqual(stays ? ["aws_cloudwatch_log_group.group"] : []);
  });

  test("follows references, whatever they are called", () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), (names) => {
        const chain = Object.fromEntries(
          names.map((one, index) => [
            one,
            { next: index + 1 < names.length ? `\${aws_thing.${names[index + 1] ?? ""}.id}` : "" },
          ]),
        );
        const stack = {
          resource: { aws_s3_bucket: { b: { tag: `\${aws_thing.${names[0] ?? ""}.id}` } }, aws_thing: chain },
        };

        expect(retainedAddresses(stack)).toHaveLength(names.length + 1);
      }),
    );
  });
});

describe("a stack whose data is retained", () => {
  test("forgets what stays, and says so once for each", () => {
    const removed = removedFrom(retained);
    const before = removedFrom(json).map(({ from }) => from);

    expect(removed.map(({ from }) => from).sort()).toEqual([...kept, ...before].sort());
    expect(kept.filter((address) => before.includes(address))).toEqual([]);
    for (const { lifecycle } of removed) expect(lifecycle).toEqual({ destroy: false });
  });

  test("still makes everything else, under the same addresses, but the record that refuses to go", () => {
    expect(addresses(retained).sort()).toEqual(
      addresses(json)
        .filter((address) => !kept.includes(address) && !address.includes("EncryptionKeyLedger"))
        .sort(),
    );
  });

  test("refers to nothing that it has forgotten", () => {
    const text = JSON.stringify({ ...retained, removed: [] });

    for (const address of kept) {
      const plain = new RegExp(`(?<!data\\.)${address.replaceAll(".", "\\.")}(?![\\w-])`);
      expect(plain.exec(text)?.[0]).toBeUndefined();
    }
  });

  test("finds what it refers to by name, and never reads a secret into state", () => {
    const data = retained.data ?? {};
    const used = JSON.stringify(retained).matchAll(/(?<![\w.-])data\.(aws_\w+)\.([\w-]+)/g);

    for (const [, type = "", name = ""] of used) expect(data[type]).toHaveProperty([name]);
    expect(Object.values(data["aws_kms_key"] ?? {})).toContainEqual({ key_id: "alias/retool-prod-data" });
    expect(Object.values(data["aws_db_instance"] ?? {})).toEqual([{ db_instance_identifier: "retool-prod" }]);
    expect(Object.keys(data)).not.toContain("aws_secretsmanager_secret_version");
  });

  test("imports nothing that it forgets", () => {
    expect(json.import).not.toEqual([]);
    expect(retained.import).toEqual([]);
  });

  test("lets the load balancer go", () => {
    expect(Object.values(retained.resource?.["aws_lb"] ?? {})).toMatchObject([{ enable_deletion_protection: false }]);
    expect(Object.values(json.resource?.["aws_lb"] ?? {})).toMatchObject([{ enable_deletion_protection: true }]);
  });
});

describe("references", () => {
  const bucket = { aws_s3_bucket: { "Data-1": { bucket: "b" } } };

  test.each([
    ["${aws_s3_bucket.Data-1.arn}", "${data.aws_s3_bucket.Data-1.arn}"],
    ["${jsonencode(aws_s3_bucket.Data-1.id)}/x", "${jsonencode(data.aws_s3_bucket.Data-1.id)}/x"],
    ["${data.aws_s3_bucket.Data-1.arn}", "${data.aws_s3_bucket.Data-1.arn}"],
    ["${aws_s3_bucket.Data-10.arn}", "${aws_s3_bucket.Data-10.arn}"],
    ["${my_aws_s3_bucket.Data-1.arn}", "${my_aws_s3_bucket.Data-1.arn}"],
    ["aws_s3_bucket.Data-1.arn in a sentence", "aws_s3_bucket.Data-1.arn in a sentence"],
  ])("%s becomes %s", (given, expected) => {
    const stack = { resource: { ...bucket, aws_thing: { user: { arn: given } } } };

    expect(retainData(stack).resource).toEqual({ aws_thing: { user: { arn: expected } } });
  });

  test("are taken out where they only order", () => {
    const stack = {
      resource: { ...bucket, aws_thing: { user: { depends_on: ["aws_s3_bucket.Data-1", "aws_thing.b"] } } },
    };

    expect(retainData(stack).resource).toEqual({ aws_thing: { user: { depends_on: ["aws_thing.b"] } } });
  });

  test("use the names that the data source of a database has", () => {
    const text = "${aws_db_instance.d.arn} ${aws_db_instance.d.identifier} ${aws_db_instance.d.address}";
    const stack = { resource: { aws_db_instance: { d: { identifier: "db" } }, aws_thing: { user: { text } } } };

    expect(retainData(stack)).toMatchObject({
      data: { aws_db_instance: { d: { db_instance_identifier: "db" } } },
      resource: {
        aws_thing: {
          user: {
            text: "${data.aws_db_instance.d.db_instance_arn} ${data.aws_db_instance.d.db_instance_identifier} ${data.aws_db_instance.d.address}",
          },
        },
      },
    });
  });

  test("to what nothing can find stop the synthesis", () => {
    const stack = {
      resource: {
        aws_db_instance: { d: { group: "${aws_db_parameter_group.g.name}" } },
        aws_db_parameter_group: { g: {} },
        aws_thing: { user: { group: "${aws_db_parameter_group.g.name}" } },
      },
    };

    expect(() => retainData(stack)).toThrow(
      "aws_db_parameter_group.g is kept, something refers to it, and nothing says how to find it",
    );
  });
});
