import type { EnvironmentSpec } from "../../domain/environment/spec";

/** A change that a team makes in the life of an environment, and that never costs data. */
export interface OrdinaryChange {
  /** What they change. */
  readonly name: string;
  /** What the configuration says then. */
  readonly change: Partial<EnvironmentSpec>;
}

/** What an environment is before any of the changes: one Kubernetes version behind, so that there is one to upgrade to. */
export const BEFORE = { cluster: { kubernetesVersion: "1.34" } } satisfies Partial<EnvironmentSpec>;

const upgrade = { from: "4.0.9-stable", to: "4.34.1-stable", permissionsMigration: "complete" } as const;

/** Changes of every part of the configuration. */
export const ORDINARY_CHANGES: readonly OrdinaryChange[] = [
  { name: "more builders", change: { builders: 60 } },
  {
    name: "an upgrade of Retool",
    change: { retoolVersion: upgrade.to, retool: { upgrades: [upgrade] } },
  },
  {
    name: "an upgrade of Retool that was taken back",
    change: { retool: { upgrades: [{ ...upgrade, rolledBack: true }] } },
  },
  { name: "a Kubernetes upgrade", change: { cluster: { kubernetesVersion: "1.35" } } },
  { name: "more system nodes' logs", change: { cluster: { ...BEFORE.cluster, logRetentionDays: 365 } } },
  { name: "a larger database", change: { database: { instanceClass: "db.m7g.2xlarge" } } },
  { name: "more storage", change: { database: { storageGiB: 200 } } },
  {
    name: "a major version of PostgreSQL",
    change: { database: { engineVersion: "18", allowMajorVersionUpgrade: true, applyImmediately: true } },
  },
  { name: "a database in one zone", change: { database: { multiAz: false } } },
  { name: "longer backups", change: { database: { backupRetentionDays: 35 } } },
  { name: "another maintenance window", change: { database: { maintenanceWindow: "sat:10:00-sat:11:00" } } },
  { name: "longer database logs", change: { database: { logRetentionDays: 365, performanceInsightsDays: 93 } } },
  { name: "tags", change: { tags: { Team: "internal-tools", CostCenter: "42" } } },
  { name: "other clients", change: { access: ["203.0.113.0/24", "198.51.100.0/24"] } },
  { name: "another administrator's address", change: { clusterAccess: ["198.51.100.7/32"] } },
  { name: "egress to a data source", change: { egress: { pythonPackages: "python.example.com" } } },
  { name: "fewer NAT gateways", change: { network: { nat: "single" } } },
  { name: "longer flow logs", change: { network: { flowLogRetentionDays: 365 } } },
  { name: "a firewall in front", change: { frontDoor: { waf: { kind: "block" } } } },
  { name: "access logs of the load balancer", change: { frontDoor: { accessLogs: { kind: "bucket" } } } },
  {
    name: "a bucket of audit events",
    change: { observability: { logs: { kind: "cloudwatch", auditBucketDays: 2555 } } },
  },
  { name: "logs of DNS queries", change: { dns: { kind: "create", queryLogRetentionDays: 90 } } },
  { name: "old versions kept for longer", change: { blobStorage: { noncurrentVersionDays: 90 } } },
  { name: "copies in a second region", change: { backup: { copyTo: { region: "us-west-2", retentionDays: 90 } } } },
  { name: "longer copies", change: { backup: { retentionDays: 90, hour: 1 } } },
  { name: "more sandboxes ready", change: { sandbox: { prewarmPoolSize: 10 } } },
  {
    name: "our own Temporal cluster",
    change: {
      temporal: { kind: "self-hosted", host: "temporal.example.com", namespace: "retool" },
    },
  },
  { name: "no license yet", change: { license: "none" } },
  { name: "a new session secret", change: { secrets: { jwtSecret: { kind: "generate", revision: 2 } } } },
  { name: "another zone", change: { network: { zones: 4 } } },
  {
    name: "other system nodes",
    change: { cluster: { ...BEFORE.cluster, systemNodes: { instanceTypes: ["m7g.large"], diskGiB: 80 } } },
  },
  {
    name: "a newer image of the nodes",
    change: { cluster: { ...BEFORE.cluster, nodeReleaseVersion: "1.34.11-20270101" } },
  },
  { name: "no business hours", change: { nodePools: { businessHours: "none" } } },
];

/**
 * Types of resources that hold data, and the arguments of each whose change makes Terraform replace it.
 *
 * Source: the resource schemas of the AWS provider 5.100 (`ForceNew`), which `terraform providers schema` does not show.
 */
export const REPLACING_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws_backup_vault: ["name", "kms_key_arn"],
  aws_db_instance: [
    "availability_zone",
    "character_set_name",
    "db_name",
    "engine",
    "kms_key_id",
    "restore_to_point_in_time",
    "snapshot_identifier",
    "storage_encrypted",
    "username",
  ],
  aws_db_snapshot: ["db_snapshot_identifier"],
  aws_kms_key: ["custom_key_store_id", "customer_master_key_spec", "key_usage", "multi_region"],
  aws_route53_zone: ["name", "delegation_set_id"],
  aws_s3_bucket: ["bucket", "bucket_prefix", "object_lock_enabled"],
  aws_secretsmanager_secret: ["name", "name_prefix"],
};

/** Types of resources that are never deleted or replaced by an ordinary change. */
export const DATA_TYPES: ReadonlySet<string> = new Set(Object.keys(REPLACING_ARGUMENTS));

/**
 * Types of resources on which more than one part stands, and the arguments of each whose change makes Terraform replace it.
 *
 * Source: as above. `name_prefix` is left out where the provider makes a name of it once.
 */
export const SHARED_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws_acm_certificate: ["domain_name", "subject_alternative_names", "validation_method"],
  aws_db_parameter_group: ["family", "name_prefix"],
  aws_db_subnet_group: ["name_prefix"],
  aws_eip: ["domain"],
  aws_eks_cluster: [
    "name",
    "role_arn",
    "encryption_config",
    "kubernetes_network_config",
    "bootstrap_self_managed_addons",
  ],
  aws_eks_node_group: ["ami_type", "capacity_type", "cluster_name", "instance_types", "node_role_arn", "subnet_ids"],
  aws_eks_pod_identity_association: ["cluster_name", "namespace", "service_account"],
  aws_iam_instance_profile: ["name"],
  aws_iam_role: ["name", "name_prefix"],
  aws_internet_gateway: [],
  aws_lb: ["name", "internal", "load_balancer_type"],
  aws_lb_target_group: ["name_prefix", "port", "protocol", "protocol_version", "target_type", "vpc_id"],
  aws_nat_gateway: ["allocation_id", "connectivity_type", "subnet_id"],
  aws_networkfirewall_firewall: ["name", "vpc_id"],
  aws_networkfirewall_firewall_policy: ["name"],
  aws_networkfirewall_rule_group: ["capacity", "name", "type"],
  aws_route_table: ["vpc_id"],
  aws_security_group: ["description", "name_prefix", "vpc_id"],
  aws_sqs_queue: ["name"],
  aws_subnet: ["cidr_block", "vpc_id"],
  aws_vpc: ["cidr_block"],
  aws_wafv2_web_acl: ["name", "scope"],
  kubernetes_namespace_v1: ["metadata"],
};

/** Adds a change to an environment; secrets and copies are merged, so that what the environment has of them stays. */
export function changed(spec: EnvironmentSpec, { change }: OrdinaryChange): EnvironmentSpec {
  const secrets = { ...spec.secrets, ...change.secrets };
  const backup = { ...spec.backup, ...change.backup };
  return { ...spec, ...BEFORE, ...change, secrets, backup };
}
