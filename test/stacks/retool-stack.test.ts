import { App, Testing } from "cdktf";

import { environments } from "../support/environments";
import { differences, local } from "../support/environments/local";
import { prod } from "../support/environments/prod";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { releaseValues } from "../../domain/environment/release-values";
import { RetoolStack } from "../../stacks";
import { changedPaths } from "../support/changes";
import { expectGolden } from "../support/golden";
import { Graph } from "../support/graph";
import { references } from "../support/retool-release";
import { Synthesized } from "../support/synthesize";

function define(spec: EnvironmentSpec): Synthesized {
  return new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);
}

const stacks = { prod: define(prod), local: define(local) };
/** Production with everything that can stand on its way out. */
const guarded = define({ ...prod, egress: { level: "firewall" } });
const graph = new Graph(guarded.json);
const terraform = stacks.prod.json["terraform"] as Record<string, Record<string, unknown>>;

/** The namespaces of a type of object; a namespace's own is its name. */
function namespaces(stack: Synthesized, type: string): string[] {
  return Object.values(stack.json["resource"]?.[type] ?? {}).map((object) => {
    const { name, namespace = name } = (object as { metadata: { name: string; namespace?: string } }).metadata;
    return namespace;
  });
}

/** A line for each resource, with its tags; the first lines show the tags that every resource gets. */
function reviewed({ json }: Synthesized): string[] {
  const providers = (json["provider"]?.["aws"] ?? []) as unknown as Readonly<Record<string, unknown>>[];
  const lines = Object.entries(json["resource"] ?? {}).flatMap(([type, byName]) =>
    Object.entries(byName).map(
      ([name, { tags }]) => `${type}.${name}${tags === undefined ? "" : ` ${JSON.stringify(tags)}`}`,
    ),
  );
  return [...providers.map(({ default_tags }) => `default_tags ${JSON.stringify(default_tags)}`), ...lines.sort()];
}

describe("RetoolStack", () => {
  test("is named exactly like its environment", () => {
    for (const [name, spec] of Object.entries(environments)) {
      expect(new RetoolStack(new App(), spec).node.id).toBe(name);
    }
  });

  test("keeps prod's state in a bucket, encrypted, with a lock file", () => {
    expect(terraform["backend"]).toEqual({
      s3: {
        bucket: "cdktf-retool-state-111122223333-us-east-1",
        encrypt: true,
        key: "prod/terraform.tfstate",
        region: "us-east-1",
        use_lockfile: true,
      },
    });
  });

  test("accepts the tested ranges of Terraform and its providers", () => {
    expect(terraform["required_version"]).toBe(">= 1.11.0");
    expect(terraform["required_providers"]).toMatchObject({
      aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" },
      helm: { version: ">= 3.1.1, < 4.0.0" },
      kubernetes: { version: ">= 2.38.0, < 3.0.0" },
      tls: { version: ">= 4.1.0, < 5.0.0" },
    });
  });

  test("refuses credentials of another account", () => {
    expect((stacks.prod.json["provider"]?.["aws"] as unknown as Record<string, unknown>[])[0]).toMatchObject({
      allowed_account_ids: ["111122223333"],
      region: "us-east-1",
    });
  });

  test("logs in to the cluster by a command, with the deployer's role where there is one", () => {
    const deployRoleArn = "arn:aws:iam::111122223333:role/deploy";
    const { json } = define({ ...prod, deployRoleArn });
    const exec = {
      command: "aws",
      args: expect.arrayContaining(["get-token", "--region", "us-east-1", "--role-arn", deployRoleArn]) as unknown,
    };

    expect(json["provider"]?.["helm"]).toMatchObject([{ kubernetes: { exec } }]);
    expect(json["provider"]?.["kubernetes"]).toMatchObject([{ exec: [exec] }]);
    const assumed = (json["provider"]?.["aws"] as unknown as Record<string, unknown>[]).map(
      (aws) => aws["assume_role"],
    );
    expect(assumed.filter((roles) => JSON.stringify(roles) !== JSON.stringify([{ role_arn: deployRoleArn }]))).toEqual(
      [],
    );
    expect(JSON.stringify(json["provider"])).not.toContain('"token"');
  });

  test("puts an instance into the namespace that the environment names, and watches it there", () => {
    const elsewhere = define({ ...prod, namespace: "apps" });
    const changed = changedPaths(stacks.prod.json, elsewhere.json);

    expect(changed.filter((path) => !/(metadata\.namespace|assume_role_policy)$/.test(path))).toEqual([
      expect.stringMatching(/^resource\.aws_cloudwatch_dashboard\.\w+\.dashboard_body$/),
      ...[
        "code-executor-not-ready",
        "jobs-runner-missing",
        "jobs-runner-twice",
        "js-executor-not-ready",
        "r2-agent-worker-not-ready",
        "sandbox-controller-not-ready",
        "sandbox-proxy-restarts",
        "sandboxes-near-limit",
        "workflow-backend-not-ready",
        "workflow-worker-not-ready",
      ].map((alarm) => expect.stringMatching(`${alarm}_\\w+\\.dimensions\\.Namespace$`) as string),
      expect.stringMatching(/^resource\.aws_eks_pod_identity_association\.Retool_BlobAccess_\w+\.namespace$/),
      expect.stringMatching(/^resource\.helm_release\.Retool_Namespace_Bindings_\w+\.namespace$/),
      expect.stringMatching(/^resource\.helm_release\.Retool_Namespace_Bindings_\w+\.values\.0$/),
      expect.stringMatching(/^resource\.helm_release\.Retool_Namespace_Release_\w+\.namespace$/),
      expect.stringMatching(/^resource\.kubernetes_namespace_v1\.\w+\.metadata\.name$/),
    ]);
    for (const type of ["kubernetes_namespace_v1", "kubernetes_secret_v1", "kubernetes_network_policy_v1"]) {
      const found = namespaces(elsewhere, type).filter(
        (namespace) => !["kube-system", "amazon-cloudwatch"].includes(namespace),
      );
      expect([type, ...new Set(found)]).toEqual([type, "apps"]);
    }
    expect(elsewhere.text()).toContain('\\"aws:RequestTag/kubernetes-namespace\\":\\"apps\\"');
  });

  test("stops a plan whose nodes the account's quota of CPUs does not admit", () => {
    expect(stacks.prod.onlyData("aws_servicequotas_service_quota")).toMatchObject({
      service_code: "ec2",
      quota_code: "L-1216C47A",
      lifecycle: { postcondition: [{ condition: expect.stringMatching(/^\$\{self\.value >= \d+\}$/) as unknown }] },
    });
  });

  test("declares no provider of the cluster where workloads are rendered", () => {
    expect(Object.keys(stacks.local.json["provider"] ?? {})).toEqual(["aws"]);
    expect(stacks.local.addresses().filter((address) => !address.startsWith("aws_"))).toEqual([]);
  });

  test.each(["prod", "local"] as const)("has the reviewed addresses and tags in %s", (name) => {
    expectGolden(`addresses.${name}.txt`, `${reviewed(stacks[name]).join("\n")}\n`);
  });

  test.each(["aws_vpc", "aws_subnet", "aws_eip"])("shows that a tag of one %s was dropped", (type) => {
    const json = structuredClone(stacks.prod.json);
    const [resource] = Object.values(json["resource"]![type]!) as { tags: Record<string, unknown> }[];
    delete resource!.tags["Name"];

    expect(reviewed(new Synthesized(json))).not.toEqual(reviewed(stacks.prod));
  });
});

describe("local", () => {
  const at = (spec: EnvironmentSpec, path: string): unknown =>
    path.split(".").reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], spec);

  test("differs from prod in the listed settings and in no other", () => {
    const paths = new Set<string>(differences.map(({ path }) => path.split(".")[0] ?? ""));
    const keys = new Set([...Object.keys(prod), ...Object.keys(local)]);
    const differing = [...keys].filter((key) => JSON.stringify(at(prod, key)) !== JSON.stringify(at(local, key)));

    expect(differing.sort()).toEqual([...paths].sort());
    for (const { path } of differences) expect(at(local, path)).not.toEqual(at(prod, path));
  });

  test("applies every AWS resource of prod but the sandbox keys it brings", () => {
    const applied = new Set(stacks.local.addresses());
    const missing = stacks.prod.addresses().filter((address) => address.startsWith("aws_") && !applied.has(address));

    expect(missing).toEqual([
      expect.stringMatching(/^aws_secretsmanager_secret\..*SandboxKeys/),
      expect.stringMatching(/^aws_secretsmanager_secret_version\..*SandboxKeys/),
    ]);
    expect(stacks.local.addresses().filter((address) => !stacks.prod.addresses().includes(address))).toEqual([]);
  });
});

describe("order", () => {
  const release = graph.find(/^helm_release\..*Namespace_Release/);
  const namespace = graph.find(/^kubernetes_namespace_v1\.Retool_Namespace_/);
  const pools = graph.find(/^helm_release\.Retool_Nodes_Pools_[0-9A-F]{8}$/);
  const classes = graph.find(/^helm_release\..*Pools_Classes/);
  const karpenter = graph.find(/^helm_release\..*Karpenter_Controller/);
  const definitions = graph.find(/^helm_release\..*Karpenter_Definitions/);
  const nodes = graph.find(/^aws_eks_node_group\./);
  const cluster = graph.find(/^aws_eks_cluster\./);
  const route = graph.addresses.filter((address) => /^aws_route\..*Private/.test(address));

  test.each([
    ["the Retool release", release, "its namespace", namespace],
    ["the namespace with its sandboxes", namespace, "the pools", pools],
    ["the pools", pools, "their node classes", classes],
    ["the node classes", classes, "Karpenter", karpenter],
    ["Karpenter", karpenter, "its CRDs", definitions],
    ["Karpenter", karpenter, "the system nodes", nodes],
    ["the system nodes", nodes, "the cluster", cluster],
  ])("makes %s after, and destroys it before: %s -> %s", (_first, later, _second, earlier) => {
    expect(graph.isAfter(later, earlier)).toBe(true);
    expect(graph.isAfter(earlier, later)).toBe(false);
  });

  test("keeps every route out open until the last node is gone", () => {
    expect(route).toHaveLength(3);
    for (const address of route) expect(graph.isAfter(nodes, address)).toBe(true);
  });

  /** Everything between a private subnet and the internet, and what guards it. */
  const wayOut = graph.addresses.filter(
    (address) =>
      /^aws_(networkfirewall_|nat_gateway\.|eip\.|internet_gateway\.|route53_resolver_(firewall_rule|query))/.test(
        address,
      ) ||
      /^aws_route\..*(Network_PrivateRoute|Network_NatRoute|Firewall_Out|Firewall_Back)\d/.test(address) ||
      /^aws_route_table_association\..*(Network_Private|Network_NatSubnet|Firewall_Association)\d/.test(address),
  );

  test("has a way out through a firewall in every zone", () => {
    const count = (type: string): number => wayOut.filter((address) => address.startsWith(`${type}.`)).length;

    expect(count("aws_route")).toBe(4 * 3);
    expect(count("aws_route_table_association")).toBe(3 * 3);
    expect(count("aws_nat_gateway")).toBe(3);
    expect(count("aws_networkfirewall_firewall")).toBe(1);
    expect(count("aws_route53_resolver_firewall_rule_group_association")).toBe(1);
  });

  test.each([
    ["the system nodes", nodes],
    ["Karpenter, which drains and ends the nodes it launched", classes],
  ])("makes it all before %s, and takes it down after", (_, later) => {
    expect(wayOut.filter((address) => !graph.isAfter(later, address))).toEqual([]);
  });

  test("lets the control plane wait for no part of it", () => {
    expect(wayOut.filter((address) => graph.isAfter(cluster, address))).toEqual([]);
  });

  test("routes to the firewall only once its log is on and answers come back", () => {
    const log = graph.find(/^aws_networkfirewall_logging_configuration\./);
    const back = graph.addresses.filter((address) => /^aws_route\..*Firewall_(Out|Back)\d/.test(address));

    for (const address of route) {
      const zone = /PrivateRoute(\d)/.exec(address)?.[1] ?? "none";
      const waitsFor = [log, ...back.filter((other) => new RegExp(`(Out|Back)${zone}_`).test(other))];

      expect(waitsFor).toHaveLength(3);
      expect(waitsFor.filter((other) => !graph.isAfter(address, other))).toEqual([]);
    }
  });

  test.each([
    ["network plugin", /^aws_eks_addon\..*vpc-cni/],
    ["proxy", /^aws_eks_addon\..*kube-proxy/],
    ["credentials agent", /^aws_eks_addon\..*pod-identity-agent/],
  ])("has the %s before the first node", (_, pattern) => {
    expect(graph.isAfter(nodes, graph.find(pattern))).toBe(true);
  });

  test.each([
    ["database", /^aws_db_instance\./],
    ["certificate", /^aws_acm_certificate_validation\./],
    ["load balancer", /^aws_lb\./],
  ])("lets neither the control plane nor a node wait for the %s", (_, pattern) => {
    const slow = graph.find(pattern);
    expect(graph.isAfter(cluster, slow)).toBe(false);
    expect(graph.isAfter(nodes, slow)).toBe(false);
    expect(graph.isAfter(slow, cluster) && pattern.source.includes("db_instance")).toBe(false);
  });

  test("has policies, Secrets and bindings before the first Retool pod", () => {
    const before = graph.addresses.filter((address) =>
      /^(kubernetes_network_policy_v1\.Retool_(?!Watch)|kubernetes_secret_v1|helm_release\..*Bindings)/.test(address),
    );

    expect(before.length).toBeGreaterThan(15);
    for (const address of before) expect(graph.isAfter(release, address)).toBe(true);
  });

  test("lets Retool be reached as soon as its first pod is ready: bindings do not wait for the release", () => {
    expect(graph.isAfter(graph.find(/^helm_release\..*Bindings/), release)).toBe(false);
  });

  test("gives each Helm release a Kubernetes resource to wait for, so that an unreachable API stops the plan", () => {
    const releases = graph.addresses.filter((address) => address.startsWith("helm_release."));
    const waiting = releases.filter((address) =>
      [...graph.ancestors(address)].some((ancestor) => ancestor.startsWith("kubernetes_")),
    );

    expect(releases.filter((address) => !waiting.includes(address))).toEqual([]);
  });
});

describe("sandboxes in their own range", () => {
  const stack = define({ ...prod, network: { sandboxCidr: "100.64.0.0/14" }, egress: { level: "firewall" } });
  const order = new Graph(stack.json);

  test("leave through the firewall of their zone, and answers come back to them", () => {
    const back = Object.entries(stack.json["resource"]?.["aws_route"] ?? {}).filter(([name]) => name.includes("_Back"));
    const subnets = order.addresses.filter((address) => /^aws_subnet\..*Sandboxes_/.test(address));

    expect(subnets.length).toBeGreaterThanOrEqual(3);
    expect(back).toHaveLength(3 + subnets.length);
    expect(back.filter(([, { destination_cidr_block: cidr }]) => String(cidr).startsWith("100."))).toHaveLength(
      subnets.length,
    );
    for (const [name] of back)
      expect(subnets.filter((subnet) => !order.isAfter(`aws_route.${name}`, subnet))).toEqual([]);
  });

  test("exist before the control plane, which learns of later ranges only after hours", () => {
    const blocks = order.addresses.filter((address) => address.startsWith("aws_vpc_ipv4_cidr_block_association."));

    expect(blocks).toHaveLength(3);
    for (const block of blocks) expect(order.isAfter(order.find(/^aws_eks_cluster\./), block)).toBe(true);
  });

  test("are inside to the firewall", () => {
    const policy = JSON.stringify(stack.only("aws_networkfirewall_firewall_policy")["firewall_policy"]);

    expect(policy).toContain('"100.64.0.0/16"');
    expect(JSON.stringify(guarded.only("aws_networkfirewall_firewall_policy"))).not.toContain("100.64");
  });
});

describe("one's own namespace on Temporal Cloud", () => {
  const temporal = {
    kind: "temporal-cloud",
    namespace: "acme-prod.a1b2c",
    region: "us-east-1",
    clientCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    privateKeySecret: "temporal/key",
  } as const;

  test("is reached by PrivateLink before the first pod calls it, and not through the firewall", () => {
    const stack = define({ ...prod, temporal: { ...temporal, privateLink: {} }, egress: { level: "firewall" } });
    const order = new Graph(stack.json);
    const rules = JSON.stringify(stack.only("aws_networkfirewall_rule_group"));

    expect(
      order.isAfter(order.find(/^helm_release\..*Namespace_Release/), order.find(/^aws_route53_record\..*PrivateLink/)),
    ).toBe(true);
    expect(rules).not.toContain("7233");
    expect(rules).toContain(".temporal.io");
  });

  test("is reached over the internet otherwise", () => {
    const stack = define({ ...prod, temporal, egress: { level: "firewall" } });

    expect(stack.addresses().filter((address) => address.includes("PrivateLink"))).toEqual([]);
    expect(JSON.stringify(stack.only("aws_networkfirewall_rule_group"))).toContain("EXTERNAL_NET 7233");
  });
});

describe("the level", () => {
  const levels = {
    open: define({ ...prod, egress: { level: "open" } }),
    dns: stacks.prod,
    firewall: guarded,
  };

  test("is dns, enforced, in every environment, and prod has no endpoint of a firewall", () => {
    const levels = Object.values(environments).map((spec) => planEnvironment(spec).egress);

    expect(levels.map(({ level, mode }) => `${level} ${mode}`)).toEqual(Array(3).fill("dns enforce"));
    expect(stacks.prod.addresses().filter((address) => address.startsWith("aws_networkfirewall"))).toEqual([]);
    expect(stacks.prod.all("aws_route53_resolver_firewall_rule").map(({ action }) => action)).toEqual([
      "ALLOW",
      "BLOCK",
    ]);
  });

  test.each([
    ["open", "dns"],
    ["dns", "firewall"],
  ] as const)("can rise from %s to %s: everything stays, and only guards are added", (from, to) => {
    const [before, after] = [new Set(levels[from].addresses()), new Set(levels[to].addresses())];
    const added = [...after].filter((address) => !before.has(address));

    expect([...before].filter((address) => !after.has(address))).toEqual([]);
    expect(added.length).toBeGreaterThan(5);
    expect(added.filter((address) => !/_(Dns)?Firewall_|_Alarms_(refused|firewall)-/.test(address))).toEqual([]);
  });

  /** Arguments that AWS never changes in place: a new value for one of these means a replacement. */
  const FIXED: Readonly<Record<string, readonly string[]>> = {
    aws_vpc: ["cidr_block"],
    aws_subnet: ["cidr_block", "availability_zone", "vpc_id"],
    aws_nat_gateway: ["subnet_id", "allocation_id"],
    aws_eip: ["domain"],
    aws_route: ["route_table_id", "destination_cidr_block"],
    aws_route_table: ["vpc_id"],
    aws_vpc_endpoint: ["service_name", "vpc_id", "vpc_endpoint_type"],
    aws_eks_cluster: ["name", "role_arn"],
  };

  test.each(["dns", "firewall"] as const)("replaces no part of the network when it becomes %s", (level) => {
    const fixed = (stack: Synthesized): Record<string, unknown[]> =>
      Object.fromEntries(
        Object.entries(FIXED).flatMap(([type, keys]) =>
          Object.entries(stack.json["resource"]?.[type] ?? {})
            .filter(([name]) => levels.open.addresses().includes(`${type}.${name}`))
            .map(([name, block]) => [`${type}.${name}`, keys.map((key) => block[key])]),
        ),
      );

    expect(Object.keys(fixed(levels.open)).length).toBeGreaterThan(30);
    expect(fixed(levels[level])).toEqual(fixed(levels.open));
  });

  test("changes nothing of what stays but private default routes, policies, where pods' addresses are translated and the dashboard", () => {
    const changed = levels.open.addresses().filter((address) => {
      const [type = "", name = ""] = address.split(".");
      const block = (stack: Synthesized): string =>
        JSON.stringify({ ...stack.json["resource"]?.[type]?.[name], depends_on: undefined });
      return block(levels.open) !== block(levels.firewall);
    });

    const inAws = changed.filter((address) => !address.startsWith("kubernetes_network_policy_v1."));
    expect(inAws.filter((address) => !/^aws_route\..*PrivateRoute\d/.test(address)).sort()).toEqual([
      expect.stringMatching(/^aws_cloudwatch_dashboard\./),
      expect.stringMatching(/^aws_eks_addon\..*vpc-cni/),
    ]);
    expect(inAws).toHaveLength(5);
  });
});

describe("secrets", () => {
  test("stand in no synthesized JSON: what consumes one is write-only or names a Kubernetes Secret", () => {
    const literal =
      /"(password|secret_string|encryption-key|jwt-[a-z-]+|license-key)":"(?!\$\{(jsondecode\()?ephemeral\.)/;

    expect(literal.exec(stacks.prod.text())?.[0]).toBeUndefined();
    expect(stacks.prod.text().includes("PRIVATE KEY-----")).toBe(false);
    for (const secret of stacks.prod.all("kubernetes_secret_v1")) expect(Object.keys(secret)).not.toContain("data");
    expect(stacks.prod.only("aws_db_instance")["password_wo"]).toMatch(/^\$\{ephemeral\./);
  });
});

test("the plan of every environment can be made", () => {
  for (const spec of Object.values(environments)) expect(planEnvironment(spec).context.name).toBe(spec.name);
});

test("somebody hears of the end of every key", () => {
  const rules = stacks.prod.all("aws_cloudwatch_event_rule").map(({ event_pattern }) => String(event_pattern));
  const rule = rules.find((pattern) => pattern.includes("ScheduleKeyDeletion")) ?? "{}";
  const { detail } = JSON.parse(rule) as { detail: { resources: { ARN: readonly string[] } } };

  expect(new Set(detail.resources.ARN).size).toBe(stacks.prod.all("aws_kms_key").length);
});

test("encrypts every log group with the key that CloudWatch Logs may use", () => {
  const guarded = define({ ...prod, frontDoor: { waf: { kind: "block" } } });
  const keys = guarded.all("aws_cloudwatch_log_group").map((group) => group["kms_key_id"]);

  expect(keys.length).toBeGreaterThanOrEqual(4);
  expect(new Set(keys)).toEqual(new Set([expect.stringContaining("LogsKey")]));
});

describe("an upgrade", () => {
  const upgraded = define({
    ...prod,
    retoolVersion: "4.34.1-stable",
    retool: { upgrades: [{ from: "4.0.9-stable", to: "4.34.1-stable", permissionsMigration: "complete" }] },
  });
  const upgradeGraph = new Graph(upgraded.json);

  test("takes a snapshot of the database before the release is touched", () => {
    const snapshot = upgradeGraph.find(/^aws_db_snapshot\./);

    expect(upgradeGraph.isAfter(upgradeGraph.find(/^helm_release\..*Namespace_Release/), snapshot)).toBe(true);
    expect(upgradeGraph.isAfter(snapshot, upgradeGraph.find(/^aws_db_instance\./))).toBe(true);
  });

  test("does not ask for one on a first install", () => {
    expect(stacks.prod.all("aws_db_snapshot")).toEqual([]);
  });
});

describe("Helm values", () => {
  test.each([prod, local])("of $name are those of its plan, and name what was made", (spec) => {
    const output = define({ ...spec, workloads: "render" }).json["output"] as unknown as Record<
      string,
      { value: string }
    >;
    const { releases } = JSON.parse(output["workloads"]!.value) as { releases: { name: string; values: unknown }[] };
    const given = releases.find(({ name }) => name === "retool")?.values;

    expect(changedPaths(releaseValues(planEnvironment(spec), references), given)).toEqual([
      "config.postgresql.host",
      "config.postgresql.user",
      "rr.agentSandbox.postgres.url",
      "rr.blobStorage.s3.bucket",
    ]);
  });
});
