import { systemPolicies } from "../../../domain/network-policies/system-policies";
import { NetworkPolicyEvaluator, type Pod } from "../../support/network-policy-evaluator";

const pod = (name: string, namespace: string, ip: string, ...ports: number[]): Pod => ({
  name,
  namespace,
  ip,
  labels: { app: name },
  ports: ports.map((port) => ({ port, protocol: "TCP" })),
});
const coredns = pod("coredns", "kube-system", "10.0.0.10", 53, 9153);
const metrics = pod("metrics-server", "kube-system", "10.0.0.11", 10251);
const balancer = pod("aws-load-balancer-controller", "kube-system", "10.0.0.12", 9443);
const karpenter = pod("karpenter", "kube-system", "10.0.0.13", 8080);
const retool = pod("retool", "retool", "10.0.1.10", 3000);

const CONTROL_PLANE = "10.0.2.20";
const INTERNET = "203.0.113.9";

const evaluator = (): NetworkPolicyEvaluator =>
  new NetworkPolicyEvaluator(
    {
      namespaces: { "kube-system": {}, retool: {} },
      pods: [coredns, metrics, balancer, karpenter, retool],
      services: [],
    },
    systemPolicies(["10.0.0.0/16"]),
  );
const allows = (from: Pod | string, to: Pod | string, port: number, protocol: "TCP" | "UDP" = "TCP"): boolean[] =>
  (["kubernetes", "vpc-cni"] as const).map((semantics) =>
    evaluator().allows(from, { address: typeof to === "string" ? to : to.ip, port, protocol }, semantics),
  );

describe("systemPolicies", () => {
  test.each([coredns, metrics, balancer, karpenter])(
    "selects $name: in strict mode a pod without a policy is cut off",
    (system) => {
      expect(
        evaluator()
          .selecting(system)
          .flatMap(({ spec }) => spec.policyTypes),
      ).toEqual(["Ingress", "Egress"]);
    },
  );

  test.each<[string, Pod | string, Pod, number, "TCP" | "UDP"]>([
    ["pods ask CoreDNS", retool, coredns, 53, "UDP"],
    ["pods ask CoreDNS for long answers", retool, coredns, 53, "TCP"],
    ["the control plane asks metrics-server", CONTROL_PLANE, metrics, 10251, "TCP"],
    ["the control plane calls the webhook", CONTROL_PLANE, balancer, 9443, "TCP"],
    ["a scraper reads metrics", retool, karpenter, 8080, "TCP"],
  ])("%s", (_case, from, to, port, protocol) => {
    expect(allows(from, to, port, protocol)).toEqual([true, true]);
  });

  test.each<[string, string, number, "TCP" | "UDP"]>([
    ["the Kubernetes API", "172.20.0.1", 443, "TCP"],
    ["the VPC's resolver", "10.0.0.2", 53, "UDP"],
    ["the credentials agent", "169.254.170.23", 80, "TCP"],
    ["the kubelet", "10.0.3.30", 10250, "TCP"],
    ["AWS", INTERNET, 443, "TCP"],
  ])("its pods reach %s", (_case, address, port, protocol) => {
    for (const from of [coredns, metrics, balancer, karpenter])
      expect(allows(from, address, port, protocol)).toEqual([true, true]);
  });

  test("its pods do not reach the instance's credentials", () => {
    expect(allows(karpenter, "169.254.169.254", 80)).toEqual([false, false]);
  });

  test("nobody outside the network reaches its pods, and nobody inside reaches other ports", () => {
    expect(allows(INTERNET, coredns, 53, "UDP")).toEqual([false, false]);
    expect(allows(retool, coredns, 22)).toEqual([false, false]);
    expect(allows(retool, balancer, 443)).toEqual([false, false]);
  });

  test("is one object of the kind that the API takes", () => {
    expect(systemPolicies(["10.0.0.0/16"])).toMatchObject([
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "system-pods", namespace: "kube-system" },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
    ]);
  });

  test("admits each range of the cluster, such as one only for pods", () => {
    const [policy] = systemPolicies(["10.0.0.0/16", "100.64.0.0/16"]);

    expect(policy?.spec.ingress?.[0]?.from).toEqual([
      { ipBlock: { cidr: "10.0.0.0/16" } },
      { ipBlock: { cidr: "100.64.0.0/16" } },
    ]);
  });
});
