import type { TemporalEgress } from "./egress-rules";
import type { TemporalPlan } from "./temporal-plan";

/** The way out to the Temporal cluster of a plan. */
export function temporalEgress({ kind, organizationId, frontend }: TemporalPlan): TemporalEgress {
  const { host = "", port = 0 } = frontend ?? {};
  switch (kind) {
    case "retool-managed":
      return { kind, organizationId };
    case "temporal-cloud":
      return { kind, host };
    case "self-hosted":
      return { kind, host, port };
    case "local":
      return { kind };
  }
}
