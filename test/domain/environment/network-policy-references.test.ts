import { prod } from "../../support/environments/prod";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import type { TemporalSpec } from "../../../domain/temporal/temporal";
import { secondInstance } from "../../support/second-instance";
import { planEnvironment } from "../../../domain/environment/environment";
import { networkPolicies } from "../../../domain/network-policies/network-policies";
import { TEMPORAL } from "../../support/release-choices";
import { systemPolicies } from "../../../domain/network-policies/system-policies";
import { networkPolicyReferences } from "../../../domain/environment/network-policy-references";

const open = planEnvironment(prod);
const internal = planEnvironment({ ...prod, access: "internal" });

/**
 * The VPC CNI of an IPv4 cluster drops a whole peer whose `except` is of the other family
 * (https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/bpf_client.go).
 */
test.each<[string, Partial<EnvironmentSpec>]>([
  ["production", {}],
  ["a separate range for sandboxes", { network: { sandboxCidr: "100.64.0.0/14" } }],
  ["a load balancer of both families", { access: ["203.0.113.0/24", "2001:db8::/32"], frontDoor: { dualStack: true } }],
  ["an open network", { egress: { level: "open" } }],
  ["a second instance", secondInstance(prod)],
])("no policy of %s leaves an IPv6 range out", (_, changes) => {
  const plan = planEnvironment({ ...prod, ...changes });
  const policies = [
    ...networkPolicies(plan.egress, networkPolicyReferences(plan)),
    ...systemPolicies(plan.network.vpcCidrs),
  ];
  const blocks = policies.flatMap(({ spec: { egress = [], ingress = [] } }) =>
    [...egress.flatMap(({ to = [] }) => to), ...ingress.flatMap(({ from = [] }) => from)].flatMap(
      ({ ipBlock }) => ipBlock ?? [],
    ),
  );

  expect(blocks.filter(({ except = [] }) => except.length > 0).length).toBeGreaterThan(0);
  expect(blocks.flatMap(({ except = [] }) => except).filter((cidr) => cidr.includes(":"))).toEqual([]);
});

describe("networkPolicyReferences", () => {
  test("names the address of the Kubernetes API's Service", () => {
    expect(networkPolicyReferences(open)).toMatchObject({
      serviceCidr: "172.20.0.0/16",
      kubernetesServiceIp: "172.20.0.1",
    });
  });

  test("names one range a zone for pods, databases and the load balancer", () => {
    const { podCidrs, databaseCidrs, frontDoorCidrs } = networkPolicyReferences(open);

    expect([podCidrs.length, databaseCidrs.length, frontDoorCidrs.length]).toEqual([3, 3, 3]);
    expect(frontDoorCidrs).toEqual(open.network.publicCidrs);
  });

  test("knows the sandboxes' own range as pods, and as part of the VPC", () => {
    const { podCidrs, vpcCidrs, controlPlaneCidrs } = networkPolicyReferences(
      planEnvironment({ ...prod, network: { sandboxCidr: "100.64.0.0/14" } }),
    );

    expect(vpcCidrs).toEqual(["10.0.0.0/16", "100.64.0.0/16", "100.65.0.0/16", "100.66.0.0/16"]);
    expect(podCidrs).toEqual(expect.arrayContaining([...controlPlaneCidrs, "100.64.0.0/18", "100.66.0.0/18"]));
    expect(controlPlaneCidrs).not.toContain("100.64.0.0/18");
  });

  test("knows where the control plane of another cluster is", () => {
    const second = secondInstance(prod);
    const elsewhere = { ...second, cluster: { ...second.cluster, controlPlaneCidrs: ["10.0.250.0/28"] } };

    expect(networkPolicyReferences(planEnvironment(second)).controlPlaneCidrs).toEqual(["10.0.0.0/19", "10.0.64.0/19"]);
    expect(networkPolicyReferences(planEnvironment(elsewhere as EnvironmentSpec)).controlPlaneCidrs).toEqual([
      "10.0.250.0/28",
    ]);
  });

  test("finds an internal load balancer in the subnets that hold it", () => {
    expect(networkPolicyReferences(internal).frontDoorCidrs).toEqual(internal.network.privateCidrs);
  });
});

describe("an endpoint in the VPC", () => {
  const second = secondInstance(prod);
  const temporalCloud = { temporal: { ...TEMPORAL["temporal-cloud"], privateLink: {} } as TemporalSpec };
  const rangesOfApi = (spec: EnvironmentSpec, port: number): (string | undefined)[] => {
    const plan = planEnvironment(spec);
    const policies = networkPolicies(plan.egress, networkPolicyReferences(plan));
    const api = policies.find(({ metadata: { name } }) => name === "retool-api");
    const rules = (api?.spec.egress ?? []).filter(({ ports = [] }) => ports.some((each) => each.port === port));
    return rules.flatMap(({ to = [] }) => to.map(({ ipBlock }) => ipBlock?.cidr));
  };

  test.each<[string, EnvironmentSpec]>([
    ["a new cluster, whose control plane is in two of three zones", { ...prod, ...temporalCloud }],
    [
      "a cluster whose control plane has its own subnets",
      {
        ...second,
        ...temporalCloud,
        cluster: { ...second.cluster, controlPlaneCidrs: ["10.0.250.0/28"] } as EnvironmentSpec["cluster"],
      },
    ],
  ])("of Temporal Cloud is reached in each subnet that holds it, next to %s", (_, spec) => {
    expect(rangesOfApi(spec, 7233)).toEqual(planEnvironment(spec).network.privateCidrs);
  });

  test("of STS is reached in each subnet that holds it, by pods that log in there", () => {
    const network = { interfaceEndpoints: ["eks-auth", "sts"] };
    const spec: EnvironmentSpec = { ...prod, network, blobStorage: { identity: "irsa" } };

    expect(rangesOfApi(spec, 443)).toEqual(expect.arrayContaining([...planEnvironment(spec).network.privateCidrs]));
  });
});
