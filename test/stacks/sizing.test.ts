import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import { checkEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import type { Manifest } from "../../domain/common/kubernetes";
import { formatViolation } from "../../domain/common/violation";
import { RetoolStack } from "../../stacks";
import { celViolations } from "../support/cel";
import { validateCustomResource } from "../support/contracts";
import { Graph } from "../support/graph";
import { type Block, Synthesized } from "../support/synthesize";

/** Retool's own values, as far as the size of the cluster decides them. */
interface ReleaseValues {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly affinity: Affinity;
  readonly codeExecutor: { readonly affinity: Affinity };
  readonly rr: {
    readonly jsExecutor: { readonly affinity: Affinity };
    readonly agentSandbox: {
      readonly nodeSelector: Readonly<Record<string, string>>;
      readonly devicePlugin: { readonly maxDevices: number };
      readonly controller: {
        readonly scaling: { readonly maxTotalJobs: number; readonly maxConcurrentCreates: number };
      };
      readonly sandbox: {
        readonly resources: { readonly requests: { readonly cpu: string; readonly memory: string } };
      };
    };
  };
}

interface Affinity {
  readonly nodeAffinity?: unknown;
  readonly podAntiAffinity?: unknown;
}

interface PoolSpec {
  readonly limits: { readonly cpu: string; readonly memory: string; readonly nodes: string };
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: { readonly requirements: readonly { readonly key: string; readonly values: readonly string[] }[] };
  };
}

/** What Terraform would apply, read back only from the synthesized JSON. */
class Rendered {
  public readonly stack: Synthesized;

  public constructor(spec: EnvironmentSpec) {
    this.stack = new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);
  }

  public get release(): ReleaseValues {
    return this.values("retool") as ReleaseValues;
  }

  public get manifests(): Manifest[] {
    return ["retool-node-classes", "retool-node-pools", "retool-sandbox-headroom"].flatMap(
      (name) => (this.values(name) as { manifests: Manifest[] }).manifests,
    );
  }

  public pool(name: string): PoolSpec {
    return this.named("NodePool", name)["spec"] as unknown as PoolSpec;
  }

  public named(kind: string, name: string): Manifest {
    return this.manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)!;
  }

  public requirement(pool: string, key: string): readonly string[] {
    return this.pool(pool).template.spec.requirements.find((one) => one.key === key)?.values ?? [];
  }

  public get devices(): number {
    const { capacity } = this.named("NodeOverlay", "sandbox-devices")["spec"] as { capacity: Record<string, string> };
    return Number(capacity["smarter-devices/net_tun"]);
  }

  public get rootDiskGiB(): number {
    const { blockDeviceMappings } = this.named("EC2NodeClass", "sandbox")["spec"] as {
      blockDeviceMappings: { ebs: { volumeSize: string } }[];
    };
    return parseInt(blockDeviceMappings[0]!.ebs.volumeSize, 10);
  }

  public get headroom(): { replicas: number; cpu: string } {
    const deployment = this.named("Deployment", "retool-sandbox-headroom")["spec"] as {
      replicas: number;
      template: { spec: { containers: { resources: { requests: { cpu: string } } }[] } };
    };
    const { replicas, template } = deployment;
    return { replicas, cpu: template.spec.containers[0]!.resources.requests.cpu };
  }

  public helmRelease(name: string): Block {
    return this.stack.all("helm_release").find((release) => release["name"] === name)!;
  }

  private values(name: string): unknown {
    return JSON.parse((this.helmRelease(name)["values"] as string[])[0]!);
  }
}

const production = new Rendered(prod);
const isolated = new Rendered({ ...prod, nodePools: { isolateCodeExecution: true } });

describe("the rendered production", () => {
  test("advertises exactly the devices that each node hands out", () => {
    for (const rendered of [production, new Rendered({ ...prod, builders: 200 })])
      expect(rendered.devices).toBe(rendered.release.rr.agentSandbox.devicePlugin.maxDevices);
  });

  test.each([20, 200, 3000])(
    "has limits that admit maxTotalJobs and the DaemonSets of every node: %i builders",
    (builders) => {
      const network = { sandboxCidr: "100.64.0.0/14" };
      const database = { instanceClass: "db.m7g.2xlarge" };
      const rendered = new Rendered({ ...prod, builders, network, database });
      const { limits } = rendered.pool("sandbox");
      const { resources } = rendered.release.rr.agentSandbox.sandbox;
      const { maxTotalJobs } = rendered.release.rr.agentSandbox.controller.scaling;
      // What AWS and the chart run on every node: 192 millicores and 144 MiB.
      const cpus = maxTotalJobs * Number(resources.requests.cpu) + 0.192 * Number(limits.nodes);
      const gib = (maxTotalJobs * parseInt(resources.requests.memory, 10) + 144 * Number(limits.nodes)) / 1024;

      expect(Number(limits.cpu)).toBeGreaterThanOrEqual(cpus);
      expect(parseInt(limits.memory, 10)).toBeGreaterThanOrEqual(gib);
      expect(Number(limits.nodes) * rendered.devices).toBeGreaterThanOrEqual(maxTotalJobs);
    },
  );

  test("requires x86-64 wherever a pod may land", () => {
    for (const rendered of [production, isolated]) {
      const pools = rendered.manifests.filter(({ kind }) => kind === "NodePool");
      for (const { metadata } of pools)
        expect(rendered.requirement(metadata.name, "kubernetes.io/arch")).toEqual(["amd64"]);
    }
    for (const { nodeSelector, rr } of [production.release, isolated.release]) {
      expect(nodeSelector["kubernetes.io/arch"]).toBe("amd64");
      expect(rr.agentSandbox.nodeSelector["kubernetes.io/arch"]).toBe("amd64");
    }
    expect(production.stack.only("aws_eks_node_group")["ami_type"]).toBe("AL2023_x86_64_STANDARD");
  });

  test("keeps containers that run users' code apart by affinity and taint, where that is asked for", () => {
    const { affinity, codeExecutor, rr } = isolated.release;
    const nodes = {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "retool.com/code-execution", operator: "In", values: ["true"] }] },
        ],
      },
    };

    expect(codeExecutor.affinity.nodeAffinity).toEqual(nodes);
    expect(rr.jsExecutor.affinity.nodeAffinity).toEqual(nodes);
    expect(affinity.nodeAffinity).toBeUndefined();
    expect(tolerant(isolated)).toEqual(["retool-code-executor", "retool-js-executor"]);
    expect(tolerant(production)).toEqual([]);
    for (const one of [affinity, codeExecutor.affinity, rr.jsExecutor.affinity])
      expect(one.podAntiAffinity).toBeDefined();
    expect(isolated.pool("code-execution").template.metadata.labels).toEqual({
      "retool.com/pool": "retool",
      "retool.com/code-execution": "true",
    });
    expect(production.release.codeExecutor.affinity.nodeAffinity).toBeUndefined();
    expect(production.release.affinity.nodeAffinity).toBeUndefined();
  });
});

/** Deployments whose pods accept the taint of the nodes for users' code. */
function tolerant(rendered: Rendered): string[] {
  const { args } = rendered.helmRelease("retool")["postrender"] as { args: readonly string[] };
  const patches = JSON.parse(args.at(-1)!) as { deployment?: string; tolerations?: { key: string }[] }[];
  return patches.flatMap(({ deployment, tolerations = [] }) =>
    tolerations.some(({ key }) => key === "retool.com/code-execution") ? [deployment!] : [],
  );
}

describe("the objects of the rendered production", () => {
  test.each([
    ["production", production],
    ["production with nodes for users' code", isolated],
  ])("are valid by schema and rules: %s", (_, rendered) => {
    const kinds = new Set(rendered.manifests.map(({ kind }) => kind));
    const custom = rendered.manifests
      .map(withIds)
      .filter(({ apiVersion }) => /karpenter|autoscaling\.x-k8s\.io/.test(apiVersion));

    for (const kind of ["NodePool", "EC2NodeClass", "NodeOverlay"]) expect(kinds).toContain(kind);
    expect(custom.flatMap((manifest) => [...validateCustomResource(manifest), ...celViolations(manifest)])).toEqual([]);
  });
});

/** A manifest as the API gets it: ids for the references to subnets and security groups. */
function withIds(manifest: Manifest): Manifest {
  const text = JSON.stringify(manifest)
    .replaceAll(/\$\{aws_subnet\.[^}]*\}/g, "subnet-0a1b2c3d4e5f60711")
    .replaceAll(/\$\{aws_(eks_cluster|security_group)\.[^}]*\}/g, "sg-0a1b2c3d4e5f60711");
  return JSON.parse(text) as Manifest;
}

describe("ten times as many builders", () => {
  const numbersOf = (builders: number) => {
    const spec = { ...prod, builders };
    const rendered = new Rendered(spec);
    const { capacity, network, database } = checkEnvironment(spec).plan;
    const { scaling } = rendered.release.rr.agentSandbox.controller;
    const { limits } = rendered.pool("sandbox");
    return {
      sandboxesAtPeak: capacity.podsAtPeak,
      cpus: capacity.cpuMillicores / 1000,
      memoryGiB: capacity.memoryMiB / 1024,
      maxTotalJobs: scaling.maxTotalJobs,
      createsAtOnce: scaling.maxConcurrentCreates,
      cpusOfANode: rendered.requirement("sandbox", "karpenter.k8s.aws/instance-cpu"),
      nodes: capacity.sandboxPool.nodes,
      devices: rendered.release.rr.agentSandbox.devicePlugin.maxDevices,
      overlay: rendered.devices,
      rootDiskGiB: rendered.rootDiskGiB,
      limits,
      headroom: rendered.headroom,
      addresses: network.addressesNeeded.own,
      connections: capacity.databaseConnections,
      instanceClass: database.kind === "new" ? database.instanceClass : undefined,
    };
  };

  test("move every number that depends on them, each to what fits the others", () => {
    expect(numbersOf(20)).toEqual({
      sandboxesAtPeak: 25,
      cpus: 25,
      memoryGiB: 50,
      maxTotalJobs: 50,
      createsAtOnce: 3,
      cpusOfANode: ["8"],
      nodes: 4,
      devices: 7,
      overlay: 7,
      rootDiskGiB: 210,
      limits: { cpu: "128", memory: "512Gi", nodes: "16" },
      headroom: { replicas: 1, cpu: "2000m" },
      addresses: 720,
      connections: 50,
      instanceClass: "db.m7g.large",
    });
    expect(numbersOf(200)).toEqual({
      sandboxesAtPeak: 205,
      cpus: 205,
      memoryGiB: 410,
      maxTotalJobs: 205,
      createsAtOnce: 3,
      cpusOfANode: ["16"],
      nodes: 15,
      devices: 15,
      overlay: 15,
      rootDiskGiB: 400,
      limits: { cpu: "448", memory: "1792Gi", nodes: "28" },
      headroom: { replicas: 1, cpu: "10000m" },
      addresses: 1500,
      connections: 50,
      instanceClass: "db.m7g.xlarge",
    });
  });

  test.each<[string, Partial<EnvironmentSpec>, RegExp]>([
    [
      "a cap of jobs",
      { builders: 200, sandbox: { maxTotalJobs: 100 } },
      /^sandbox\.maxTotalJobs: 100 is below the 205 sandboxes of 200 builders and 5 kept ready; use 205 or more/,
    ],
    [
      "addresses",
      { builders: 2000, network: { cidr: "10.0.0.0/20" } },
      /^network\.cidr: a private subnet of 10\.0\.0\.0\/20 has \d+ free addresses, but the capacity needs \d+ in each zone; /,
    ],
    [
      "nodes of a cluster",
      { builders: 90_000, network: { sandboxCidr: "100.64.0.0/14" } },
      /^builders: 90005 sandboxes may need \d+ nodes with 32 CPUs while old ones are replaced, but a cluster can have only 5000; /,
    ],
    [
      "the second range",
      { builders: 60_000, network: { sandboxCidr: "100.64.0.0/14" } },
      /^network\.sandboxCidr: a zone has 65516 free addresses, but the sandboxes need \d+ in it; /,
    ],
    ["a disk", { sandbox: { diskGiB: 2000 } }, /^sandbox\.diskGiB: .*\d+/],
    ["connections", { database: { instanceClass: "db.t4g.micro" } }, /^database\.instanceClass: .*\d+ connections/],
  ])("that ask for more than a limit are refused with the numbers: %s", (_, changes, expected) => {
    const found = checkEnvironment({ ...prod, ...changes }).violations.map(formatViolation);

    expect(found).toContainEqual(expect.stringMatching(expected));
  });
});

describe("a thousand builders with sandboxes in their own range", () => {
  const spec: EnvironmentSpec = { ...prod, builders: 1000, network: { sandboxCidr: "100.64.0.0/14" } };
  const rendered = new Rendered(spec);
  const cni = (of: Rendered): unknown =>
    JSON.parse(
      String(
        of.stack.all("aws_eks_addon").find(({ addon_name }) => addon_name === "vpc-cni")?.["configuration_values"],
      ),
    );

  test("have subnets in it, by which Karpenter launches their nodes, and no other node", () => {
    const subnets = Object.entries(rendered.stack.json["resource"]?.["aws_subnet"] ?? {})
      .filter(([, { cidr_block }]) => String(cidr_block).startsWith("100."))
      .map(([name]) => `\${aws_subnet.${name}.id}`);
    const termsOf = (name: string): string[] =>
      (
        rendered.named("EC2NodeClass", name)["spec"] as { subnetSelectorTerms: { id: string }[] }
      ).subnetSelectorTerms.map(({ id }) => id);

    expect(rendered.stack.all("aws_vpc_ipv4_cidr_block_association")).toHaveLength(3);
    expect(subnets).toHaveLength(3);
    expect(termsOf("sandbox")).toEqual(subnets);
    expect(termsOf("retool").filter((id) => subnets.includes(id))).toEqual([]);
    expect(checkEnvironment(spec).plan.network.addressesNeeded.sandboxes).toBeGreaterThan(1000);
  });

  test("are pods to the policies, and the VPC to everything that lets the VPC in", () => {
    const policies = rendered.stack.all("kubernetes_network_policy_v1");
    const system = JSON.stringify(policies.find(({ metadata }) => (metadata as Block)["name"] === "system-pods"));

    for (const cidr of ["100.64.0.0/16", "100.65.0.0/16", "100.66.0.0/16"]) expect(system).toContain(`"${cidr}"`);
    const rules = rendered.stack.all("aws_vpc_security_group_ingress_rule").map(({ cidr_ipv4 }) => cidr_ipv4);
    expect(rules).toEqual(expect.arrayContaining(["100.64.0.0/16", "100.65.0.0/16", "100.66.0.0/16"]));
  });

  test("need no blocks of addresses; in small subnets they do, and the network plugin is told", () => {
    expect(cni(rendered)).toMatchObject({ env: { ENABLE_PREFIX_DELEGATION: "false" } });
    // More than 4066 addresses one by one, which is what a private subnet has room for, and 3642 in blocks.
    const tight = { ...prod, builders: 1000, network: { cidr: "10.0.0.0/17" } };
    expect(checkEnvironment(tight).plan.network.addressesNeeded).toEqual({ own: 3642 });
    expect(cni(new Rendered(tight))).toMatchObject({ env: { ENABLE_PREFIX_DELEGATION: "true" } });
  });

  test("wait for their subnets' way out, and for the ranges", () => {
    const graph = new Graph(rendered.stack.json);
    const classes = graph.find(/^helm_release\..*Pools_Classes/);
    const needed = [...graph.ancestors(classes)];

    expect(needed.filter((address) => address.includes("vpc_ipv4_cidr_block_association"))).toHaveLength(3);
    expect(needed.filter((address) => /route_table_association\..*Sandboxes/.test(address))).toHaveLength(3);
  });
});

describe("the whole chain of destruction", () => {
  const graph = new Graph(production.stack.json);
  const links: readonly (readonly [string, readonly string[]])[] = [
    ["the release", [graph.find(/^helm_release\..*Namespace_Release/)]],
    ["its namespace", [graph.find(/^kubernetes_namespace_v1\.Retool_Namespace_/)]],
    ["pools and overlay", [graph.find(/^helm_release\.Retool_Nodes_Pools_[0-9A-F]{8}$/)]],
    ["node classes", [graph.find(/^helm_release\..*Pools_Classes/)]],
    ["the controller", [graph.find(/^helm_release\..*Karpenter_Controller/)]],
    ["its definitions", [graph.find(/^helm_release\..*Karpenter_Definitions/)]],
  ];
  const under = (pattern: RegExp): string[] => graph.addresses.filter((address) => pattern.test(address));
  const foundations: readonly (readonly [string, readonly string[]])[] = [
    ["system nodes", under(/^aws_eks_node_group\./)],
    ["roles of the controller and of nodes", under(/^aws_iam_role\..*(Karpenter|SystemNodes)/)],
    ["the controller's permissions", under(/^aws_iam_role_policy_attachment\..*Karpenter/)],
    ["the controller's identity", under(/^aws_eks_pod_identity_association\..*Karpenter/)],
    ["the queue", under(/^aws_sqs_queue\./)],
    ["the admission of nodes", under(/^aws_eks_access_entry\..*Karpenter/)],
    ["the network plugin", under(/^aws_eks_addon\..*vpc-cni/)],
    ["every route out", under(/^aws_route\.Retool_Foundation_Network_PrivateRoute/)],
  ];

  test.each(links.slice(1).map(([name, [earlier]], index) => [links[index]![0], name, links[index]![1][0]!, earlier!]))(
    "takes %s away before %s",
    (_first, _second, later, earlier) => {
      expect(graph.isAfter(later, earlier)).toBe(true);
      expect(graph.isAfter(earlier, later)).toBe(false);
    },
  );

  test.each(foundations)("keeps %s until the controller has gone", (_, addresses) => {
    expect(addresses.length).toBeGreaterThan(0);
    const controller = graph.find(/^helm_release\..*Karpenter_Controller/);
    for (const address of addresses) expect([address, graph.isAfter(controller, address)]).toEqual([address, true]);
  });

  test("waits for the last node, for longer than the longest node may drain", () => {
    const classes = production.helmRelease("retool-node-classes");
    const pools = production.manifests.filter(({ kind }) => kind === "NodePool");
    const graces = pools.map(({ spec }) =>
      minutesOf(
        (spec as { template: { spec: { terminationGracePeriod: string } } }).template.spec.terminationGracePeriod,
      ),
    );

    expect(classes).toMatchObject({ wait: true, timeout: (Math.max(...graces) + 20) * 60 });
  });
});

function minutesOf(duration: string): number {
  const [, hours = "0", minutes = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(duration) ?? [];
  return Number(hours) * 60 + Number(minutes);
}
