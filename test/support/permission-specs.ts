import { readFileSync, existsSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { App } from "cdktf";

import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { local } from "./environments/local";

const base = { ...local, state: { kind: "s3" } } as const satisfies EnvironmentSpec;

const network = { zones: 2, sandboxCidr: "100.64.0.0/14" } as const;
const egress = { level: "firewall", changeProtection: false, retoolAddresses: true } as const;
const accessLogs = { kind: "bucket" } as const;
const viewers = { viewerRoleArns: ["arn:aws:iam::123456789012:role/viewers"] };

/** An environment with every part that can be made, as it is first deployed. */
const first: EnvironmentSpec = {
  ...base,
  network,
  egress,
  frontDoor: { waf: { kind: "block" }, accessLogs },
  observability: { alarms: { kind: "mail", addresses: ["first@example.com"] } },
  dns: { kind: "create", queryLogRetentionDays: 30 },
  bastion: true,
  blobStorage: { identity: "irsa" },
  cluster: { ...viewers, kubernetesVersion: "1.34" },
  database: { engineVersion: "17" },
  tags: { Team: "first" },
};

const database = {
  instanceClass: "db.m7g.2xlarge",
  storageGiB: 200,
  backupRetentionDays: 30,
  maintenanceWindow: "sat:10:00-sat:11:00",
  logRetentionDays: 365,
  performanceInsightsDays: 93,
  applyImmediately: true,
} as const;
const cluster = {
  ...viewers,
  logRetentionDays: 365,
  systemNodes: { instanceTypes: ["m7g.large"], diskGiB: 80 },
} as const;

/** Everyday changes of every part at once. */
const changed: EnvironmentSpec = {
  ...first,
  network: { ...network, nat: "single", flowLogRetentionDays: 365 },
  egress: { ...egress, pythonPackages: "python.example.com", logRetentionDays: 365 },
  frontDoor: { waf: { kind: "count" }, accessLogs },
  observability: { alarms: { kind: "mail", addresses: ["first@example.com", "second@example.com"] } },
  dns: { kind: "create", queryLogRetentionDays: 60 },
  builders: 60,
  access: ["203.0.113.0/24", "198.51.100.0/24"],
  clusterAccess: ["198.51.100.7/32"],
  cluster: { ...cluster, kubernetesVersion: "1.34" },
  database: { ...database, engineVersion: "17" },
  blobStorage: { identity: "irsa", noncurrentVersionDays: 90 },
  backup: { retentionDays: 90, hour: 1 },
  secrets: { ...local.secrets, jwtSecret: { kind: "generate", revision: 2 } },
  tags: { Team: "second", CostCenter: "42" },
};

const retoolVersion = "4.34.1-stable";

/** Upgrades of Kubernetes, PostgreSQL and Retool. */
const upgraded: EnvironmentSpec = {
  ...changed,
  cluster: { ...cluster, kubernetesVersion: "1.35" },
  database: { ...database, engineVersion: "18", allowMajorVersionUpgrade: true },
  retoolVersion,
  retool: { upgrades: [{ from: local.retoolVersion, to: retoolVersion, permissionsMigration: "complete" }] },
};

/** The life of an environment that holds every type of resources, in the order in which it is deployed. */
export const LIFE = { create: first, change: changed, upgrade: upgraded } as const;

/** What only a protected environment asks for, in its plan. */
export const PROTECTED: EnvironmentSpec = { ...base, dataProtection: "protected", network: { zones: 2 } };

/** A stack without what the emulator cannot make: tags of the groups of nodes that EKS makes. */
export function emulated(text: string): string {
  const { resource, ...json } = JSON.parse(text) as Record<string, Record<string, unknown>>;
  return JSON.stringify({ ...json, resource: { ...resource, aws_autoscaling_group_tag: undefined } });
}

/** Terraform's JSON of an environment; its assets are copied next to it where a path is given. */
export function synthesized(spec: EnvironmentSpec, assets?: string): string {
  const outdir = mkdtempSync(join(tmpdir(), "permissions-"));
  const app = new App({ outdir });
  new RetoolStack(app, spec);
  app.synth();
  const folder = join(outdir, "stacks", spec.name);
  const text = readFileSync(join(folder, "cdk.tf.json"), "utf8");
  if (assets !== undefined && existsSync(join(folder, "assets")))
    cpSync(join(folder, "assets"), assets, { recursive: true });
  rmSync(outdir, { recursive: true });
  return text;
}
