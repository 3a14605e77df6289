import { SandboxSecurityGroup } from "../../../constructs/nodes/sandbox-security-group";
import { network } from "../../support/fakes";
import { type Block, synthesize } from "../../support/synthesize";

const stack = synthesize((scope) => {
  new SandboxSecurityGroup(scope, "Group", {
    prefix: "retool-prod",
    network,
    clusterSecurityGroupIds: ["sg-cluster"],
  });
});
const OWN = /^\$\{aws_security_group\.[^.]+\.id\}$/;
const portsOf = (rules: readonly Block[]) =>
  rules.map((rule) => `${String(rule["ip_protocol"])}/${String(rule["from_port"])}`);

describe("SandboxSecurityGroup", () => {
  const ingress = stack.all("aws_vpc_security_group_ingress_rule");
  const egress = stack.all("aws_vpc_security_group_egress_rule");

  it("lets nodes of sandboxes reach the API, DNS and the proxy of the cluster, and nothing else of it", () => {
    const intoCluster = ingress.filter((rule) => rule["security_group_id"] === "sg-cluster");
    expect(portsOf(intoCluster)).toEqual(["tcp/443", "udp/53", "tcp/53", "tcp/3019"]);
    for (const rule of intoCluster) expect(rule["referenced_security_group_id"]).toMatch(OWN);
    const out = egress.filter((rule) => rule["referenced_security_group_id"] === "sg-cluster");
    expect(portsOf(out)).toEqual(portsOf(intoCluster));
  });

  it("lets the cluster reach the kubelet and the sandboxes, and sandboxes' nodes not each other", () => {
    const intoSandboxes = ingress.filter((rule) => rule["security_group_id"] !== "sg-cluster");
    expect(portsOf(intoSandboxes)).toEqual(["tcp/10250", "tcp/3017"]);
    for (const rule of intoSandboxes) expect(rule["referenced_security_group_id"]).toBe("sg-cluster");
  });

  it("lets images and AWS be reached by HTTPS, and no other port outside the cluster", () => {
    const outside = egress.filter((rule) => rule["cidr_ipv4"] !== undefined);
    expect(portsOf(outside)).toEqual(["tcp/443"]);
  });

  it("exists together with its successor, since nodes refer to it", () => {
    expect(stack.only("aws_security_group")).toMatchObject({ lifecycle: { create_before_destroy: true } });
  });
});
