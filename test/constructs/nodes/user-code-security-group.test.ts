import { UserCodeSecurityGroup } from "../../../constructs/nodes/user-code-security-group";
import type { UserCodeNodes } from "../../../domain/nodes/user-code-connections";
import { network } from "../../support/fakes";
import { type Block, synthesize } from "../../support/synthesize";

const OWN = /^\$\{aws_security_group\.[^.]+\.id\}$/;
const portsOf = (rules: readonly Block[]) =>
  rules.map((rule) => `${String(rule["ip_protocol"])}/${String(rule["from_port"])}`);

function define(nodes: UserCodeNodes) {
  const stack = synthesize((scope) => {
    const settings = { nodes, prefix: "retool-prod", network, clusterSecurityGroupIds: ["sg-cluster"] };
    new UserCodeSecurityGroup(scope, "Group", settings);
  });
  return {
    group: stack.only("aws_security_group"),
    ingress: stack.all("aws_vpc_security_group_ingress_rule"),
    egress: stack.all("aws_vpc_security_group_egress_rule"),
  };
}

describe.each([
  {
    nodes: "sandbox" as const,
    out: ["tcp/443", "udp/53", "tcp/53", "tcp/3019"],
    in: ["tcp/10250", "tcp/3017"],
    outside: [443, 443],
  },
  {
    nodes: "code-execution" as const,
    out: ["tcp/443", "udp/53", "tcp/53", "udp/9125", "tcp/3000"],
    in: ["tcp/3004", "tcp/3000", "tcp/10250"],
    outside: [0, 65_535],
  },
])("UserCodeSecurityGroup of $nodes", ({ nodes, out, in: into, outside }) => {
  const { group, ingress, egress } = define(nodes);

  it("lets the nodes reach the API, DNS and the containers that they call, and nothing else of the cluster", () => {
    const intoCluster = ingress.filter((rule) => rule["security_group_id"] === "sg-cluster");
    expect(portsOf(intoCluster)).toEqual(out);
    for (const rule of intoCluster) expect(rule["referenced_security_group_id"]).toMatch(OWN);
    expect(portsOf(egress.filter((rule) => rule["referenced_security_group_id"] === "sg-cluster"))).toEqual(out);
  });

  it("lets the cluster reach the kubelet and their containers, and the nodes not each other", () => {
    const intoNodes = ingress.filter((rule) => rule["security_group_id"] !== "sg-cluster");
    expect(portsOf(intoNodes)).toEqual(into);
    for (const rule of intoNodes) expect(rule["referenced_security_group_id"]).toBe("sg-cluster");
  });

  it("opens outside of the cluster what images, AWS and the code need", () => {
    const rules = egress.filter((rule) => rule["cidr_ipv4"] !== undefined);
    expect(rules.map((rule) => [rule["from_port"], rule["to_port"]])).toEqual([outside]);
  });

  it("exists together with its successor, since nodes refer to it", () => {
    expect(group).toMatchObject({
      name_prefix: `retool-prod-${nodes}-nodes-`,
      lifecycle: { create_before_destroy: true },
    });
  });
});
