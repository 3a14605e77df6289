import { contains, parseIpv4 } from "../common/address-range";
import type { EnvironmentSpec } from "../environment/spec";
import type { Fact } from "../common/fact";
import { type Finding, good, judged, problem, warning } from "./finding";

const LINK = "docs/guides/private-deployment.md";

/** Judges whether the machine that deploys reaches the Kubernetes API and, after it, Retool. */
export function reachFindings(
  { access, clusterAccess, bastion = false }: Pick<EnvironmentSpec, "access" | "clusterAccess" | "bastion">,
  address: Fact<string>,
): Finding[] {
  if (clusterAccess === "private")
    return [
      {
        check: "reach",
        grade: "warning",
        what: "the Kubernetes API has no public address",
        why: "Terraform must run where the VPC is reached, else every Helm release fails after the cluster was made",
        remedy: bastion
          ? "deploy from a machine in the VPC, or open the way through the bastion first: plan prints the commands"
          : "deploy from a machine in the VPC, or set bastion: true and deploy through it",
        link: LINK,
      },
    ];
  return judged("reach", address, (known) => {
    if (!covers(clusterAccess, known))
      return {
        check: "reach",
        grade: "problem",
        what: `this machine's address ${known} is not in clusterAccess`,
        why: "Terraform makes the cluster and then cannot reach it",
        remedy: `add "${known}/32" to clusterAccess, or deploy from a listed network`,
        link: LINK,
      };
    if (access !== "internal" && !covers(access, known))
      return {
        check: "reach",
        grade: "warning",
        what: `this machine's address ${known} is not in access`,
        why: "sign up right after the deployment: the first user becomes the administrator",
        remedy: `add "${known}/32" to access, or sign up from a listed network at once`,
        link: LINK,
      };
    return good("reach", `this machine's address ${known} may reach the Kubernetes API`);
  });
}

/** How the Kubernetes API of a cluster that exists is reached. */
export interface ApiEndpoint {
  /** Whether it has a public address. */
  readonly isPublic: boolean;
  /** Whether it also has private addresses for the VPC. */
  readonly isPrivate: boolean;
  /** Ranges that may use the public address. */
  readonly publicCidrs: readonly string[];
  /** VPC of the cluster. */
  readonly vpcId: string;
}

/** Judges whether the machine that deploys reaches the Kubernetes API of a cluster that exists. */
export function endpointFindings(name: string, endpoint: Fact<ApiEndpoint>, address: Fact<string>): Finding[] {
  return judged("reach", endpoint, ({ isPublic, isPrivate, publicCidrs, vpcId }) => {
    if (!isPublic)
      return warning("reach", {
        what: `the Kubernetes API of ${name} has no public address`,
        why: "Terraform must run where its VPC is reached, else every Helm release fails",
        remedy: `deploy from a machine in ${vpcId} or in a network that reaches it, from which the cluster's security group admits port 443`,
        link: LINK,
      });
    return judged("reach", address, (known) => {
      if (covers(publicCidrs, known))
        return good("reach", `this machine's address ${known} may reach the Kubernetes API of ${name}`);
      const fault = {
        what: `this machine's address ${known} is not in the ranges of ${name}: ${publicCidrs.join(", ")}`,
        remedy: `deploy from a listed network, or ask the cluster's owner to add ${known}/32 to its publicAccessCidrs`,
        link: LINK,
      };
      return isPrivate
        ? warning("reach", {
            ...fault,
            why: `Terraform reaches the cluster only from ${vpcId} and networks joined to it`,
          })
        : problem("reach", { ...fault, why: "Terraform cannot reach the cluster" });
    });
  });
}

function covers(ranges: readonly string[], address: string): boolean {
  const own = parseIpv4(`${address}/32`);
  return ranges.some((range) => {
    const parsed = parseIpv4(range);
    return own !== undefined && parsed !== undefined && contains(parsed, own);
  });
}
