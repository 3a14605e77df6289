import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import {
  Backup,
  BlobStorage,
  Certificate,
  ConfigurationError,
  EgressControl,
  EncryptionKey,
  FrontDoor,
  GeneratedSecret,
  HostedZone,
  Karpenter,
  KubernetesCluster,
  Network,
  Observability,
  PostgresDatabase,
  RetoolRelease,
  resourceOf,
  resourcesOf,
} from "../../library";
import { expectGolden } from "../support/golden";
import { Graph } from "../support/graph";
import { addressLines, expectReleasedAddresses } from "../support/released-addresses";
import { Synthesized } from "../support/synthesize";

const NETWORK = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  vpcCidr: "10.20.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-1", "subnet-2"],
  databaseSubnetIds: ["subnet-3", "subnet-4"],
  natAddresses: [],
  egressReady: [],
};

const stackWith = (settings?: ConstructorParameters<typeof AwsProvider>[2]): TerraformStack => {
  const stack = new TerraformStack(new App({ outdir: "unused" }), "Tools");
  new AwsProvider(stack, "aws", settings ?? { region: "eu-central-1", allowedAccountIds: ["111122223333"] });
  return stack;
};

const synthesized = (define: (stack: TerraformStack) => void): Synthesized => {
  const stack = stackWith();
  define(stack);
  return new Synthesized(stack.toTerraform() as Synthesized["json"]);
};

const messageOf = (define: () => unknown): string => {
  try {
    define();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
};

const NODES = { securityGroupId: "sg-nodes" };
const CERTIFICATE = { certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1" };
const SHOP = { shop: { service: "shop", port: 8080 } };

const clusterIn = (scope: Construct): KubernetesCluster =>
  new KubernetesCluster(scope, "Cluster", { network: NETWORK });

/** Each public construct with no more than it needs. */
const SMALLEST: Readonly<Record<string, readonly [define: (scope: Construct) => Construct, type: string]>> = {
  Network: [(scope) => new Network(scope, "It"), "aws_vpc"],
  KubernetesCluster: [(scope) => new KubernetesCluster(scope, "It", { network: NETWORK }), "aws_eks_cluster"],
  PostgresDatabase: [(scope) => new PostgresDatabase(scope, "It", { network: NETWORK }), "aws_db_instance"],
  BlobStorage: [(scope) => new BlobStorage(scope, "It"), "aws_s3_bucket"],
  EncryptionKey: [(scope) => new EncryptionKey(scope, "It"), "aws_kms_key"],
  GeneratedSecret: [(scope) => new GeneratedSecret(scope, "It"), "aws_secretsmanager_secret"],
  HostedZone: [(scope) => new HostedZone(scope, "It", { domain: "tools.example.com" }), "aws_route53_zone"],
  Certificate: [
    (scope) => new Certificate(scope, "It", { names: ["tools.example.com"], zone: { zoneId: "Z1" } }),
    "aws_acm_certificate",
  ],
  EgressControl: [
    (scope) => new EgressControl(scope, "It", { network: NETWORK, allow: [{ to: "api.example.com" }] }),
    "aws_route53_resolver_firewall_rule_group",
  ],
  FrontDoor: [
    (scope) => new FrontDoor(scope, "It", { network: NETWORK, certificate: CERTIFICATE, nodes: NODES, targets: SHOP }),
    "aws_lb",
  ],
  Karpenter: [
    (scope) => new Karpenter(scope, "It", { cluster: clusterIn(scope), network: NETWORK }),
    "aws_iam_instance_profile",
  ],
  Observability: [
    (scope) =>
      new Observability(scope, "It", {
        cluster: clusterIn(scope),
        database: new PostgresDatabase(scope, "Database", { network: NETWORK }),
        frontDoor: new FrontDoor(scope, "Door", {
          network: NETWORK,
          certificate: CERTIFICATE,
          nodes: NODES,
          targets: SHOP,
        }),
        certificate: CERTIFICATE,
      }),
    "aws_cloudwatch_dashboard",
  ],
  Backup: [(scope) => new Backup(scope, "It", { resources: ["arn:aws:s3:::mine"] }), "aws_backup_vault"],
};

describe.each(Object.entries(SMALLEST))("%s by itself", (_name, [define, type]) => {
  const result = synthesized(define);

  test("is made from one statement, in a stack that has an AWS provider", () => {
    expect(result.addresses().some((address) => address.startsWith(`${type}.`))).toBe(true);
  });

  test("says nothing about Retool", () => {
    // Tags and remedies name the package itself.
    const words = JSON.stringify(result.json).replaceAll("cdktf-retool", "").split(/[",]/);

    expect(words.filter((word) => /retool/i.test(word))).toEqual([]);
  });
});

test("every construct has the reviewed addresses, and every one of the last release, or says where it went", () => {
  const stacks = Object.fromEntries(
    Object.entries(SMALLEST).map(([name, [define]]) => [name, synthesized(define).json] as const),
  );

  expectGolden("addresses.library.txt", `${addressLines(stacks).join("\n")}\n`);
  expectReleasedAddresses("addresses.released.library.txt", stacks);
});

describe("Karpenter", () => {
  const valuesOf = (name: string): string => {
    const result = synthesized((stack) => {
      const pools = { general: { cpuLimit: 16, purchaseOption: "spot" as const }, batch: { taints: [BATCH] } };
      new Karpenter(stack, "It", { cluster: clusterIn(stack), network: NETWORK, pools });
    });
    const release = result.all("helm_release").find((one) => one["name"] === name);
    return JSON.stringify(release?.["values"]).replaceAll("\\", "");
  };
  const BATCH = { key: "batch", value: "true", effect: "NoSchedule" } as const;

  test("has a pool and a class of nodes for each name", () => {
    expect(valuesOf("node-pools")).toContain('"kind":"NodePool","metadata":{"name":"general"}');
    expect(valuesOf("node-pools")).toContain('"values":["spot","on-demand"]');
    expect(valuesOf("node-pools")).toContain('"limits":{"cpu":"16"}');
    expect(valuesOf("node-pools")).toContain('"taints":[{"key":"batch","value":"true","effect":"NoSchedule"}]');
    expect(valuesOf("node-classes")).toContain('"kind":"EC2NodeClass","metadata":{"name":"batch"}');
    expect(valuesOf("node-classes")).toContain('"httpTokens":"required"');
  });

  test("says what is wrong with a pool", () => {
    const wrong = (pools: ConstructorParameters<typeof Karpenter>[2]["pools"]) => () => {
      const stack = stackWith();
      new Karpenter(stack, "It", { cluster: clusterIn(stack), network: NETWORK, pools });
    };

    expect(messageOf(wrong({ general: { cpuLimit: 1 } }))).toBe(
      "Tools/It.pools.general.cpuLimit: 1 is out of range; use 2 to 10000 CPUs",
    );
    expect(messageOf(wrong({ General: {} }))).toMatch(
      /^Tools\/It\.pools: "General" cannot name a pool; use at most 32/,
    );
  });
});

describe("FrontDoor", () => {
  const door = (more: Partial<ConstructorParameters<typeof FrontDoor>[2]>) => (stack: TerraformStack) =>
    new FrontDoor(stack, "It", { network: NETWORK, certificate: CERTIFICATE, nodes: NODES, targets: SHOP, ...more });

  test("sends requests to the Service that claims them, and the rest to the first", () => {
    const targets = { ...SHOP, api: { service: "api", port: 80, paths: ["/api/*"], healthPath: "/health" } };
    const result = synthesized(door({ targets, names: ["shop.example.com"], zone: { zoneId: "Z1" } }));

    expect(result.all("aws_lb_target_group").map(({ port, health_check }) => [port, health_check])).toEqual([
      [8080, expect.objectContaining({ path: "/" })],
      [80, expect.objectContaining({ path: "/health" })],
    ]);
    expect(result.only("aws_lb_listener_rule")).toMatchObject({
      condition: [{ path_pattern: { values: ["/api/*"] } }],
    });
    expect(result.only("aws_route53_record")).toMatchObject({ name: "shop.example.com", type: "A" });
    expect(result.only("aws_lb")).toMatchObject({ internal: true, idle_timeout: 60 });
  });

  test("fills its targets from a cluster", () => {
    const result = synthesized((stack) => door({})(stack).serve(clusterIn(stack), "shop"));

    expect(result.all("helm_release").map(({ name }) => name)).toEqual(
      expect.arrayContaining(["aws-load-balancer-controller", "target-group-bindings"]),
    );
  });

  test("shares the controller of the cluster with a second one", () => {
    const result = synthesized((stack) => {
      const cluster = clusterIn(stack);
      door({})(stack).serve(cluster, "shop");
      const more = { network: NETWORK, certificate: CERTIFICATE, nodes: NODES, targets: SHOP };
      new FrontDoor(stack, "Second", more).serve(cluster, "second");
    });

    expect(result.all("helm_release").filter(({ name }) => name === "aws-load-balancer-controller")).toHaveLength(1);
    expect(result.all("aws_iam_role_policy").find(({ name }) => name === "tools-second-targets")).toMatchObject({
      role: expect.stringMatching(/^\$\{aws_iam_role\.It_Controller/) as string,
    });
  });

  test("says what is wrong, with the paths of its props", () => {
    const wrong = {
      targets: { shop: { service: "shop", port: 0 } },
      idleTimeoutSeconds: 5000,
      access: ["0.0.0.0/33"],
    };

    expect(messageOf(() => door(wrong)(stackWith())).split("\n")).toEqual([
      "Tools/It.targets.shop.port: 0 is out of range; use 1 to 65535",
      "Tools/It.idleTimeoutSeconds: 5000 is out of range; use 1 to 4000 seconds",
      expect.stringMatching(/^Tools\/It\.access\[0\]: /),
    ]);
    expect(messageOf(() => door({ targets: {} })(stackWith()))).toMatch(
      /^Tools\/It\.targets: names no Service; add one/,
    );
    expect(messageOf(() => door({ targets: { ...SHOP, api: { service: "api", port: 80 } } })(stackWith()))).toBe(
      "Tools/It.targets.api: matches no request; add hosts or paths; the first target gets the rest",
    );
  });
});

describe("EgressControl", () => {
  const ALLOW = [{ to: "api.example.com" }, { to: "198.51.100.0/24", port: 5432 }];

  test("guards names, connections and pods from one list", () => {
    const result = synthesized((stack) => {
      const network = new Network(stack, "Network", { zones: 2 });
      const egress = new EgressControl(stack, "It", { network, allow: ALLOW, level: "firewall" });
      const cluster = new KubernetesCluster(stack, "Cluster", { network: egress.network });
      egress.allowPods(cluster, "Shop", { name: "shop", namespace: "shop" });
    });

    expect(JSON.stringify(result.all("aws_route53_resolver_firewall_domain_list"))).toContain("api.example.com.");
    expect(JSON.stringify(result.only("aws_networkfirewall_rule_group"))).toContain("api.example.com");
    const routes = result.all("aws_route").filter(({ vpc_endpoint_id }) => vpc_endpoint_id !== undefined);
    expect(routes).toHaveLength(4);
    expect(
      JSON.stringify(result.all("kubernetes_network_policy_v1").find((one) => JSON.stringify(one).includes('"shop"'))),
    ).toMatch(/"5432".*198\.51\.100\.0\/24|198\.51\.100\.0\/24.*"5432"/);
    expect(JSON.stringify(result.only("aws_eks_node_group")["depends_on"])).toContain(
      "resolver_firewall_rule_group_association",
    );
  });

  test("hands on all that the network has", () => {
    const rangesReady = ["aws_vpc_ipv4_cidr_block_association.It"] as never;
    const network = { ...NETWORK, secondaryCidrs: ["100.64.0.0/16"], rangesReady };

    expect(new EgressControl(stackWith(), "It", { network, allow: [] }).network).toMatchObject({
      ...NETWORK,
      secondaryCidrs: ["100.64.0.0/16"],
      rangesReady,
      egressReady: expect.any(Array) as unknown,
    });
  });

  test.each([
    [{ allow: [{ to: "https://api.example.com" }] }, /^Tools\/It\.allow\[0\]\.to: /],
    [{ allow: ALLOW, level: "firewall" as const }, /^Tools\/It\.level: a firewall stands between/],
    [
      { allow: [], logRetentionDays: 8 },
      /^Tools\/It\.logRetentionDays: CloudWatch Logs cannot keep logs for 8 days; use one of 1, 3/,
    ],
  ])("refuses %j", (spec, expected) => {
    expect(messageOf(() => new EgressControl(stackWith(), "It", { network: NETWORK, ...spec }))).toMatch(expected);
  });
});

describe("Observability", () => {
  test("watches what it is given and nothing else", () => {
    const result = synthesized((stack) => {
      const database = new PostgresDatabase(stack, "Db", { network: NETWORK, connections: 123 });
      new Observability(stack, "It", { database, addresses: ["operators@example.com"], dashboard: false });
    });
    const alarms = result.all("aws_cloudwatch_metric_alarm");

    expect(alarms.map(({ alarm_name }) => alarm_name)).toEqual(
      ["cpu", "memory", "storage", "connections"].map((name) => `tools-it-database-${name}`),
    );
    expect(alarms[3]).toMatchObject({
      threshold: 123,
      dimensions: { DBInstanceIdentifier: expect.stringMatching(/^\$\{aws_db_instance\.Db/) as string },
    });
    expect(JSON.stringify(alarms)).not.toContain("docs/runbooks");
    expect(result.only("aws_sns_topic_subscription")).toMatchObject({ endpoint: "operators@example.com" });
    expect(result.all("aws_cloudwatch_dashboard")).toEqual([]);
    expect(result.all("kubernetes_namespace_v1")).toEqual([]);
  });

  test("says what is wrong, with the paths of its props", () => {
    const wrong = { addresses: ["nobody"], logRetentionDays: 8 };

    expect(messageOf(() => new Observability(stackWith(), "It", wrong)).split("\n")).toEqual([
      expect.stringMatching(/^Tools\/It\.logRetentionDays: CloudWatch Logs cannot keep logs for 8 days/),
      expect.stringMatching(/^Tools\/It\.addresses\[0\]: "nobody" is not a mail address/),
    ]);
  });
});

describe("RetoolRelease", () => {
  const DOMAIN = "retool.example.com";
  type Props = ConstructorParameters<typeof RetoolRelease>[2];
  const release = (stack: TerraformStack, more: Partial<Props> = {}): RetoolRelease => {
    const network = new Network(stack, "Network");
    const cluster = new KubernetesCluster(stack, "Cluster", { network });
    const karpenter = new Karpenter(stack, "Karpenter", { cluster });
    const database = new PostgresDatabase(stack, "Database", { network });
    const site = { cluster, karpenter, database };
    return new RetoolRelease(stack, "It", {
      ...{ ...site, domain: DOMAIN, retoolVersion: "4.0.9-stable", license: "retool/license" },
      ...more,
    });
  };

  describe("with its siblings", () => {
    let retool: RetoolRelease;
    const result = synthesized((stack) => {
      retool = release(stack);
      const nodes = { securityGroupId: "sg-1" };
      const door = { network: NETWORK, certificate: CERTIFICATE, nodes, zone: { zoneId: "Z1" }, ...retool.entrance };
      new FrontDoor(stack, "Door", door);
    });
    const values = JSON.stringify(result.all("helm_release").find(({ name }) => name === "retool")?.["values"]);

    test("installs the chart with the database, the bucket and the license by reference", () => {
      expect(values).toContain("licenseKeySecretName");
      expect(values.replaceAll("\\", "")).toMatch(/"bucket":"\$\{aws_s3_bucket\./);
      expect(values.replaceAll("\\", "")).toMatch(/"host":"\$\{aws_db_instance\.Database_/);
      expect(result.all("aws_db_instance")).toHaveLength(1);
      expect(JSON.stringify(result.all("aws_secretsmanager_secret").map(({ name }) => name))).not.toContain(
        "tools-it/database-password",
      );
    });

    test("closes its namespace, with the ranges of the network", () => {
      const policies = JSON.stringify(result.all("kubernetes_network_policy_v1"));

      expect(policies).toContain("retool-default-deny");
      expect(policies).toContain('"cidr":"10.0.0.0/16"');
    });

    test("has its own pools and bucket role", () => {
      const names = result.all("helm_release").map(({ name }) => name);

      expect(names).toEqual(expect.arrayContaining(["tools-it-node-classes", "tools-it-node-pools"]));
      expect(JSON.stringify(result.all("aws_iam_role").map(({ name }) => name))).toContain("tools-it");
    });

    test("hands its Services to a load balancer that knows nothing of them", () => {
      expect(retool.certificateNames[0]).toBe(DOMAIN);
      expect(Object.keys(retool.entrance.targets)).toEqual(["retool", "sandbox-proxy"]);
      expect(result.all("aws_lb_target_group").map(({ port, health_check }) => [port, health_check])).toEqual([
        [3000, expect.objectContaining({ path: "/api/checkHealth" })],
        [3019, expect.objectContaining({ path: "/health" })],
      ]);
      expect(result.only("aws_lb")).toMatchObject({ idle_timeout: 960 });
      expect(result.all("aws_route53_record").map(({ name }) => name)).toContain(DOMAIN);
    });
  });

  describe("twice in one cluster, each in its namespace and with its load balancer", () => {
    const result = synthesized((stack) => {
      const network = new Network(stack, "Network");
      const cluster = new KubernetesCluster(stack, "Cluster", { network });
      const karpenter = new Karpenter(stack, "Karpenter", { cluster });
      for (const name of ["sales", "tools"]) {
        const database = new PostgresDatabase(stack, `${name}Db`, { network });
        const settings = { domain: `${name}.example.com`, retoolVersion: "4.0.9-stable", license: "retool/license" };
        const site = { cluster, karpenter, database, namespace: name };
        const retool = new RetoolRelease(stack, name, { ...site, ...settings });
        const door = { network, certificate: CERTIFICATE, nodes: NODES, zone: { zoneId: "Z1" }, ...retool.entrance };
        new FrontDoor(stack, `${name}Door`, door).serve(cluster, retool.namespace, retool.ready);
      }
    });
    const repeated = (names: readonly string[]): string[] => names.filter((name, at) => names.indexOf(name) < at);

    test("shares no name of a Helm release, an object of the cluster or a resource of AWS", () => {
      const releases = result.all("helm_release").map(({ namespace, name }) => `${String(namespace)}/${String(name)}`);
      const manifests = result
        .all("helm_release")
        .flatMap(({ values }) => [
          ...JSON.stringify(values).matchAll(/kind\W+([A-Z]\w+)\W+metadata\W+name\W+([\w-]+)/g),
        ])
        .map(([, kind, name]) => `${String(kind)}/${String(name)}`)
        .filter((name) => /^(NodePool|EC2NodeClass|NodeOverlay|PriorityClass)\//.test(name));
      const named = [
        "aws_iam_role",
        "aws_lb",
        "aws_lb_target_group",
        "aws_db_instance",
        "aws_kms_alias",
        "aws_s3_bucket",
      ];

      expect(repeated(releases)).toEqual([]);
      expect(manifests.length).toBeGreaterThan(4);
      expect(repeated(manifests)).toEqual([]);
      for (const type of [...named, "aws_secretsmanager_secret"])
        expect(
          repeated(
            result
              .all(type)
              .flatMap(({ name, bucket, identifier }) => name ?? bucket ?? identifier ?? [])
              .map(String),
          ),
        ).toEqual([]);
    });

    test("binds the Services of each namespace to its own target groups", () => {
      const bindings = result.all("helm_release").filter(({ name }) => name === "target-group-bindings");

      expect(bindings.map(({ namespace }) => namespace).sort()).toEqual(["sales", "tools"]);
      for (const { namespace, values } of bindings)
        expect(JSON.stringify(values)).toContain(`aws_lb_target_group.${String(namespace)}Door_`);
      expect(result.all("helm_release").filter(({ name }) => name === "aws-load-balancer-controller")).toHaveLength(1);
    });
  });

  test("says what is wrong, with the paths of its props", () => {
    const wrong = { retoolVersion: "3.9.0", api: { replicas: 0 }, resources: [{ to: "https://a.example.com" }] };

    expect(messageOf(() => release(stackWith(), wrong as Partial<Props>)).split("\n")).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Tools\/It\.retoolVersion: /),
        expect.stringMatching(/^Tools\/It\.api\.replicas: /),
        expect.stringMatching(/^Tools\/It\.resources\[0\]\.to: /),
      ]),
    );
  });

  test("refuses a database whose address no policy would let its pods reach", () => {
    const database = (stack: TerraformStack, more = {}) =>
      PostgresDatabase.fromSecret(stack, "Old", {
        ...{ host: "10.99.0.7", port: 6432, databaseName: "app", username: "app", secretName: "app/password" },
        ...more,
      });
    const stack = stackWith();
    expect(messageOf(() => release(stack, { database: database(stack) }))).toMatch(
      /^Tools\/It\.database\.addresses: 10\.99\.0\.7 is in none of .*; set it to \["10\.99\.0\.7\/32"\]$/,
    );
    const policies = synthesized((scope) => {
      release(scope, { database: database(scope, { addresses: ["10.99.0.0/24"] }) });
    }).all("kubernetes_network_policy_v1");
    expect(JSON.stringify(policies)).toMatch(
      /"port":"6432"[^}]*}[^\]]*\],"to":\[\{"ip_block":\{"cidr":"10\.99\.0\.0\/24"|10\.99\.0\.0\/24[^\]]*6432/,
    );
  });

  test("lists what a guard of the network must let out", () => {
    const settings = { domain: DOMAIN, retoolVersion: "4.0.9-stable", license: "none" };

    expect(RetoolRelease.destinations(stackWith(), settings).map(({ to }) => to)).toContain("licensing.tryretool.com");
  });

  test("refuses a network whose address ranges nobody knows", () => {
    const stack = stackWith();
    const cluster = new KubernetesCluster(stack, "Shared", { network: NETWORK });
    const server = { host: "10.20.0.7", databaseName: "app", username: "app", secretName: "app/password" };
    const given = { cluster, database: PostgresDatabase.fromSecret(stack, "Db", server) };
    const karpenter = new Karpenter(stack, "Karp", { cluster });
    const settings = { domain: DOMAIN, retoolVersion: "4.0.9-stable", license: "none" };

    expect(messageOf(() => new RetoolRelease(stack, "It", { ...given, karpenter, ...settings }))).toBe(
      "Tools/It.cluster.network: its address ranges are not known, and network policies need them; use a Network of this package, or add ranges to Network.fromIds",
    );
  });
});

describe("names", () => {
  test("follow from the stack and the construct", () => {
    expect(
      synthesized((stack) => new PostgresDatabase(stack, "MainDatabase", { network: NETWORK })).only("aws_db_instance"),
    ).toMatchObject({ identifier: "tools-main-database" });
  });

  test("can be given, for every part", () => {
    const { json } = synthesized((stack) => new PostgresDatabase(stack, "It", { network: NETWORK, name: "orders" }));

    expect(JSON.stringify(json)).toContain('"orders-password"');
    expect(JSON.stringify(json)).toContain('"alias/orders-key"');
  });

  test.each(["Orders", "a--b", "a-", "1a", "x".repeat(41)])("%j is refused with what fits", (name) => {
    expect(messageOf(() => new BlobStorage(stackWith(), "It", { name }))).toMatch(
      /^Tools\/It\.name: .*; use at most 40 lower-case letters/,
    );
  });
});

describe("what is wrong", () => {
  test("is said at once, with the construct's path", () => {
    const wrong = { network: NETWORK, name: "It", tags: { "aws:x": "y" }, storageGiB: 5, backupRetentionDays: 99 };
    const messages = messageOf(() => new PostgresDatabase(stackWith(), "It", wrong)).split("\n");

    expect(messages.map((message) => message.split(":")[0])).toEqual(
      ["name", "tags", "storageGiB", "backupRetentionDays"].map((prop) => `Tools/It.${prop}`),
    );
  });

  test("includes a provider that does not say where it works", () => {
    const [region, account] = messageOf(() => new Network(stackWith({}), "It")).split("\n");

    expect(region).toMatch(/^Tools: has no AWS provider with a fixed region; declare one before this construct/);
    expect(account).toMatch(/^Tools: has no AWS provider for exactly one account; add allowedAccountIds/);
  });
});

describe("what exists", () => {
  test("a network by its tags serves a cluster", () => {
    const result = synthesized((stack) => {
      const lookup = { tags: { Name: "shared" }, privateSubnetTags: { tier: "private" }, zones: 2 };
      const others = { publicSubnetTags: { tier: "public" }, databaseSubnetTags: { tier: "data" } };
      const network = Network.fromLookup(stack, "Shared", { ...lookup, ...others });
      new KubernetesCluster(stack, "It", { network });
      new PostgresDatabase(stack, "Db", { network });
    });
    const subnets = result.json["data"]?.["aws_subnets"] ?? {};

    expect(JSON.stringify(result.only("aws_eks_cluster"))).toContain("element(sort(");
    expect(JSON.stringify(result.json)).toContain(
      "fewer than 2 private subnets have the tags; tag more, or lower zones",
    );
    expect(Object.values(subnets).map(({ tags }) => tags)).toEqual(
      ["private", "public", "data"].map((tier) => ({ tier })),
    );
    expect(JSON.stringify(result.only("aws_db_subnet_group"))).toContain("data.aws_subnets.Shared_Database");
  });

  describe("a cluster by its name", () => {
    const RANGES = { vpc: ["10.20.0.0/16"], private: ["10.20.0.0/18", "10.20.64.0/18"], public: [], database: [] };
    const network = { ...NETWORK, ranges: RANGES };
    const ROLE = "arn:aws:iam::111122223333:role/karpenter";
    const KARPENTER = { version: "1.14.1", instanceProfileName: "nodes", controllerRoleArn: ROLE };
    const given = { network, kubernetesVersion: "1.35" };
    const messagesOf = (block: { readonly lifecycle?: unknown }): string[] =>
      (block.lifecycle as { postcondition: { error_message: string }[] }).postcondition.map(
        ({ error_message }) => error_message,
      );
    const find = (stack: TerraformStack, more: object = {}) =>
      KubernetesCluster.fromName(stack, "Shared", "platform", { ...given, ...more });

    test("is compared with EKS, by the paths of its props, and changed in nothing", () => {
      const result = synthesized((stack) => find(stack, { controlPlaneCidrs: ["10.20.240.0/28"] }));

      expect(messagesOf(result.onlyData("aws_eks_cluster"))).toEqual([
        expect.stringMatching(/^Tools\/Shared\.kubernetesVersion: the cluster has another version; /),
        expect.stringMatching(/^Tools\/Shared\.network: the cluster is in another VPC; /),
        expect.stringMatching(/^Tools\/Shared\.serviceCidr: /),
        expect.stringMatching(/^Tools\/Shared\.name: .*set its authentication mode to API_AND_CONFIG_MAP$/),
      ]);
      expect(messagesOf(result.onlyData("aws_subnet"))).toEqual([
        expect.stringMatching(/^Tools\/Shared\.controlPlaneCidrs: /),
      ]);
      expect(JSON.stringify(result.onlyData("aws_subnet"))).toContain("10.20.240.0/28");
      expect(result.addresses()).toEqual([]);
    });

    test("takes releases, which wait for its API, and nodes of a Karpenter that is installed", () => {
      const result = synthesized((stack) => {
        const cluster = find(stack, { nodeSecurityGroupIds: ["sg-00000001"] });
        new Karpenter(stack, "Karpenter", { cluster });
      });

      expect(result.json["provider"]).toHaveProperty("helm");
      const graph = new Graph(result.json);
      const releases = Object.entries(result.json["resource"]?.["helm_release"] ?? {});
      for (const [name, release] of releases) {
        const before = [...graph.ancestors(`helm_release.${name}`)].map((address) => {
          const [type = "", id = ""] = address.split(".");
          return result.json["resource"]?.[type]?.[id]?.["depends_on"];
        });
        expect(JSON.stringify([release["depends_on"], before])).toContain("data.kubernetes_namespace_v1.Shared_Answer");
      }
      expect(JSON.stringify(result.all("helm_release"))).toContain("sg-00000001");
      expect(JSON.stringify(result.all("aws_iam_role_policy_attachment"))).toContain("AmazonEKS_CNI_Policy");
    });

    test("runs Retool with a Karpenter that is there, and lets policies reach its control plane", () => {
      const result = synthesized((stack) => {
        const cluster = find(stack, { controlPlaneCidrs: ["10.20.240.0/28"], loadBalancerController: true });
        const karpenter = Karpenter.fromExisting(stack, "Karpenter", { cluster, ...KARPENTER, nodeOverlay: true });
        const server = { host: "db.internal", databaseName: "app", username: "app", secretName: "app/password" };
        const database = PostgresDatabase.fromSecret(stack, "Db", server);
        const settings = { domain: "retool.example.com", retoolVersion: "4.0.9-stable", license: "none" };
        const retool = new RetoolRelease(stack, "It", { cluster, karpenter, database, ...settings });
        const door = { network, certificate: CERTIFICATE, nodes: NODES, ...retool.entrance, names: [] };
        new FrontDoor(stack, "Door", door).serve(cluster, retool.namespace, retool.ready);
      });

      expect(JSON.stringify(result.all("kubernetes_network_policy_v1"))).toContain('"cidr":"10.20.240.0/28"');
      expect(result.only("aws_kms_grant")).toMatchObject({
        name: "tools-karpenter-karpenter",
        grantee_principal: ROLE,
      });
      expect(result.all("helm_release").map(({ name }) => name)).not.toContain("aws-load-balancer-controller");
      expect(result.all("aws_iam_role_policy").filter(({ name }) => String(name).endsWith("-targets"))).toEqual([]);
      expect(result.all("aws_db_instance")).toEqual([]);
    });

    test("says what is wrong with it, and with its Karpenter", () => {
      const wrong = { kubernetesVersion: "1.12", loadBalancerController: 3 } as object;
      expect(messageOf(() => find(stackWith(), wrong))).toMatch(/^Tools\/Shared\.loadBalancerController: /);
      expect(messageOf(() => find(stackWith(), { kubernetesVersion: "1.12" }))).toMatch(
        /^Tools\/Shared\.kubernetesVersion: /,
      );
      const stack = stackWith();
      const cluster = find(stack);
      expect(
        messageOf(() => Karpenter.fromExisting(stack, "Karpenter", { cluster, ...KARPENTER, version: "1.9.0" })),
      ).toMatch(/^Tools\/Karpenter\.version: Karpenter 1\.9\.0 does not support/);
      const karpenter = Karpenter.fromExisting(stack, "Karpenter", { cluster, ...KARPENTER });
      const server = { host: "db.internal", databaseName: "app", username: "app", secretName: "app/password" };
      const database = PostgresDatabase.fromSecret(stack, "Db", server);
      const settings = { domain: "retool.example.com", retoolVersion: "4.0.9-stable", license: "none" };
      expect(messageOf(() => new RetoolRelease(stack, "It", { cluster, karpenter, database, ...settings }))).toMatch(
        /^Tools\/It\.karpenter\.nodeOverlay: /,
      );
    });

    test("and a second cluster are refused in one stack", () => {
      const stack = stackWith();
      find(stack);

      expect(messageOf(() => new KubernetesCluster(stack, "Other", { network }))).toBe(
        "Tools/Other: the stack has a Kubernetes or Helm provider already, which leads to one cluster only; put each cluster into its own stack",
      );
    });
  });

  test("a database, a zone, a certificate, a key, a bucket and a secret", () => {
    const result = synthesized((stack) => {
      const server = { host: "db.internal", databaseName: "app", username: "app", secretName: "app/password" };

      expect(PostgresDatabase.fromSecret(stack, "Db", { ...server, secretRevision: 2 })).toMatchObject({
        ...{ host: "db.internal", port: 5432, password: { revision: 2 } },
      });
      expect(HostedZone.fromId(stack, "ById", "Z1", "tools.example.com").zoneId).toBeDefined();
      expect(HostedZone.fromLookup(stack, "ByName", "tools.example.com").zoneId).toBeDefined();
      const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
      expect(Certificate.fromArn(stack, "Certificate", certificateArn)).toEqual({ certificateArn });
      expect(EncryptionKey.fromArn(stack, "Key", "arn:aws:kms:eu-central-1:111122223333:key/1").keyArn).toBeDefined();
      expect(BlobStorage.fromBucketName(stack, "Bucket", "mine").bucketName).toBe("mine");
    });

    expect(result.addresses().filter((address) => !address.startsWith("data."))).toEqual([]);
  });
});

describe("inner resources", () => {
  test("are reached by their class, and changed by type", () => {
    const result = synthesized((stack) => {
      resourceOf(new PostgresDatabase(stack, "It", { network: NETWORK }), DbInstance).backupTarget = "outposts";
    });

    expect(result.only("aws_db_instance")).toMatchObject({ backup_target: "outposts" });
  });

  test("are named where there are several, and where there is none", () => {
    const network = new Network(stackWith(), "It", { zones: 2 });

    expect(resourcesOf(network, Subnet).length).toBeGreaterThan(2);
    expect(() => resourceOf(network, Subnet)).toThrow(
      /^Tools\/It has \d+ of Subnet; name one by the end of its path: Tools\/It\//,
    );
    expect(() => resourceOf(network, DbInstance)).toThrow(
      "Tools/It has no DbInstance; inspect its tree with node.findAll()",
    );
    expect(resourceOf(network, Subnet, resourcesOf(network, Subnet)[0]!.node.id)).toBeInstanceOf(Subnet);
  });
});
