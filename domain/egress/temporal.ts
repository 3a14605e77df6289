import type { TemporalEgress } from "./rules";
import type { TemporalPlan } from "../temporal/plan";

/** The way out to the Temporal cluster of a plan. */
export function temporalEgress(plan: TemporalPlan): TemporalEgress {
  const { kind, organizationId, privateLink } = plan;
  switch (kind) {
    case "retool-managed":
      return { kind, organizationId };
    case "temporal-cloud":
      return { kind, host: addressOf(plan).host, privateLink: privateLink !== undefined };
    case "self-hosted":
      return { kind, ...addressOf(plan), encrypted: plan.frontend?.tls };
    case "local":
      return { kind, cassandra: plan.cluster?.cassandra };
  }
}

function addressOf({ frontend }: TemporalPlan): { host: string; port: number } {
  return { host: frontend?.host ?? "", port: frontend?.port ?? 0 };
}
