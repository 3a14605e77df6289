import { Construct } from "constructs";

import { Certificate } from "../constructs/certificate";
import type { ICertificate, ICluster, IDnsZone, IFrontDoor, INetwork } from "../constructs/contracts";
import { FrontDoor } from "../constructs/front-door";
import { HostedZone } from "../constructs/hosted-zone";
import type { EnvironmentPlan } from "../domain/environment";

/** What {@link Entrance} is made from. */
export interface EntranceProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
  /** Network that holds the load balancer. */
  readonly network: INetwork;
  /** Cluster whose pods answer. */
  readonly cluster: Pick<ICluster, "clusterSecurityGroupId">;
}

/** Zone, certificate and load balancer: HTTPS in the same apply. */
export class Entrance extends Construct {
  /** The load balancer. */
  public readonly frontDoor: IFrontDoor;

  public constructor(scope: Construct, id: string, { plan, network, cluster }: EntranceProps) {
    super(scope, id);
    const zone = this.defineZone(plan);
    this.frontDoor = new FrontDoor(this, "FrontDoor", {
      plan: plan.frontDoor,
      hostnames: plan.hostnames,
      network,
      certificate: this.defineCertificate(plan, zone),
      nodes: { securityGroupId: cluster.clusterSecurityGroupId },
      zone,
    });
  }

  private defineZone({ dns }: EnvironmentPlan): IDnsZone | undefined {
    return dns.zone.kind === "none" ? undefined : new HostedZone(this, "Zone", { zone: dns.zone, hosts: dns.hosts });
  }

  private defineCertificate({ dns }: EnvironmentPlan, zone: IDnsZone | undefined): ICertificate {
    const { certificate } = dns;
    if (certificate.kind === "existing") return certificate;
    if (zone === undefined) throw new Error("a certificate is validated in a zone, and there is none");
    return new Certificate(this, "Certificate", { plan: certificate, zone });
  }
}
