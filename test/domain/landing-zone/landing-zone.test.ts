import { formatViolation } from "../../../domain/common/violation";
import { checkEnvironment } from "../../../domain/environment/environment";
import { secondInstance } from "../../support/second-instance";
import { prod } from "../../support/environments/prod";

const problems = (more: object): string[] => checkEnvironment({ ...prod, ...more }).violations.map(formatViolation);
const guest = secondInstance(prod);
const shared = (more: object): object => ({
  ...guest,
  network: { ...guest.network, ownerAccount: "999988887777" },
  ...more,
});
const KEY = "arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab";

describe("rules of an organization", () => {
  test.each<[string, object]>([
    [
      "every rule at once",
      {
        namePrefix: "acme",
        iam: { permissionsBoundary: "arn:aws:iam::111122223333:policy/team/boundary", path: "/a/b/", rolePrefix: "x_" },
        encryptionKeys: {
          data: KEY,
          logs: KEY,
          cluster: KEY.replace("key/", "key/mrk-").replaceAll(/(?<=mrk-.*)-/g, ""),
        },
        logBucket: { name: "acme.logs-1", keyPrefix: "retool/prod" },
        network: { cidr: "10.8.0.0/16", ipamPoolId: "ipam-pool-0a1b2c3d4e5f60711" },
      },
    ],
    ["a boundary that AWS keeps", { iam: { permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" } }],
    ["the longest prefix", { namePrefix: "abcdefghijklmnopqrstuv" }],
    ["access logs that stay off", { logBucket: { name: "acme-logs" }, frontDoor: { accessLogs: { kind: "off" } } }],
    ["subnets that another account shares", shared({ egress: { level: "open" } })],
  ])("take %s", (_, spec) => {
    expect(problems(spec)).toEqual([]);
  });

  test.each<[object, string]>([
    [
      { iam: { permissionsBoundary: "boundary" } },
      'iam.permissionsBoundary: "boundary" is not the ARN of an IAM policy; use one such as "arn:aws:iam::111122223333:policy/boundary", which begins with "arn:aws-us-gov" in GovCloud and "arn:aws-cn" in China',
    ],
    [
      { iam: { permissionsBoundary: "arn:aws-us-gov:iam::111122223333:policy/b" } },
      'iam.permissionsBoundary: "arn:aws-us-gov:iam::111122223333:policy/b" is a policy of account 111122223333 in the partition aws-us-gov; use a policy of the environment\'s own account: arn:aws:iam::111122223333:policy/...',
    ],
    [
      { iam: { path: "retool" } },
      'iam.path: "retool" is not a path of IAM, which begins and ends with a slash; use "/", or up to 512 letters, digits and + = , . @ _ - between slashes, such as "/retool/"',
    ],
    [
      { iam: { rolePrefix: "a prefix" } },
      'iam.rolePrefix: "a prefix" cannot be the prefix of role names; use at most 20 letters, digits and + = , . @ _ -',
    ],
    [
      { namePrefix: "abcdefghijklmnopqrstuvw" },
      'namePrefix: "abcdefghijklmnopqrstuvw" and the name "prod" have 28 characters together, of which AWS takes 27; use at most 22 characters here, or shorten the name of the environment',
    ],
    [
      { namePrefix: "acme-" },
      'namePrefix: "acme-" is not a prefix that the names of all AWS resources accept; use lower-case letters, digits and single hyphens, starting with a letter, not ending with a hyphen, and not starting with "aws", "eks" or "internal"',
    ],
    [
      { encryptionKeys: { data: "alias/retool" } },
      'encryptionKeys.data: "alias/retool" is not the ARN of a KMS key; use one such as "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", not an alias',
    ],
    [
      { encryptionKeys: { data: KEY, backup: KEY } },
      "encryptionKeys.backup: is also the key of data, and a loss of that key would take the backups with it; use another key, or remove it to have a new one",
    ],
    [
      { encryptionKeys: { logs: KEY.replace("us-east-1", "eu-west-1") } },
      "encryptionKeys.logs: the key is in eu-west-1 and the environment in us-east-1; use a key in us-east-1; one of another account may be used",
    ],
    [
      { ...guest, encryptionKeys: { cluster: KEY } },
      "encryptionKeys.cluster: the cluster exists, and EKS never changes the key of a cluster's Secrets; remove it",
    ],
    [
      { logBucket: { name: "s3://acme" } },
      'logBucket.name: "s3://acme" is not the name of an S3 bucket; use only its name: 3 to 63 lower-case letters, digits, hyphens and single dots, without an address or ARN around it, and without a prefix or suffix that S3 reserves',
    ],
    [
      { logBucket: { name: "acme", keyPrefix: "/AWSLogs/" } },
      'logBucket.keyPrefix: "/AWSLogs/" cannot be the prefix of log keys; use letters, digits and _ . - between slashes, such as "retool/prod", without "AWSLogs", which AWS adds',
    ],
    [
      { logBucket: { name: "acme" }, frontDoor: { accessLogs: { kind: "bucket" } } },
      "frontDoor.accessLogs: has no effect when logBucket is set: that bucket gets the access logs; remove it",
    ],
    [
      { logBucket: { name: "acme" }, network: { flowLogRetentionDays: 30 } },
      "network.flowLogRetentionDays: flow logs go to logBucket, whose owner decides how long they are kept; remove it",
    ],
    [
      { network: { cidr: "10.8.0.0/16", ipamPoolId: "pool" } },
      'network.ipamPoolId: "pool" is not the id of an IPAM pool; use an id such as "ipam-pool-0a1b2c3d4e5f60711"',
    ],
    [
      { network: { ipamPoolId: "ipam-pool-0a1b2c3d4e5f60711" } },
      "network.cidr: is missing, and the rules of the environment are written before IPAM could choose a range; give a range of the pool that is free, such as one of `aws ec2 get-ipam-pool-cidrs`",
    ],
    [
      shared({ egress: { level: "dns" } }),
      'egress.level: "dns" attaches a firewall to the resolver of the VPC, which only the account that owns the VPC can do; use "open", and give the owner the names that `npx cdktf-retool egress` lists',
    ],
    [
      shared({ network: { ...guest.network, ownerAccount: prod.account } }),
      'network.ownerAccount: "111122223333" is the environment\'s own account; remove it',
    ],
  ])("refuse %j", (spec, message) => {
    expect(problems(spec)).toEqual([message]);
  });
});
