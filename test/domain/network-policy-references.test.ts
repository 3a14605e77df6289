import { prod } from "../../config/prod";
import { planEnvironment } from "../../domain/environment";
import { networkPolicyReferences } from "../../domain/network-policy-references";

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
    expect(frontDoorCidrs).toEqual(open.network.subnets.map(({ publicCidr }) => publicCidr));
  });

  test("finds an internal load balancer in the subnets that hold it", () => {
    expect(networkPolicyReferences(internal).frontDoorCidrs).toEqual(
      internal.network.subnets.map(({ privateCidr }) => privateCidr),
    );
  });
});
