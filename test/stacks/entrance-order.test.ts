import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import { RetoolStack } from "../../stacks";
import { Graph } from "../support/graph";
import { type Block, Synthesized } from "../support/synthesize";

const features = { multiplayer: true, mcp: true };
const spec = { ...prod, retoolVersion: "4.0.6-stable", retool: { features }, dns: { kind: "create" } } as const;
const template = new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);
const graph = new Graph(template.json);

const controlPlane = graph.find(/^aws_eks_cluster\./);
const database = graph.find(/^aws_db_instance\./);
const certificate = graph.find(/^aws_acm_certificate_validation\./);
const zone = graph.find(/^aws_route53_zone\./);
const bindings = graph.find(/^helm_release\..*Bindings/);
const controller = graph.find(/^helm_release\..*LoadBalancerController/);
const namespace = graph.find(/^kubernetes_namespace_v1\.Retool_Namespace_/);
const release = graph.find(/^helm_release\..*Namespace_Release/);
const all = (pattern: RegExp): string[] => graph.addresses.filter((address) => pattern.test(address));

describe("the certificate, which may take an hour where someone else must delegate", () => {
  test.each([
    ["control plane", controlPlane],
    ["database", database],
    ["nodes", graph.find(/^aws_eks_node_group\./)],
    ["load balancer", graph.find(/^aws_lb\./)],
    ["controller of the load balancer", controller],
    ["bindings", bindings],
    ["namespace", namespace],
  ])("is not waited for by the %s, and does not wait for it", (_, other) => {
    expect(graph.isAfter(other, certificate)).toBe(false);
    expect(graph.isAfter(certificate, other)).toBe(false);
  });

  test("waits for its records, and they for the zone", () => {
    const proof = graph.find(/^aws_route53_record\..*Proof/);

    expect(graph.isAfter(certificate, proof)).toBe(true);
    expect(graph.isAfter(proof, zone)).toBe(true);
  });
});

describe("bindings", () => {
  test("come after the controller, whose webhook must admit them, and go before it on destroy", () => {
    expect(graph.isAfter(bindings, controller)).toBe(true);
  });

  test("come after the namespace and every target group, each of which one of them fills", () => {
    const groups = all(/^aws_lb_target_group\./);

    expect(groups).toHaveLength(5);
    for (const earlier of [namespace, ...groups]) expect(graph.isAfter(bindings, earlier)).toBe(true);
    const text = JSON.stringify(template.json["resource"]?.["helm_release"]?.[bindings.replace("helm_release.", "")]);
    for (const group of groups) expect(text).toContain(`${group}.arn`);
  });

  test("do not wait for the release: its first pod finds them there, and is reached when it is ready", () => {
    expect(graph.isAfter(bindings, release)).toBe(false);
    expect(graph.isAfter(release, bindings)).toBe(true);
  });
});

describe("the release of Retool", () => {
  test("comes after what leads to its pods: in a group without a listener none becomes healthy, and so none ready", () => {
    const ways = all(/^aws_lb_listener(_rule)?\./).filter((address) => !address.includes("_Http_"));

    expect(ways).toHaveLength(5);
    for (const way of ways) expect(graph.isAfter(release, way)).toBe(true);
  });

  test("rolls out only as fast as targets become healthy", () => {
    interface Made {
      readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
    }
    const made = template.all("kubernetes_namespace_v1") as unknown as readonly Made[];

    expect(made.find(({ metadata }) => metadata.name === "retool")?.metadata.labels).toMatchObject({
      "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
    });
  });
});

describe("the webhook of the controller", () => {
  interface Release extends Block {
    readonly values: readonly string[];
  }
  const block = template.json["resource"]?.["helm_release"]?.[controller.replace("helm_release.", "")] as Release;

  test("keeps its certificate over upgrades, and mutates no Service", () => {
    const values = JSON.parse(block.values[0] ?? "{}") as Record<string, unknown>;

    expect(values).toMatchObject({ keepTLSSecret: true, enableServiceMutatorWebhook: false });
    expect(values).not.toHaveProperty("enableCertManager");
  });

  test("is reached by the control plane on 9443: Retool's nodes are in the group that the control plane is in, sandboxes' nodes in their own", () => {
    const own = `${controlPlane}.vpc_config[0].cluster_security_group_id`;
    const classes = JSON.stringify(
      template.json["resource"]?.["helm_release"]?.[
        graph.find(/^helm_release\..*Pools_Classes/).replace("helm_release.", "")
      ],
    );

    for (const key of ["vpc_security_group_ids", "network_interfaces"])
      expect(template.only("aws_launch_template")).not.toHaveProperty(key);
    const groups = [...classes.matchAll(/securityGroupSelectorTerms\W+id\W+\$\{([^}]+)\}/g)].map(([, group]) => group);
    expect([...new Set(groups)]).toEqual([own, expect.stringMatching(/^aws_security_group\..*SandboxSecurityGroup/)]);
  });

  test("is admitted by the policy of its namespace, which stands before it", () => {
    const policy = graph.find(/^kubernetes_network_policy_v1\..*SystemPolicies/);

    expect(graph.isAfter(controller, policy)).toBe(true);
    expect(JSON.stringify(template.json["resource"]?.["kubernetes_network_policy_v1"])).toContain('"port":"9443"');
  });
});
