import type { EnvironmentSpec } from "../../domain/environment/spec";
import { local } from "./environments/local";

/** The environment before each change. */
export const BEFORE_REPLACEMENT: EnvironmentSpec = {
  ...local,
  network: { zones: 2, nat: "single", sandboxCidr: "100.64.0.0/14" },
  state: { kind: "local", path: "terraform.tfstate" },
};

/** What is worth a word when it is replaced: what holds data, or what others wait for while a new one is made. */
export const WEIGHTY: ReadonlySet<string> = new Set([
  "aws_acm_certificate",
  "aws_backup_vault",
  "aws_db_instance",
  "aws_eks_cluster",
  "aws_eks_node_group",
  "aws_eks_pod_identity_association",
  "aws_lb",
  "aws_route53_zone",
  "aws_s3_bucket",
  "aws_subnet",
  "aws_vpc",
]);

/** A change of settings, and what Terraform replaces for it in an environment that is applied. */
export interface ReplacingChange {
  /** What is changed. */
  readonly change: Partial<EnvironmentSpec>;
  /** Types of {@link WEIGHTY} that Terraform 1.15 with the AWS provider 5.100 replaced, sorted. */
  readonly replaced?: readonly string[];
}

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const { network } = BEFORE_REPLACEMENT;
const nodes = (systemNodes: object): Partial<EnvironmentSpec> => ({ cluster: { systemNodes } });
const key = (use: "data" | "logs" | "cluster" | "backup"): Partial<EnvironmentSpec> => ({
  encryptionKeys: { [use]: KEY },
});
const ROLES = ["aws_eks_cluster", "aws_eks_node_group"];

/** By what is changed. */
export const REPLACING_CHANGES: Readonly<Record<string, ReplacingChange>> = {
  "another name": {
    change: { name: "other" },
    replaced: [
      "aws_backup_vault",
      "aws_eks_cluster",
      "aws_eks_node_group",
      "aws_eks_pod_identity_association",
      "aws_lb",
      "aws_s3_bucket",
    ],
  },
  "another domain": { change: { domain: "tools.example.com" }, replaced: ["aws_acm_certificate"] },
  "another namespace": { change: { namespace: "tools" }, replaced: ["aws_eks_pod_identity_association"] },
  "a third zone": { change: { network: { ...network, zones: 3 } }, replaced: ["aws_eks_node_group"] },
  "another range": {
    change: { network: { ...network, cidr: "10.9.0.0/16" } },
    replaced: ["aws_eks_node_group", "aws_subnet", "aws_vpc"],
  },
  "a NAT gateway per zone": { change: { network: { ...network, nat: "per-zone" } } },
  "no NAT gateway": { change: { network: { ...network, nat: "none" } } },
  "another range of sandboxes": {
    change: { network: { ...network, sandboxCidr: "100.68.0.0/14" } },
    replaced: ["aws_subnet"],
  },
  "interface endpoints": { change: { network: { ...network, interfaceEndpoints: ["eks-auth", "sts"] } } },
  "a larger database": { change: { database: { instanceClass: "db.m7g.2xlarge" } } },
  "a database in one zone": { change: { database: { multiAz: false } } },
  "a major version of PostgreSQL": {
    change: { database: { engineVersion: "18", allowMajorVersionUpgrade: true, applyImmediately: true } },
  },
  "more storage": { change: { database: { storageGiB: 200 } } },
  "another database in it": { change: { database: { databaseName: "another" } }, replaced: ["aws_db_instance"] },
  "another administrator": { change: { database: { username: "another" } }, replaced: ["aws_db_instance"] },
  "another key of data": { change: key("data"), replaced: ["aws_db_instance"] },
  "another key of logs": { change: key("logs") },
  "another key of the cluster": { change: key("cluster") },
  "another key of backups": { change: key("backup"), replaced: ["aws_backup_vault"] },
  "other nodes": { change: nodes({ instanceTypes: ["m7g.large"] }), replaced: ["aws_eks_node_group"] },
  "larger disks of nodes": { change: nodes({ diskGiB: 80 }) },
  "more nodes": { change: nodes({ count: 3 }) },
  "other addresses of Services": {
    change: { cluster: { serviceCidr: "172.21.0.0/16" } },
    replaced: ["aws_eks_cluster"],
  },
  "logs of the control plane": { change: { cluster: { logRetentionDays: 365 } } },
  "egress by names and addresses": { change: { egress: { level: "firewall" } } },
  "open egress": { change: { egress: { level: "open" } } },
  "an internal load balancer": { change: { access: "internal" }, replaced: ["aws_lb"] },
  "IPv6 for the load balancer": {
    change: { access: ["203.0.113.0/24", "2001:db8::/32"], frontDoor: { dualStack: true } },
  },
  "the sandbox proxy on the same host": { change: { frontDoor: { sandboxProxy: "same-origin" } } },
  "a firewall in front": { change: { frontDoor: { waf: { kind: "block" } } } },
  "a Space": { change: { frontDoor: { spaceHosts: ["team.retool.example.com"] } } },
  "another bucket": {
    change: { blobStorage: { bucketName: "another-bucket-of-retool" } },
    replaced: ["aws_s3_bucket"],
  },
  "roles by OpenID Connect": { change: { blobStorage: { identity: "irsa" } } },
  "no logs of pods": { change: { observability: { logs: { kind: "off" } } } },
  "no alarms": { change: { observability: { alarms: { kind: "off" } } } },
  "roles in a path": { change: { iam: { path: "/retool/" } }, replaced: ROLES },
  "roles with a prefix": { change: { iam: { rolePrefix: "team-" } }, replaced: ROLES },
  "roles with a boundary": { change: { iam: { permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" } } },
  "more builders": { change: { builders: 60 } },
  tags: { change: { tags: { Team: "internal-tools" } } },
};
