import { prod } from "./environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { secondInstance } from "./second-instance";

const RULES = {
  account: "222233334444",
  namePrefix: "acme-apps",
  iam: {
    permissionsBoundary: "arn:aws:iam::222233334444:policy/acme-boundary",
    path: "/acme/apps/",
    rolePrefix: "app-",
  },
  tags: { CostCenter: "4711", "acme:data class": "internal" },
} as const satisfies Partial<EnvironmentSpec>;

/** An environment that makes everything, under every rule of an organization and with every optional part that AWS resources come from. */
export const NEW_PARTS: EnvironmentSpec = {
  ...prod,
  ...RULES,
  region: "eu-west-1",
  clusterAccess: "private",
  dns: { kind: "create", queryLogRetentionDays: 30 },
  frontDoor: { waf: { kind: "block" }, accessLogs: { kind: "bucket" } },
  backup: { copyTo: { region: "eu-central-1" } },
  egress: { level: "firewall" },
  secretDelivery: "external-secrets",
  retoolDatabase: { kind: "dedicated" },
  network: { sandboxCidr: "100.64.0.0/14" },
  cluster: { addonVersions: { "aws-ebs-csi-driver": "v1.55.0-eksbuild.1" } },
};

/** The same where network, cluster and databases exist. */
export const EXISTING_PARTS: EnvironmentSpec = {
  ...secondInstance({ ...prod, account: RULES.account }),
  ...RULES,
  database: { kind: "existing", host: "db.example.com", secret: "acme/database", addresses: ["10.20.0.0/24"] },
  retoolDatabase: {
    kind: "existing",
    host: "data.example.com",
    secret: "acme/retool-database",
    addresses: ["10.20.1.0/24"],
  },
};

const KEY = "arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const BACKUP_KEY = KEY.replace(/.$/, "f");

/** Keys, log bucket and address pool of an organization. */
export const ORGANIZATION_PARTS: EnvironmentSpec = {
  ...prod,
  encryptionKeys: { data: KEY, backup: BACKUP_KEY, logs: KEY, cluster: KEY },
  logBucket: { name: "acme-logs", keyPrefix: "retool/prod" },
  network: { cidr: "10.8.0.0/16", ipamPoolId: "ipam-pool-0a1b2c3d4e5f60711" },
};

const guest = secondInstance(prod);

/** Subnets that another account shares. */
export const SHARED_SUBNETS: EnvironmentSpec = {
  ...guest,
  network: { ...guest.network, ownerAccount: "999988887777" } as EnvironmentSpec["network"],
  tags: RULES.tags,
};
