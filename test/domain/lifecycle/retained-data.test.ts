import { App, Testing } from "cdktf";
import fc from "fast-check";

import { prod } from "../../support/environments/prod";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import {
  retainData,
  retainedAddresses,
  stayingAddresses,
  stillProtected,
  type TerraformJson,
} from "../../../domain/lifecycle/retained-data";
import type { TerraformState } from "../../../domain/lifecycle/state-file";
import { RetoolStack } from "../../../stacks";

const synth = (spec: Partial<EnvironmentSpec> = {}): TerraformJson =>
  JSON.parse(Testing.synth(new RetoolStack(new App(), { ...prod, ...spec }))) as TerraformJson;

const zone = { dns: { kind: "create" } } as const;
const json = synth(zone);
const kept = retainedAddresses(json);
const retained = synth({ ...zone, dataProtection: "retain" });
const addresses = ({ resource = {} }: TerraformJson): string[] =>
  Object.entries(resource).flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`));
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
  ])("is not %s that only uses what stays", (type, user) => {
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

  test("follows references of any name", () => {
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
  const released = (stack: TerraformJson): string[] =>
    addresses(stack).filter((address) => {
      const [type = "", name = ""] = address.split(".");
      const { lifecycle = {} } = (stack.resource?.[type]?.[name] ?? {}) as {
        lifecycle?: { prevent_destroy?: boolean };
      };
      return lifecycle.prevent_destroy !== true;
    });

  test("makes everything under the same addresses, so that it can be taken back", () => {
    expect(addresses(retained).sort()).toEqual(addresses(json).sort());
    expect(retained.removed).toEqual(json.removed);
    expect(retained.data).toEqual(json.data);
  });

  test("refuses to destroy the data, and lets go of everything else", () => {
    const guarded = (stack: TerraformJson) => addresses(stack).filter((address) => !released(stack).includes(address));

    expect(guarded(retained)).toEqual(guarded(json).filter((address) => kept.includes(address)));
    expect(typesOf(guarded(retained)).sort()).toEqual([
      "aws_backup_vault",
      "aws_db_instance",
      "aws_kms_key",
      "aws_route53_zone",
      "aws_s3_bucket",
      "aws_secretsmanager_secret",
      "aws_secretsmanager_secret_version",
      "terraform_data",
    ]);
    expect(released(retained).some((address) => address.startsWith("aws_eks_cluster."))).toBe(true);
  });

  test("imports nothing that stays, since a destroy would import it and take it then", () => {
    expect(json.import).not.toEqual([]);
    expect(retained.import).toEqual([]);
  });

  test("lets the load balancer go", () => {
    expect(Object.values(retained.resource?.["aws_lb"] ?? {})).toMatchObject([{ enable_deletion_protection: false }]);
    expect(Object.values(json.resource?.["aws_lb"] ?? {})).toMatchObject([{ enable_deletion_protection: true }]);
  });

  test("keeps the rest of a lifecycle that it lets go", () => {
    const lifecycle = { prevent_destroy: true, ignore_changes: ["tags"] };
    const { resource } = retainData({ resource: { aws_thing: { one: { lifecycle }, other: { size: 1 } } } });

    expect(resource).toEqual({
      aws_thing: { one: { lifecycle: { ignore_changes: ["tags"] } }, other: { size: 1 } },
    });
  });
});

describe("what a destroy leaves", () => {
  test("is what stays, and what the next apply would only forget", () => {
    const removed = [{ from: "aws_db_instance.former", lifecycle: { destroy: false } }];

    expect(stayingAddresses({ resource: { aws_s3_bucket: { b: {} }, aws_lb: { l: {} } }, removed })).toEqual([
      "aws_s3_bucket.b",
      "aws_db_instance.former",
    ]);
  });
});

describe("what AWS still protects", () => {
  const instance = (attributes: object) => [{ schema_version: 0, attributes: { ...attributes } }];
  const one = { mode: "managed", name: "it", provider: "" };
  const state: TerraformState = {
    serial: 1,
    resources: [
      { ...one, type: "aws_lb", instances: instance({ enable_deletion_protection: true }) },
      { ...one, type: "aws_networkfirewall_firewall", instances: instance({ delete_protection: false }) },
      { ...one, type: "aws_db_instance", instances: instance({ deletion_protection: true }) },
      {
        ...one,
        mode: "data",
        type: "aws_lb",
        name: "other",
        instances: instance({ enable_deletion_protection: true }),
      },
    ],
  };

  test("is named where it does not stay", () => {
    expect(stillProtected(state, new Set(["aws_db_instance.it"]))).toEqual(["aws_lb.it"]);
    expect(stillProtected(state, new Set(["aws_db_instance.it", "aws_lb.it"]))).toEqual([]);
  });
});
