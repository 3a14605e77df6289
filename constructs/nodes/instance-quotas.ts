import { DataAwsServicequotasServiceQuota } from "@cdktf/provider-aws/lib/data-aws-servicequotas-service-quota";
import { Construct } from "constructs";

import type { CapacityPlan } from "../../domain/capacity/capacity";

/** Construction properties for {@link InstanceQuotas}. */
export interface InstanceQuotasProps {
  /** CPUs that the pools may ask EC2 for. */
  readonly plan: Pick<CapacityPlan, "peakCpus" | "quotaCpus">;
  /** Most CPUs of the system nodes, which are on demand. */
  readonly systemCpus: number;
  /** Region of the quotas. */
  readonly region: string;
}

/** Codes of the quotas of EC2 that count CPUs. */
const QUOTAS = {
  onDemand: { code: "L-1216C47A", name: "Running On-Demand Standard instances" },
  spot: { code: "L-34B43A08", name: "All Standard Spot Instance Requests" },
} as const;

/**
 * Looks up the account's quotas of EC2, so that a plan stops where the nodes of the planned peak cannot be launched.
 *
 * What else runs in the account counts too, which no look-up shows; the remedy therefore asks for the limits of pools and system nodes.
 */
export class InstanceQuotas extends Construct {
  public constructor(scope: Construct, id: string, { plan, systemCpus, region }: InstanceQuotasProps) {
    super(scope, id);
    for (const kind of ["onDemand", "spot"] as const) {
      const peak = plan.peakCpus[kind];
      const most = plan.quotaCpus[kind] + (kind === "onDemand" ? systemCpus : 0);
      if (peak > 0) this.check(kind, peak, most, region);
    }
  }

  private check(kind: keyof typeof QUOTAS, peak: number, most: number, region: string): void {
    const { code, name } = QUOTAS[kind];
    new DataAwsServicequotasServiceQuota(this, kind, {
      serviceCode: "ec2",
      quotaCode: code,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.value >= ${peak}}`,
            errorMessage:
              `builders: the planned peak needs ${peak} vCPUs besides the system nodes, and the quota "${name}" of this account and region is lower; ` +
              `ask for more: aws service-quotas request-service-quota-increase --region ${region} --service-code ec2 --quota-code ${code} --desired-value ${most}`,
          },
        ],
      },
    });
  }
}
