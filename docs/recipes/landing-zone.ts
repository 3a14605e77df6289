// The rules of an organization's landing zone.
// When: policies of the organization refuse roles without a boundary and resources without tags, and network, keys and logs belong to others.
// Decide names, path and keys before the first deployment: they cannot change later without replacing what holds data.
// The policy of each key must allow what docs/guides/security.md#keys-of-your-organization lists. The key of `logs` encrypts the topic of
// alarms as well: without statements for CloudWatch and EventBridge no alarm is delivered. The policy of the bucket must let
// `logdelivery.elasticloadbalancing.amazonaws.com` and `delivery.logs.amazonaws.com` write below its key prefix.
// Costs about 1,790 USD a month at rest, 2,030 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  namePrefix: "acme",
  iam: {
    permissionsBoundary: "arn:aws:iam::111122223333:policy/acme-boundary",
    path: "/apps/retool/",
    rolePrefix: "app-",
  },
  tags: { CostCenter: "4711", Owner: "internal-tools@example.com", DataClass: "internal" },
  encryptionKeys: {
    data: "arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    logs: "arn:aws:kms:us-east-1:999988887777:key/2345bcde-12ab-34cd-56ef-1234567890ab",
    cluster: "arn:aws:kms:us-east-1:999988887777:key/3456cdef-12ab-34cd-56ef-1234567890ab",
  },
  logBucket: { name: "acme-central-logs", keyPrefix: "retool" },
  // A range of the pool that `aws ec2 get-ipam-pool-allocations` shows as free.
  network: { cidr: "10.64.0.0/16", ipamPoolId: "ipam-pool-0a1b2c3d4e5f60711" },
} satisfies EnvironmentSpec;
