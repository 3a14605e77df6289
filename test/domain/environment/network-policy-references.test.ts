import { prod } from "../../support/environments/prod";
import { planEnvironment } from "../../../domain/environment/environment";
import { networkPolicyReferences } from "../../../domain/environment/network-policy-references";

const open = planEnvironment(prod);
const internal = planEnvironment({ ...prod, access: "internal" });

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

  test("finds an internal load balancer in the subnets that hold it", () => {
    expect(networkPolicyReferences(internal).frontDoorCidrs).toEqual(internal.network.privateCidrs);
  });
});
