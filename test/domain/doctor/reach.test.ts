import { endpointFindings, reachFindings } from "../../../domain/doctor/reach";
import { prod } from "../../support/environments/prod";
import { DENIED, texts, WAITING } from "../../support/findings";

describe("reach", () => {
  const reach = (address: string): string[] => texts(reachFindings(prod, { known: address }));

  test("is judged by the address of this machine", () => {
    expect(reach("203.0.113.10")).toEqual(["good this machine's address 203.0.113.10 may reach the Kubernetes API"]);
    expect(reach("198.51.100.7")).toEqual([
      `problem this machine's address 198.51.100.7 is not in clusterAccess; Terraform makes the cluster and then cannot reach it; add "198.51.100.7/32" to clusterAccess, or deploy from a listed network`,
    ]);
    expect(texts(reachFindings({ ...prod, access: ["192.0.2.0/24"] }, { known: "203.0.113.10" }))).toEqual([
      `warning this machine's address 203.0.113.10 is not in access; sign up right after the deployment: the first user becomes the administrator; add "203.0.113.10/32" to access, or sign up from a listed network at once`,
    ]);
    expect(texts(reachFindings({ ...prod, clusterAccess: "private" }, { unknown: "" }))).toEqual([
      "warning the Kubernetes API has no public address; Terraform must run where the VPC is reached, else every Helm release fails after the cluster was made; deploy from a machine in the VPC, or set bastion: true and deploy through it",
    ]);
    expect(texts(reachFindings({ ...prod, clusterAccess: "private", bastion: true }, { unknown: "" }))).toEqual([
      "warning the Kubernetes API has no public address; Terraform must run where the VPC is reached, else every Helm release fails after the cluster was made; deploy from a machine in the VPC, or open the way through the bastion first: plan prints the commands",
    ]);
  });
});

describe("the API of a cluster that exists", () => {
  const judgeBoth = (isPublic: boolean, isPrivate: boolean, ...publicCidrs: string[]): string[] => {
    const endpoint = { isPublic, isPrivate, publicCidrs, vpcId: "vpc-1" };
    return texts(endpointFindings("shared", { known: endpoint }, { known: "203.0.113.10" }));
  };
  const judge = (isPublic: boolean, ...publicCidrs: string[]): string[] =>
    judgeBoth(isPublic, !isPublic, ...publicCidrs);

  test("is reached, or not", () => {
    expect(judge(true, "203.0.113.0/24")).toEqual([
      "good this machine's address 203.0.113.10 may reach the Kubernetes API of shared",
    ]);
    expect(judge(true, "192.0.2.0/24")).toEqual([
      "problem this machine's address 203.0.113.10 is not in the ranges of shared: 192.0.2.0/24; Terraform cannot reach the cluster; deploy from a listed network, or ask the cluster's owner to add 203.0.113.10/32 to its publicAccessCidrs",
    ]);
    expect(judge(false)).toEqual([
      "warning the Kubernetes API of shared has no public address; Terraform must run where its VPC is reached, else every Helm release fails; deploy from a machine in vpc-1 or in a network that reaches it, from which the cluster's security group admits port 443",
    ]);
  });

  test("may be reached by its private address from a network that is not listed", () => {
    expect(judgeBoth(true, true, "192.0.2.0/24")).toEqual([
      "warning this machine's address 203.0.113.10 is not in the ranges of shared: 192.0.2.0/24; Terraform reaches the cluster only from vpc-1 and networks joined to it; deploy from a listed network, or ask the cluster's owner to add 203.0.113.10/32 to its publicAccessCidrs",
    ]);
  });

  test("is not known to somebody without the right", () => {
    expect(texts(endpointFindings("shared", { unknown: DENIED }, { unknown: "" }))).toEqual([
      `unknown could not be found out: ${DENIED}; ${WAITING}; let this role do what the message names, or ask the people who may`,
    ]);
  });
});
