import { z } from "zod";

import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import { LOG_DAYS, logRetention } from "../common/log-retention";
import type { Planned } from "../common/violation";
import { type DnsFirewallPlan, planDnsFirewall } from "./dns-firewall";
import { type FirewallPlan, planFirewall } from "./firewall";
import { egressResourceSchema, planResources } from "./resources";
import type { Application, EgressRule } from "./rules";
import type { EgressMode } from "./spec";

/** Something outside a network that may be reached. */
export interface AllowedDestination {
  /** Host name (`api.example.com`), all names below one (`*.example.com`) or address range (`203.0.113.0/24`). */
  readonly to: string;
  /**
   * TCP port.
   *
   * @default 443
   */
  readonly port?: number;
  /**
   * What is spoken. TLS and HTTP name their host on the wire, so that a firewall can check it; anything else needs `addresses`.
   *
   * @default - `tls` on 443, `http` on 80, else `tcp`
   */
  readonly application?: Application;
  /**
   * Address ranges of a host that speaks neither TLS nor HTTP.
   *
   * @default []
   */
  readonly addresses?: readonly string[];
  /**
   * Why it is allowed; asked for where anybody could put anything there.
   *
   * @default - none
   */
  readonly reason?: string;
}

/** One allowlist for everything that leaves a network. */
export interface PlainEgressSpec {
  /** Everything that may be reached. */
  readonly allow: readonly AllowedDestination[];
  /**
   * Where names are checked: when they are resolved, or also on the wire.
   *
   * @default "dns"
   */
  readonly level?: "dns" | "firewall";
  /**
   * Whether what is not listed is refused, or only logged.
   *
   * @default "enforce"
   */
  readonly mode?: EgressMode;
  /**
   * Days that logs are kept.
   *
   * @default 90
   */
  readonly logRetentionDays?: number;
}

/** An allowlist as both firewalls and the policies of pods take it. */
export interface PlainEgressPlan {
  /** What may be reached. */
  readonly rules: readonly EgressRule[];
  /** Names that are resolved. */
  readonly dns: DnsFirewallPlan;
  /** Firewall in front of the NAT gateways; absent at level `dns`. */
  readonly firewall?: FirewallPlan;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
}

const plainSchema = z.strictObject({
  allow: z.array(egressResourceSchema.omit({ purpose: true, via: true, containers: true })).readonly(),
  level: z.enum(["dns", "firewall"]).default("dns"),
  mode: z.enum(["enforce", "alert"]).default("enforce"),
  logRetentionDays: logRetention().default(LOG_DAYS.egress),
});

/** Plans the guards of a network from one allowlist; paths of violations begin at the spec. */
export function planPlainEgress(
  given: PlainEgressSpec,
  context: EnvironmentContext,
  { vpcCidr }: { readonly vpcCidr: string },
): Planned<PlainEgressPlan> {
  const { spec, shape } = checkedSpec(plainSchema, given, { allow: [] }, "");
  const { level, mode, logRetentionDays } = spec;
  const listed = planResources(
    spec.allow.map((destination) => ({ ...destination, purpose: "images" as const })),
    "allow",
  );
  const changeProtection = context.dataProtection === "protected";
  const egress = { rules: listed.plan, mode, retoolAddresses: false, changeProtection };
  return {
    plan: {
      rules: listed.plan,
      dns: planDnsFirewall(egress, context),
      firewall: level === "firewall" ? planFirewall(egress, { cidrs: [vpcCidr] }) : undefined,
      logRetentionDays,
    },
    violations: withShape(shape, listed.violations),
  };
}
