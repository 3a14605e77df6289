import { systemCpus } from "../capacity/system-cpus";
import type { EnvironmentPlan } from "../environment/environment";
import type { Fact } from "../common/fact";
import { type Finding, good, problem, unknown } from "./finding";
import { adviceFor } from "./reasons";

/** A quota of the account, in one region. */
export interface Quota {
  /** Code, as Service Quotas has it. */
  readonly code: string;
  /** Service, as Service Quotas has it. */
  readonly service: string;
  /** What it limits. */
  readonly name: string;
  /** Region of the environment. */
  readonly region: string;
  /** What the environment needs at most. */
  readonly needed: number;
}

/**
 * The quotas that a deployment meets first, with what the plan needs of each.
 *
 * Source: https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html; the codes are those of the service's API.
 */
export function quotasOf(plan: EnvironmentPlan): Quota[] {
  const firewalls = plan.networkFirewall === undefined ? [] : [{ ...FIREWALLS, needed: 1 }];
  const { region } = plan.context;
  return [...cpuQuotas(plan), ...networkQuotas(plan), ...firewalls, { ...LOAD_BALANCERS, needed: 1 }].map((quota) => ({
    ...quota,
    region,
  }));
}

const ON_DEMAND = { service: "ec2", code: "L-1216C47A", name: "CPUs of on-demand standard instances" } as const;
const SPOT = { service: "ec2", code: "L-34B43A08", name: "CPUs of spot standard instances" } as const;
const ADDRESSES = { service: "ec2", code: "L-0263D0A3", name: "elastic IP addresses" } as const;
const VPCS = { service: "vpc", code: "L-F678F1CE", name: "VPCs" } as const;
const FIREWALLS = { service: "network-firewall", code: "L-DE163D32", name: "network firewalls" } as const;
const LOAD_BALANCERS = {
  service: "elasticloadbalancing",
  code: "L-53DA6B97",
  name: "application load balancers",
} as const;

function cpuQuotas({ capacity: { quotaCpus }, cluster }: EnvironmentPlan): Omit<Quota, "region">[] {
  return [
    { ...ON_DEMAND, needed: quotaCpus.onDemand + systemCpus(cluster.systemNodes) },
    ...(quotaCpus.spot > 0 ? [{ ...SPOT, needed: quotaCpus.spot }] : []),
  ];
}

function networkQuotas({ network }: EnvironmentPlan): Omit<Quota, "region">[] {
  if (network.kind !== "new") return [];
  const gateways = network.natZones.length;
  return [...(gateways > 0 ? [{ ...ADDRESSES, needed: gateways }] : []), { ...VPCS, needed: 1 }];
}

/** What a quota that is used up does: Karpenter waits for CPUs, Terraform fails for everything else. */
function consequence(code: string): string {
  return code === ON_DEMAND.code || code === SPOT.code
    ? "at the limit Karpenter launches nothing more, and editing sessions wait"
    : "at the limit the deployment stops where it makes one more";
}

/** Judges a quota; what others use of it is not known, so it must at least cover this environment. */
export function quotaFindings(quota: Quota, limit: Fact<number>): Finding[] {
  const { code, service, name, region, needed } = quota;
  const link = "https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html";
  if ("unknown" in limit)
    return [
      unknown("quotas", {
        what: `the limit of ${name} (${code}) could not be found out: ${limit.unknown}`,
        why: consequence(code),
        remedy: /AccessDenied|not authorized/.test(limit.unknown)
          ? `let this role call servicequotas:GetServiceQuota, or look it up: the environment needs up to ${needed}`
          : `${adviceFor(limit.unknown).remedy}; the environment needs up to ${needed}`,
        link,
      }),
    ];
  const { known } = limit;
  if (known >= needed) return [good("quotas", `${name}: ${known}, the environment needs up to ${needed}`)];
  return [
    problem("quotas", {
      what: `${name}: the account has ${known} (${code}), and the environment needs up to ${needed}`,
      why: consequence(code),
      remedy: `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${needed}`,
      link,
    }),
  ];
}
