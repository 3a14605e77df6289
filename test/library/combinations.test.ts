import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, Testing } from "cdktf";

import {
  Backup,
  type BackupProps,
  BlobStorage,
  type BlobStorageProps,
  Certificate,
  ConfigurationError,
  EgressControl,
  type EgressControlProps,
  EncryptionKey,
  type EncryptionKeyProps,
  FrontDoor,
  type FrontDoorProps,
  GeneratedSecret,
  type GeneratedSecretProps,
  HostedZone,
  type HostedZoneProps,
  Karpenter,
  type KarpenterProps,
  KubernetesCluster,
  type KubernetesClusterProps,
  Network,
  type NetworkProps,
  Observability,
  type ObservabilityProps,
  PostgresDatabase,
  type PostgresDatabaseProps,
  RetoolRelease,
  type RetoolReleaseProps,
} from "../../library";
import { type Choices, pairs } from "../support/pairs";

type OptionalKeys<Props> = { [Key in keyof Props]-?: object extends Pick<Props, Key> ? Key : never }[keyof Props];
/** Values of each optional prop besides its absence: a prop that is added without a value here does not compile. */
type Values<Props> = { readonly [Key in OptionalKeys<Props>]-?: readonly NonNullable<Props[Key]>[] };

const ARN = "arn:aws:iam::111122223333:role/";
const CERTIFICATE = { certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1" };
const KEY = { encryptionKey: [{ keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1" }] };
const COMMON = { name: ["given"], tags: [{ CostCenter: "4711" }], dataProtection: ["disposable" as const] };
const NETWORK = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  vpcCidr: "10.20.0.0/16",
  publicSubnetIds: ["subnet-5", "subnet-6"],
  privateSubnetIds: ["subnet-1", "subnet-2"],
  databaseSubnetIds: ["subnet-3", "subnet-4"],
  ranges: {
    vpc: ["10.20.0.0/16"],
    private: ["10.20.0.0/18", "10.20.64.0/18"],
    public: ["10.20.128.0/24", "10.20.129.0/24"],
    database: ["10.20.130.0/24", "10.20.131.0/24"],
  },
  natAddresses: [],
  egressReady: [],
};
const SHOP = { shop: { service: "shop", port: 8080 } };
const POOLS = { general: { cpuLimit: 2 }, batch: { purchaseOption: "spot", diskGiB: 16_384 } } as const;
const OWN_TARGETS = { arnSuffix: "app/x/1", targets: [] };
const WATCHED = { instanceIdentifier: "orders", capacity: { memoryGiB: 8, storageGiB: 100, connections: 200 } };

const clusterIn = (stack: TerraformStack): ReturnType<typeof KubernetesCluster.fromName> =>
  KubernetesCluster.fromName(stack, "Shared", "platform", { network: NETWORK });

const NETWORKS: Values<NetworkProps> = {
  ...{ name: COMMON.name, tags: COMMON.tags },
  cidr: ["10.20.0.0/16", "172.16.0.0/17"],
  ipamPoolId: [],
  zones: [2],
  nat: ["single"],
  interfaceEndpoints: [["sts", "logs"]],
  flowLogRetentionDays: [1, 3653],
  publicSubnets: [false],
};
const CLUSTERS: Values<KubernetesClusterProps> = {
  ...{ ...COMMON, ...KEY },
  access: [["203.0.113.10/32"]],
  deployRoleArn: [`${ARN}deploy`],
  kubernetesVersion: ["1.34"],
  nodeReleaseVersion: [],
  upgradeSupport: ["standard"],
  adminRoleArns: [[`${ARN}admin`]],
  viewerRoleArns: [[`${ARN}viewer`]],
  logTypes: [["audit"]],
  logRetentionDays: [1],
  serviceCidr: ["10.100.0.0/16"],
  prefixDelegation: [true],
  warmIpTarget: [1, 16],
  addonVersions: [],
  systemNodes: [{ count: 3, diskGiB: 100, instanceTypes: ["m7i.large"] }],
};
const DATABASES: Values<PostgresDatabaseProps> = {
  ...{ ...COMMON, ...KEY },
  databaseName: ["orders"],
  username: ["orders"],
  connections: [2000],
  password: [],
  engineVersion: ["16"],
  instanceClass: ["db.t4g.medium", "db.r7g.16xlarge"],
  storageGiB: [60, 400],
  maxStorageGiB: [1000],
  multiAz: [false],
  backupRetentionDays: [1, 35],
  backupWindow: ["01:00-01:30"],
  maintenanceWindow: ["sun:10:00-sun:11:00"],
  applyImmediately: [true],
  allowMajorVersionUpgrade: [true],
  performanceInsightsDays: [],
  logRetentionDays: [1],
  generation: [2],
  restore: [{ kind: "snapshot", snapshot: "before" }],
};
const BUCKETS: Values<BlobStorageProps> = {
  ...{ ...COMMON, ...KEY },
  bucketName: ["mine"],
  noncurrentVersionDays: [1],
  accessLogDays: [1],
};
const DOORS: Values<FrontDoorProps> = {
  ...{ ...COMMON, ...KEY },
  names: [["shop.example.com"]],
  zone: [{ zoneId: "Z2" }],
  access: ["internal", ["203.0.113.0/24"]],
  idleTimeoutSeconds: [1, 4000],
  waf: [{ kind: "block" }, { kind: "off" }],
  accessLogs: [{ kind: "bucket", retentionDays: 1 }],
};
const EGRESS: Values<EgressControlProps> = { ...COMMON, ...KEY, level: [], mode: ["alert"], logRetentionDays: [1] };
const KARPENTERS: Values<KarpenterProps> = {
  ...{ name: COMMON.name, tags: COMMON.tags, ...KEY },
  network: [{ ...NETWORK, privateSubnetIds: ["subnet-7"] }],
  pools: [POOLS],
};
const WATCHES: Values<ObservabilityProps> = {
  ...{ ...COMMON, ...KEY },
  addresses: [["ops@example.com"]],
  topicArn: [],
  logRetentionDays: [1],
  dashboard: [false],
  cluster: [],
  database: [WATCHED],
  frontDoor: [OWN_TARGETS],
  certificate: [CERTIFICATE],
};
const SECRETS: Values<GeneratedSecretProps> = { ...COMMON, ...KEY, description: ["a"], revision: [2] };
const KEYS: Values<EncryptionKeyProps> = { ...COMMON, description: ["a"], services: [["cloudwatch-logs"]] };
const BACKUPS: Values<BackupProps> = {
  ...{ ...COMMON, ...KEY },
  retentionDays: [1, 365],
  hour: [0, 23],
  lock: ["governance", "compliance"],
};
const ZONES: Values<HostedZoneProps> = {
  ...{ tags: COMMON.tags, dataProtection: COMMON.dataProtection },
  parentZoneId: ["Z0123456789ABCDEFGHIJ"],
  network: [NETWORK],
  caa: [true],
};

const RELEASES: Values<RetoolReleaseProps> = {
  ...{ ...COMMON, ...KEY },
  namespace: ["apps"],
  access: [["203.0.113.0/24"]],
  hostnames: [{ sandboxProxy: "same-origin", appsDomain: "apps.example.com" }],
  temporal: [{ kind: "self-hosted", host: "temporal.example.com", namespace: "retool" }],
  caBundle: ["none"],
  resources: [[{ to: "api.example.com" }]],
  builders: [200],
  users: [5000],
  sandbox: [{ devicePlugin: false, purchaseOption: "spot" }],
  nodePools: [{ isolateCodeExecution: true }],
  chartVersion: [],
  profile: ["evaluation"],
  edgeReason: [],
  api: [{ replicas: 3 }],
  jobsRunner: [{ migrationTimeoutMinutes: 1 }],
  workflowsBackend: [{ replicas: 3 }],
  workflowsWorker: [{ replicas: 3 }],
  codeExecutor: [{ sandboxing: "privileged" }],
  jsExecutor: [],
  r2Worker: [],
  sandboxController: [],
  sandboxProxy: [{ replicas: 3 }],
  dbconnector: [],
  agentWorker: [],
  agentEvalWorker: [],
  multiplayer: [],
  mcp: [],
  features: [{ dbconnector: true, agents: true, multiplayer: true, mcp: true }],
  telemetry: ["metrics"],
  telemetryTarget: [],
  appOrchestration: [],
  auditEvents: ["database"],
  images: [{ registries: { dockerHub: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/hub" } }],
  upgrades: [[{ from: "4.0.5-stable", to: "4.0.9-stable" }]],
  extraValues: [{ mcp: { annotations: { team: "tools" } } }],
  environment: [{ SOME_LIMIT: "1" }],
  secretEnvironment: [],
  secretEnvironmentRevision: [],
  sso: [{ kind: "google", clientId: "id", clientSecret: "retool/google" }],
  certificateAuthorities: [],
  outboundProxy: [{ url: "http://proxy.example.com:3128" }],
  priorityClassName: ["high"],
};

const SERVER = { host: "db.internal", databaseName: "app", username: "app", secretName: "app/password" };
const OWN_KARPENTER = {
  version: "1.14.1",
  instanceProfileName: "nodes",
  controllerRoleArn: `${ARN}karpenter`,
  nodeOverlay: true,
  interruptionQueue: true,
};

/** Settings that refuse each other, and which one is refused. */
const CONFLICTS: Readonly<Record<string, readonly string[]>> = {
  Backup: ["Tools/It.lock"],
  PostgresDatabase: ["allowMajorVersionUpgrade", "generation", "instanceClass"].map((prop) => `Tools/It.${prop}`),
};

const CONSTRUCTS: Readonly<Record<string, readonly [Choices, (stack: TerraformStack, props: object) => void]>> = {
  RetoolRelease: [
    RELEASES,
    (stack, props) => {
      const cluster = clusterIn(stack);
      const karpenter = Karpenter.fromExisting(stack, "Karpenter", { cluster, ...OWN_KARPENTER });
      const database = PostgresDatabase.fromSecret(stack, "Db", SERVER);
      const settings = { domain: "retool.example.com", retoolVersion: "4.0.9-stable", license: "none" };
      new RetoolRelease(stack, "It", { cluster, karpenter, database, ...settings, ...props });
    },
  ],
  Network: [NETWORKS, (stack, props) => new Network(stack, "It", props)],
  KubernetesCluster: [CLUSTERS, (stack, props) => new KubernetesCluster(stack, "It", { network: NETWORK, ...props })],
  PostgresDatabase: [DATABASES, (stack, props) => new PostgresDatabase(stack, "It", { network: NETWORK, ...props })],
  BlobStorage: [BUCKETS, (stack, props) => new BlobStorage(stack, "It", props)],
  FrontDoor: [
    DOORS,
    (stack, props) => {
      const site = { network: NETWORK, certificate: CERTIFICATE, nodes: { securityGroupId: "sg-1" }, targets: SHOP };
      const open = { access: ["0.0.0.0/0"], zone: { zoneId: "Z1" }, names: ["www.example.com"] };
      new FrontDoor(stack, "It", { ...site, ...open, ...props });
    },
  ],
  EgressControl: [
    EGRESS,
    (stack, props) =>
      new EgressControl(stack, "It", { network: NETWORK, allow: [{ to: "api.example.com" }], ...props }),
  ],
  Karpenter: [KARPENTERS, (stack, props) => new Karpenter(stack, "It", { cluster: clusterIn(stack), ...props })],
  Observability: [WATCHES, (stack, props) => new Observability(stack, "It", { cluster: clusterIn(stack), ...props })],
  GeneratedSecret: [SECRETS, (stack, props) => new GeneratedSecret(stack, "It", props)],
  EncryptionKey: [KEYS, (stack, props) => new EncryptionKey(stack, "It", props)],
  Backup: [BACKUPS, (stack, props) => new Backup(stack, "It", { resources: ["arn:aws:s3:::mine"], ...props })],
  HostedZone: [ZONES, (stack, props) => new HostedZone(stack, "It", { domain: "tools.example.com", ...props })],
  Certificate: [
    { tags: COMMON.tags },
    (stack, props) => new Certificate(stack, "It", { names: ["tools.example.com"], zone: { zoneId: "Z1" }, ...props }),
  ],
};

const stackIn = (app: App, id: string): TerraformStack => {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region: "eu-central-1", allowedAccountIds: ["111122223333"] });
  return stack;
};

const synthesized = (define: (stack: TerraformStack, props: object) => void, props: object): string => {
  const stack = stackIn(new App({ outdir: "unused" }), "Tools");
  define(stack, props);
  return Testing.synth(stack);
};

/** What is synthesized, or the paths that are refused. */
const outcome = (define: (stack: TerraformStack, props: object) => void, props: object): string | string[] => {
  try {
    return synthesized(define, props);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.violations.map(({ path }) => path);
  }
};

// What of a release a setting changes has tests in domain/; here it would take as long as all the others.
const quick = Object.entries(CONSTRUCTS).filter(([name]) => name !== "RetoolRelease");

test.each(quick)("%s changes with each setting", (_name, [choices, define]) => {
  const plain = synthesized(define, {});
  const single = Object.entries(choices).flatMap(([key, values]) => values.map((value) => ({ [key]: value })));

  expect(single.filter((props) => outcome(define, props) === plain)).toEqual([]);
});

describe.each(Object.entries(CONSTRUCTS))("%s", (name, [choices, define]) => {
  test("takes each two settings together", () => {
    const made = pairs(choices).map((props) => outcome(define, props));
    const refused = new Set(made.filter((one) => typeof one !== "string").flat());

    expect(made.filter((one) => typeof one === "string" && /\[object Object\]|TfToken/.test(one))).toEqual([]);
    expect([...refused].sort()).toEqual(CONFLICTS[name] ?? []);
  });
});

/** Types of resources that have no tags in AWS; those inside Kubernetes have none either. */
const UNTAGGED = [
  ...["acm_certificate_validation", "autoscaling_group_tag", "backup_selection", "cloudwatch_dashboard"],
  ...["cloudwatch_event_target", "cloudwatch_log_metric_filter", "ec2_tag", "iam_role_policy"],
  ...["iam_role_policy_attachment", "kms_alias", "networkfirewall_logging_configuration", "route", "route53_record"],
  ...["route53_resolver_firewall_config", "route53_resolver_firewall_rule"],
  ...["route53_resolver_query_log_config_association", "route_table_association", "s3_bucket_lifecycle_configuration"],
  ...["s3_bucket_logging", "s3_bucket_ownership_controls", "s3_bucket_policy", "s3_bucket_public_access_block"],
  ...["s3_bucket_server_side_encryption_configuration", "s3_bucket_versioning", "secretsmanager_secret_version"],
  ...["sns_topic_policy", "sqs_queue_policy"],
];

test("tags are on everything that AWS can tag, inside siblings and what is added later too", () => {
  const tags = { CostCenter: "4711" };
  const stack = stackIn(new App({ outdir: "unused" }), "Tools");
  const network = new Network(stack, "Network", { tags });
  const cluster = new KubernetesCluster(stack, "Cluster", { network, tags });
  const database = new PostgresDatabase(stack, "Database", { network, tags });
  database.allowFrom("Cluster", cluster);
  const site = { network, certificate: CERTIFICATE, nodes: cluster };
  new FrontDoor(stack, "Door", { ...site, targets: SHOP, tags }).serve(cluster, "shop");
  new EgressControl(stack, "Egress", { network, allow: [], level: "firewall", tags });
  new Karpenter(stack, "Karpenter", { cluster, tags });
  new Observability(stack, "Watch", { cluster, database, tags });
  new Backup(stack, "Backup", { resources: [database.instanceArn], tags });
  new HostedZone(stack, "Zone", { domain: "tools.example.com", tags });
  new Certificate(stack, "Certificate", { names: ["tools.example.com"], zone: { zoneId: "Z1" }, tags });
  new BlobStorage(stack, "Storage", { tags });
  new GeneratedSecret(stack, "Secret", { tags });
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, object>> };
  const untagged = Object.entries(resource)
    .filter(([type, all]) => type.startsWith("aws_") && Object.values(all).some((one) => !hasTag(one)))
    .map(([type]) => type.replace("aws_", ""));

  expect(untagged.filter((type) => !UNTAGGED.includes(type))).toEqual([]);
  expect(JSON.stringify(resource["helm_release"])).toMatch(/CostCenter/);
});

const hasTag = (block: object): boolean =>
  "tags" in block && (block.tags as Record<string, string>)["CostCenter"] === "4711";

describe("two of each", () => {
  test("live in one stack without sharing a name", () => {
    const stack = stackIn(new App({ outdir: "unused" }), "Tools");
    for (const id of ["One", "Two"]) {
      const network = new Network(stack, `${id}Network`);
      new PostgresDatabase(stack, `${id}Database`, { network });
      new BlobStorage(stack, `${id}Storage`);
      new GeneratedSecret(stack, `${id}Secret`);
      new FrontDoor(stack, `${id}Door`, {
        ...{ network, certificate: CERTIFICATE, nodes: { securityGroupId: "sg-1" }, targets: SHOP },
      });
      new EgressControl(stack, `${id}Egress`, { network, allow: [] });
      new Observability(stack, `${id}Watch`, { database: WATCHED });
      new Backup(stack, `${id}Backup`, { resources: [] });
      new HostedZone(stack, `${id}Zone`, { domain: `${id.toLowerCase()}.example.com` });
    }
    const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, Named>> };
    // Names of rules are those of their group.
    const named = Object.entries(resource).filter(([type]) => type !== "aws_route53_resolver_firewall_rule");
    const repeated = named.flatMap(([type, all]) => {
      const names = Object.values(all).flatMap(({ name, bucket, identifier }) => name ?? bucket ?? identifier ?? []);
      return names
        .filter((name, at) => !name.includes("${") && names.indexOf(name) < at)
        .map((name) => `${type} ${name}`);
    });

    expect(repeated).toEqual([]);
  });

  test("work across stacks: a network and a database of one, a cluster and Retool of another", () => {
    const app = new App({ outdir: "unused" });
    const [base, apps] = [stackIn(app, "Base"), stackIn(app, "Apps")];
    const network = new Network(base, "Network");
    const database = new PostgresDatabase(base, "Database", { network });
    const cluster = new KubernetesCluster(apps, "Cluster", { network });
    const karpenter = new Karpenter(apps, "Karpenter", { cluster });
    const settings = { domain: "retool.example.com", retoolVersion: "4.0.9-stable", license: "none" };
    new RetoolRelease(apps, "Retool", { cluster, karpenter, database, ...settings });
    for (const stack of [base, apps]) stack.prepareStack();
    const synthesizedApps = JSON.parse(Testing.synth(apps)) as { readonly data: Record<string, object> };

    expect(Object.keys(synthesizedApps.data)).toContain("terraform_remote_state");
    expect(Testing.synth(base)).toContain("cross-stack-output");
  });
});

interface Named {
  readonly name?: string;
  readonly bucket?: string;
  readonly identifier?: string;
}
