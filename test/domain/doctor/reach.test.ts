import { reachFindings } from "../../../domain/doctor/reach";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";

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
