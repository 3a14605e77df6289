import { PUBLIC_REGISTRIES } from "../../domain/egress/package-registries";

/** A change of a right environment that must be refused, and where. */
export interface Mistake {
  /** Path of the violation. */
  readonly path: string;
  /** What is changed. */
  readonly change: Readonly<Record<string, unknown>>;
}

const [PYTHON_INDEX, PYTHON_FILES] = PUBLIC_REGISTRIES.pythonPackages.closed;

type Change = Readonly<Record<string, unknown>>;

const at = (path: string, ...changes: readonly Change[]): Mistake[] => changes.map((change) => ({ path, change }));

/** One mistake for each of several values of one setting at the top. */
const each = (key: string, ...values: readonly unknown[]): Mistake[] =>
  values.map((value) => ({ path: key, change: { [key]: value } }));

const ACCOUNT = "111122223333";
const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0a1b2c3d-0000-0000-0000-000000000000`;
const GOV_CERTIFICATE = CERTIFICATE.replace("aws:", "aws-us-gov:").replace("us-east-1", "us-gov-west-1");

const server = (host: string): Change => ({
  database: { kind: "existing", host, secret: "retool/db", addresses: ["10.20.0.0/24"] },
});
const named = (secret: string): Change => ({
  database: { ...(server("db.corp.example.com")["database"] as Change), secret },
});
const variable = (name: string, value: unknown): Change => ({ retool: { environment: { [name]: value } } });
const values = (extraValues: Change): Change => ({ retool: { extraValues } });
const subnet = (number: number, cidr: string): Change => ({ id: `subnet-0a1b2c3d4e5f6071${number}`, cidr });
const NETWORK: Change = {
  kind: "existing",
  vpcId: "vpc-0a1b2c3d4e5f60711",
  cidrs: ["10.8.0.0/16"],
  privateSubnets: [subnet(1, "10.8.0.0/18"), subnet(2, "10.8.64.0/18")],
  publicSubnets: [subnet(3, "10.8.128.0/24"), subnet(4, "10.8.129.0/24")],
};
const CLUSTER: Change = {
  kind: "existing",
  name: "platform",
  kubernetesVersion: "1.34",
  has: { networkPolicies: true },
};
const site = (network: Change, has: Change = {}): Change => ({
  network: { ...NETWORK, ...network },
  cluster: { ...CLUSTER, has: { networkPolicies: true, ...has } },
});
const keys = (change: Change): Change => ({
  blobStorage: {
    kind: "s3-keys",
    bucket: "retool-data",
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "retool/s3",
    ...change,
  },
});

/** Mistakes by what they are about. */
export const REFUSED: Readonly<Record<string, readonly Mistake[]>> = {
  "a region that does not exist or is not supported": each(
    "region",
    ...[
      "us-east-3",
      "us-west-3",
      "eu-central-3",
      "us-gov-north-1",
      "us-east-1a",
      "US-EAST-1",
      "Frankfurt",
      "",
      "us-east-1 ",
    ],
    ...["cn-north-1", "us-iso-east-1", "eusc-de-east-1", "aws-global"],
  ),
  "a public zone in GovCloud": [
    ...at("dns.kind", { region: "us-gov-west-1" }, { region: "us-gov-east-1", dns: { kind: "create" } }),
    ...at("dns.kind", { region: "us-gov-west-1", access: "internal", dns: { kind: "private-zone" } }),
    ...at("dns.validationZoneId", {
      region: "us-gov-west-1",
      access: "internal",
      dns: { kind: "private-zone", validationZoneId: "Z0123456789ABCDEFGHIJ" },
    }),
    ...at("dns.certificateArn", { region: "us-gov-west-1", dns: { kind: "none", certificateArn: CERTIFICATE } }),
  ],
  "tags that AWS or Karpenter refuse": each(
    "tags",
    ...[
      { "aws:owner": "x" },
      { "AWS:owner": "x" },
      { ["k".repeat(129)]: "x" },
      { k: "x".repeat(257) },
      { "team#1": "x" },
    ],
    ...[{ team: "a;b" }, Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`k${index}`, "v"])), { "": "x" }],
    ...[{ "karpenter.sh/nodepool": "x" }, { "kubernetes.io/cluster/a": "owned" }, { "eks:eks-cluster-name": "x" }],
    ...[{ Owner: "x", owner: "y" }, { Environment: "x" }, { " owner": "x" }, null, ["a"]],
  ),
  "a role of another account or partition": each(
    "deployRoleArn",
    ...[
      "arn:aws:iam::999988887777:role/deploy",
      `arn:aws-us-gov:iam::${ACCOUNT}:role/deploy`,
      `arn:aws:iam::${ACCOUNT}:user/x`,
    ],
    ...[`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/me`, "deploy"],
  ),
  "names with hyphens in the wrong place": each(
    "name",
    "pr--od",
    "prod-",
    "-prod",
    "Prod",
    "prod_eu",
    "",
    "a".repeat(21),
  ),
  "classes and types that do not exist": [
    ...[
      "db.m7g.lage",
      "m7g.large",
      "db.m7g.3xlarge",
      "db.r7g.24xlarge",
      "db.m5a.large",
      "db.t2.large",
      "DB.M7G.LARGE",
      "",
    ].flatMap((instanceClass) => at("database.instanceClass", { database: { instanceClass } })),
    ...["m99.large", "m6i.3xlarge", "m6i", "db.m6i.large", "t3.small", "p5.48xlarge"].flatMap((type) =>
      at("cluster.systemNodes.instanceTypes[0]", { cluster: { systemNodes: { instanceTypes: [type] } } }),
    ),
    ...["m9z", "t3", "m7g", "c5n", "m6i.large", "M6I", ""].flatMap((family) =>
      at("sandbox.instanceFamilies[0]", { sandbox: { instanceFamilies: [family] } }),
    ),
    ...at("sandbox.nodeCpus", { sandbox: { instanceFamilies: ["c5"], nodeCpus: 32 } }),
  ],
  "hosts that no server has": [
    ...[
      "10.0.0.256",
      "999.999.999.999",
      "127.0.0.1",
      "localhost",
      "db",
      "0.0.0.0",
      "169.254.169.254",
      "224.0.0.1",
      "::1",
    ].flatMap((host) => at("database.host", server(host))),
    ...["10.0.0.256", "localhost", "temporal"].flatMap((host) =>
      at("temporal.host", { temporal: { kind: "self-hosted", host, namespace: "retool" } }),
    ),
    ...["10.0.0.256", "localhost", "db.localhost", "999.999.999.999/32"].flatMap((to) =>
      at("egress.resources[0].to", { egress: { resources: [{ to }] } }),
    ),
    ...["https://10.0.0.256/t", "https://localhost/t", "https://idp/t"].flatMap((tokenUrl) =>
      at("retool.sso.tokenUrl", {
        retool: {
          sso: {
            kind: "oidc",
            clientId: "a",
            clientSecret: "retool/oidc",
            authUrl: "https://i.example.com/a",
            tokenUrl,
          },
        },
      }),
    ),
    ...[
      "https://h.example.com:99999",
      "https://10.0.0.256",
      "https://localhost:9000",
      "https://u:hunter2@h.example.com",
    ].flatMap((endpoint) => at("blobStorage.endpoint", keys({ endpoint }))),
  ],
  "registries that are none, and two stores where one is used": [
    ...["", "http://pypi.example.com", "10.0.0.5", PYTHON_FILES, `${PYTHON_INDEX}:99999`].flatMap((pythonPackages) =>
      at("egress.pythonPackages", { egress: { pythonPackages } }),
    ),
    ...at("egress.appPackages", { egress: { appPackages: "npm.example.com/path?x" } }),
    ...at("temporal.database", {
      temporal: {
        kind: "local",
        database: {},
        cassandra: { hosts: ["c.example.com"], user: "t", passwordSecret: "t/c" },
      },
    }),
  ],
  "names that no public authority certifies": each(
    "domain",
    ...[
      "retool.local",
      "retool.internal",
      "retool.corp",
      "retool.test",
      "retool.lan",
      "retool.home.arpa",
      "retool.a.onion",
    ],
  ),
  "IPv6 ranges in an IPv4 network": [
    ...at("network.cidr", { network: { cidr: "fd00::/16" } }),
    ...at("network.cidrs[1]", site({ cidrs: ["10.8.0.0/16", "2001:db8::/56"] })),
    ...at(
      "network.privateSubnets[0].cidr",
      site({ privateSubnets: [subnet(1, "2001:db8::/64"), subnet(2, "10.8.64.0/18")] }),
    ),
    ...at("database.addresses[0]", {
      database: { kind: "existing", host: "db.example.com", secret: "a/b", addresses: ["2001:db8::/32"] },
    }),
  ],
  "buckets, containers and regions of other providers": [
    ...["MyBucket", "a", "s3://b", "b_c", "10.0.0.1", "bucket/dir"].flatMap((bucket) =>
      at("blobStorage.bucket", keys({ bucket })),
    ),
    ...at("blobStorage.region", keys({ region: "us-east-9" })),
    ...["My_Bucket", "goog-x", "a", "gs://b", "b..b"].flatMap((bucket) =>
      at("blobStorage.bucket", { blobStorage: { kind: "gcs", bucket, credentials: "retool/gcs" } }),
    ),
    ...["My-Container", "a", "a--b", "-ab", "ab_"].flatMap((container) =>
      at("blobStorage.container", {
        blobStorage: { kind: "azure", account: "retooldata", container, connectionString: "retool/azure" },
      }),
    ),
  ],
  "subnets that are one, or share addresses": [
    ...at("network.privateSubnets[1]", site({ privateSubnets: [subnet(1, "10.8.0.0/18"), subnet(2, "10.8.0.0/18")] })),
    ...at("network.privateSubnets[1]", site({ privateSubnets: [subnet(1, "10.8.0.0/18"), subnet(2, "10.8.0.0/19")] })),
    ...at("network.publicSubnets[0]", site({ publicSubnets: [subnet(1, "10.8.0.0/18"), subnet(4, "10.8.129.0/24")] })),
    ...at("network.sandboxSubnets[0]", site({ sandboxSubnets: NETWORK["privateSubnets"] })),
  ],
  "extra values of the wrong type or size": [
    ...at("retool.extraValues.commandline", values({ commandline: 5 }), values({ commandline: "x" })),
    ...at("retool.extraValues.config.postgresPoolMaxSize", values({ config: { postgresPoolMaxSize: 0 } })),
    ...at("retool.extraValues.config.postgresPoolMaxSize", values({ config: { postgresPoolMaxSize: 5000 } })),
    ...at("retool.extraValues.config.postgresPoolMaxSize", values({ config: { postgresPoolMaxSize: "ten" } })),
    ...at("database.instanceClass", {
      database: { instanceClass: "db.t4g.medium" },
      ...values({ config: { postgresPoolMaxSize: 200 } }),
    }),
    ...at("database.instanceClass", {
      database: { instanceClass: "db.t4g.medium" },
      ...values({ rr: { agentSandbox: { postgres: { poolMax: 500 } } } }),
    }),
  ],
  "words that PostgreSQL and RDS keep": [
    ...["admin", "select", "table", "order", "user", "rdsadmin", "pg_x", "current_user", ""].flatMap((username) =>
      at("database.username", { database: { username } }),
    ),
    ...["select", "template0", "rdsadmin"].flatMap((databaseName) =>
      at("database.databaseName", { database: { databaseName } }),
    ),
  ],
  "buckets of the state": [
    "",
    "My-Bucket",
    "s3://tf",
    "arn:aws:s3:::tf",
    "10.0.0.1",
    "a..b",
    "ab",
    "x-s3alias",
    "tf/prod",
  ].flatMap((bucket) => at("state.bucket", { state: { kind: "s3", bucket } })),
  "null and lists in the place of a part": [
    ...["cluster", "secrets", "network", "database", "blobStorage", "retool", "egress", "temporal", "dns"].flatMap(
      (part) => each(part, null, []),
    ),
  ],
  "secrets in the open": [
    ...at("retool.environment.OPENAI_SECRET_KEY", variable("OPENAI_SECRET_KEY", "sk-abcdefghijklmnopqrstuvwxyz")),
    ...at("retool.environment.DATABASE_URL", variable("DATABASE_URL", "postgres://u:hunter2@h.example.com/db")),
    ...at("retool.environment.SMTP_PASS", variable("SMTP_PASS", "hunter2")),
    ...at(
      "retool.environment.ID",
      variable("ID", "AKIAIOSFODNN7EXAMPLE"),
      variable("ID", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ),
    ...at("retool.environment.GIT", variable("GIT", "ghp_abcdefghijklmnopqrstuvwxyz0123456789")),
    ...at("retool.environment.API", variable("API", "https://api.acme.io/?api_key=hunter2hunter2")),
    ...at("retool.environment.SLACK", variable("SLACK", "xoxb-123456789012-123456789012-abcdefghijkl")),
    ...at("retool.environment.MAPS", variable("MAPS", "AIzaSyA-abcdefghijklmnopqrstuvwxyz01234")),
    ...at("retool.environment.PEM", variable("PEM", "-----BEGIN RSA PRIVATE KEY-----\nMIIE")),
    ...at("tags.note", { tags: { note: "AKIAIOSFODNN7EXAMPLE" } }),
    ...at("database.host", server("postgres://u:hunter2@h/db")),
    ...at("egress.resources[0].reason", {
      egress: { resources: [{ to: "a.example.com", reason: "ghp_abcdefghijklmnopqrstuvwxyz0123456789" }] },
    }),
    ...at(
      "retool.extraValues.rr.jsExecutor.env[0].value",
      values({ rr: { jsExecutor: { env: [{ name: "API_KEY", value: "x" }] } } }),
    ),
    ...at(
      "retool.extraValues.extraManifests[0]",
      values({ extraManifests: [{ kind: "Secret", stringData: { a: "b" } }] }),
    ),
    ...at("blobStorage.secretAccessKey", keys({ secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" })),
    ...at("blobStorage.accessKeyId", keys({ accessKeyId: "retool/s3" })),
    ...at("license", { license: "SSOP_12345678-1234-1234-1234-123456789012" }),
    ...at("retool.secretEnvironment.OPENAI_API_KEY", {
      retool: { secretEnvironment: { OPENAI_API_KEY: "sk-abcdefghijklmnopqrstuvwxyz" } },
    }),
    ...at("retool.images.registries.dockerHub", {
      retool: { images: { registries: { dockerHub: "user:hunter2@reg.example.com" } } },
    }),
  ],
  "what a message must not repeat or suggest": [
    ...each("retoolVersion", "4.0.01-stable", "4.0.9", "latest", "v4.0.9-stable"),
    ...at(
      "network.cidr",
      ...["8.8.8.8/16", "192.168.1.0/16", "10.1.0.0/8", "10.0.0.1/16"].map((cidr) => ({ network: { cidr } })),
    ),
    ...at("network.zones", { network: { zones: 5 } }, { network: { zones: 4 }, region: "eu-central-1" }),
    ...at("egress.resources[0].to", { egress: { resources: [{ to: "api.ex\u0430mple.com" }] } }),
    ...at("dns.zoneName", { dns: { kind: "existing-zone", zoneName: "z".repeat(5000) } }),
    ...each("domain", "z".repeat(5000), "r\u0435tool.example.com", "Retool.Example.com", "retool.example.com."),
    ...at("nodePools.daemonSets", {
      nodePools: { daemonSets: { pods: 50, cpuMillicores: 32_000, memoryMiB: 200_000 } },
    }),
    ...at("license", { license: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:retool/license-AbCdEf` }),
  ],
};

/** Right configurations that look unusual, by what they are about. */
export const ACCEPTED: Readonly<Record<string, readonly Change[]>> = {
  "names of secrets that tools make": [
    ...["RetoolDb7C1B2A3D-9fQ2xkLmZ0aP", "DbSecretA720EF05-1HTQ2XQ8ZKLFJ", "9f1c2d3e-4b5a-6c7d-8e9f-0a1b2c3d4e5f"].map(
      named,
    ),
    ...["rds!db-1a2b3c4d-1111-2222-3333-444455556666", "retool/db:password"].map(named),
    named(`arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:retool/db-AbCdEf`),
    named(`arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:rds!db-1a2b3c4d-1111-2222-3333-444455556666-AbCdEf`),
    variable("OPENAI_API_KEY", { secret: "retool/openai" }),
    variable("OPENAI_API_KEY", { secret: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:openai-AbCdEf:key::` }),
  ],
  "ids of hosted zones as Route 53 prints them": [
    { dns: { kind: "existing-zone", zoneId: "/hostedzone/Z0123456789ABCDEFGHIJ" } },
    { dns: { kind: "create", parentZoneId: "/hostedzone/Z0123456789ABCDEFGHIJ" } },
    { dns: { kind: "existing-zone", zoneName: "example.com." } },
  ],
  "limits of sandboxes that follow": [
    { sandbox: { lifetimeMinutes: 30 } },
    { sandbox: { lifetimeMinutes: 5 } },
    { sandbox: { threadsPerBuilder: 8, perUserSandboxLimit: 10 } },
    { builders: 0 },
  ],
  "hosts as they are written elsewhere": [
    ...["DB.Example.COM", "db.example.com.", "my_db.corp.example.com", "10.20.0.5", "pg.data.svc.cluster.local"].map(
      server,
    ),
    { egress: { pythonPackages: `${PYTHON_INDEX.toUpperCase()}.` } },
    { egress: { pythonPackages: `https://${PYTHON_INDEX}/simple`, appPackages: "https://npm.example.com/" } },
    ...["API.Example.com", "api.example.com.", "db.data.svc.cluster.local", "my_org-acct_1.snowflakecomputing.com"].map(
      (to) => ({
        egress: { resources: [{ to }] },
      }),
    ),
  ],
  "families that exist": ["c5", "m5n", "m6id", "m7i-flex", "c6in", "r6id", "m5d"].map((family) => ({
    sandbox: { instanceFamilies: [family] },
    nodePools: { instanceFamilies: [family] },
  })),
  "a controller that is there": [true, false, {}].map((loadBalancerController) => site({}, { loadBalancerController })),
  "names of a private authority": [
    { domain: "retool.internal", access: "internal", dns: { kind: "private-zone", certificateArn: CERTIFICATE } },
    { domain: "retool.acme.corp", access: "internal", dns: { kind: "none", certificateArn: CERTIFICATE } },
  ],
  "GovCloud without a public zone": [
    { region: "us-gov-west-1", dns: { kind: "none", certificateArn: GOV_CERTIFICATE } },
    { region: "us-gov-west-1", access: "internal", dns: { kind: "private-zone", certificateArn: GOV_CERTIFICATE } },
  ],
  "what only looks like a secret": [
    variable("TOKEN_EXPIRY_MINUTES", "30"),
    variable("COMMIT", "0123456789abcdef0123456789abcdef01234567"),
    variable("SENTRY_URL", "https://sentry.example.com/1"),
    { tags: { Owner: "team@acme.io", "cost:center": "1/2=3" } },
  ],
  "a range that Services leave to the network": [
    { network: { cidr: "172.20.0.0/16" }, cluster: { serviceCidr: "10.100.0.0/16" } },
  ],
};
