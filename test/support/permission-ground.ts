import type { PermissionBench } from "./permission-bench";

/** Tags of what a layer below made, by which another one finds it. */
const TAGS = { Name: "platform", Environment: "local" };

type Json = Record<string, Record<string, unknown>>;

/** Types that no environment of ours makes together with all others, on resources that exist. */
export function furtherTypes(text: string, subnetId: string): string {
  const { terraform, provider } = JSON.parse(text) as Json;
  return JSON.stringify({
    terraform,
    provider: { aws: provider?.["aws"] },
    data: {
      aws_subnet: { one: { id: subnetId } },
      aws_eks_cluster: { one: { name: "platform" } },
      aws_vpc: { one: { tags: { Name: "platform" } } },
      aws_eip: { one: { tags: { Name: "platform" } } },
      aws_kms_alias: { one: { name: "alias/platform" } },
    },
    resource: {
      aws_backup_vault: { one: { name: "retool-local-locked" } },
      aws_backup_vault_lock_configuration: {
        one: { backup_vault_name: "${aws_backup_vault.one.name}", min_retention_days: 7 },
      },
      aws_secretsmanager_secret: {
        one: {
          name: "retool/local/copied",
          kms_key_id: "${aws_kms_key.one.arn}",
          replica: [{ region: "us-west-2" }],
        },
      },
      aws_kms_key: { one: { description: "one", deletion_window_in_days: 7 } },
      aws_kms_grant: {
        one: {
          name: "retool-local-nodes",
          key_id: "${aws_kms_key.one.key_id}",
          grantee_principal: "arn:aws:iam::123456789012:role/platform",
          operations: ["Encrypt", "Decrypt"],
        },
      },
      aws_db_snapshot_copy: {
        one: {
          source_db_snapshot_identifier: "arn:aws:rds:us-east-1:123456789012:snapshot:retool-old-one",
          target_db_snapshot_identifier: "retool-local-copy",
          kms_key_id: "${aws_kms_key.one.arn}",
        },
      },
    },
  });
}

/** Makes what {@link furtherTypes} reads; gives the id of a subnet. */
export function makeGround({ bench }: PermissionBench): string {
  const call = (service: string, operation: string, parameters: Record<string, unknown>): Record<string, unknown> =>
    bench.call([{ service, operation, parameters }])[0] as Record<string, unknown>;
  const idOf = (answer: Record<string, unknown>, kind: string): string =>
    String((answer[kind] as Record<string, unknown>)[`${kind}Id`]);
  const tagged = (type: string): object => ({
    TagSpecifications: [{ ResourceType: type, Tags: Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value })) }],
  });
  const vpc = idOf(call("ec2", "create_vpc", { CidrBlock: "10.1.0.0/16", ...tagged("vpc") }), "Vpc");
  call("ec2", "allocate_address", { Domain: "vpc", ...tagged("elastic-ip") });
  const Tags = Object.entries(TAGS).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { KeyId } = call("kms", "create_key", { Tags })["KeyMetadata"] as { KeyId: string };
  call("kms", "create_alias", { AliasName: "alias/platform", TargetKeyId: KeyId });
  const subnets = ["a", "b"].map((zone, index) =>
    idOf(
      call("ec2", "create_subnet", {
        VpcId: vpc,
        CidrBlock: `10.1.${String(index)}.0/24`,
        AvailabilityZone: `us-east-1${zone}`,
        ...tagged("subnet"),
      }),
      "Subnet",
    ),
  );
  const trust = { Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" };
  call("iam", "create_role", {
    RoleName: "platform",
    AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
  });
  call("eks", "create_cluster", {
    name: "platform",
    roleArn: "arn:aws:iam::123456789012:role/platform",
    resourcesVpcConfig: { subnetIds: subnets },
    accessConfig: { authenticationMode: "API" },
  });
  call("rds", "create_db_instance", {
    DBInstanceIdentifier: "retool-old",
    DBInstanceClass: "db.t4g.medium",
    Engine: "postgres",
    MasterUsername: "retool",
    MasterUserPassword: "not-a-secret-here",
    AllocatedStorage: 60,
  });
  call("rds", "create_db_snapshot", { DBInstanceIdentifier: "retool-old", DBSnapshotIdentifier: "retool-old-one" });
  return subnets[0] ?? "";
}
