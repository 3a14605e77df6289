import { checkEnvironment, type EnvironmentPlan } from "../environment/environment";
import type { EnvironmentSpec } from "../environment/spec";
import { costOf } from "./cost";
import type { PriceBook } from "./prices";

/** A setting that would change the bill. */
export interface Lever {
  /** The setting as it is written, such as `egress.level: "dns"`. */
  readonly setting: string;
  /** US dollars a month that it changes on a month with working days; negative saves. */
  readonly workingDays: number;
  /** What is given up, or gained. */
  readonly means: string;
}

interface Choice {
  readonly setting: string;
  readonly means: string;
  readonly applies: (plan: EnvironmentPlan) => boolean;
  readonly change: (spec: EnvironmentSpec) => EnvironmentSpec;
}

/** A copy of a spec with settings added to one of its parts. */
const within =
  (part: keyof EnvironmentSpec, settings: object) =>
  (spec: EnvironmentSpec): EnvironmentSpec => ({
    ...spec,
    [part]: { ...(spec[part] as object | undefined), ...settings },
  });

const CHOICES: readonly Choice[] = [
  {
    setting: 'egress.level: "firewall"',
    means: "also blocks hard-coded addresses and other protocols",
    applies: ({ egress, network }) => egress.level !== "firewall" && network.kind === "new",
    change: within("egress", { level: "firewall" }),
  },
  {
    setting: 'egress.level: "dns"',
    means: "names are enforced by DNS only; hard-coded addresses are not checked",
    applies: ({ egress }) => egress.level === "firewall",
    change: within("egress", { level: "dns" }),
  },
  {
    setting: 'egress.level: "open"',
    means: "only network policies limit outbound connections",
    applies: ({ egress }) => egress.level !== "open",
    change: within("egress", { level: "open" }),
  },
  {
    setting: 'network.nat: "single"',
    means: "if its zone fails, all zones lose the internet",
    applies: ({ network }) => network.kind === "new" && network.natZones.length > 1,
    change: within("network", { nat: "single" }),
  },
  {
    setting: "network.zones: 2",
    means:
      "tolerates the loss of fewer zones; once deployed it replaces the node group of the controllers and removes subnets",
    applies: ({ network }) => network.kind === "new" && network.zones > 2,
    change: within("network", { zones: 2 }),
  },
  {
    setting: "network.interfaceEndpoints: []",
    means: "pods get their credentials over NAT, and cannot renew them while it is down",
    applies: ({ network }) =>
      network.kind === "new" && network.interfaceEndpoints.length > 0 && network.natZones.length > 0,
    change: within("network", { interfaceEndpoints: [] }),
  },
  {
    setting: "database.multiAz: false",
    means: "if the database's zone fails, it must be restored from a backup",
    applies: ({ database }) => database.kind === "new" && database.multiAz,
    change: within("database", { multiAz: false }),
  },
  {
    setting: "database.multiAz: true",
    means: "the database survives the failure of its zone",
    applies: ({ database }) => database.kind === "new" && !database.multiAz,
    change: within("database", { multiAz: true }),
  },
  {
    setting: "sandbox.prewarmPoolSize: 0",
    means: "a session waits half a minute for its sandbox",
    applies: ({ capacity }) => capacity.prewarmPoolSize > 0,
    change: within("sandbox", { prewarmPoolSize: 0 }),
  },
  {
    setting: "sandbox.warmHeadroom: 0",
    means: "a session waits two minutes for a node when all are full",
    applies: ({ capacity }) => capacity.headroom.sandboxes > 0,
    change: within("sandbox", { warmHeadroom: 0 }),
  },
  {
    setting: 'sandbox.purchaseOption: "spot"',
    means: "AWS may end editing sessions with two minutes' notice",
    applies: ({ capacity }) => capacity.sandbox.purchaseOption !== "spot",
    change: within("sandbox", { purchaseOption: "spot" }),
  },
  {
    setting: 'observability.logs: { kind: "off" }',
    means: "the log of a pod goes with it, and no alarm sees pods and nodes",
    applies: ({ observability, retool }) => observability.logs !== undefined && retool.telemetryTarget === undefined,
    change: within("observability", { logs: { kind: "off" } }),
  },
  {
    setting: 'observability.logs: { kind: "off" }',
    means: "logs of Retool's pods go to retool.telemetryTarget only, and no alarm sees pods and nodes",
    applies: ({ observability, retool }) => observability.logs !== undefined && retool.telemetryTarget !== undefined,
    change: within("observability", { logs: { kind: "off" } }),
  },
  {
    setting: "egress.logRetentionDays: 30",
    means: "logs of resolved names and of the firewall are kept for 30 days",
    applies: ({ egress, dnsFirewall, networkFirewall }) =>
      egress.logRetentionDays > 30 && (dnsFirewall ?? networkFirewall) !== undefined,
    change: within("egress", { logRetentionDays: 30 }),
  },
  {
    setting: "cluster.logRetentionDays: 30",
    means: "logs of the control plane are kept for 30 days",
    applies: ({ cluster }) => cluster.kind === "new" && cluster.logs.retentionDays > 30,
    change: within("cluster", { logRetentionDays: 30 }),
  },
];

/** Lists what the settings with the largest effect on the bill would change, the largest first; refused ones are left out. */
export function leversOf(spec: EnvironmentSpec, plan: EnvironmentPlan, book: PriceBook): Lever[] {
  const now = costOf(plan, book).total.workingDays;
  return CHOICES.filter(({ applies }) => applies(plan))
    .flatMap(({ setting, means, change }): Lever[] => {
      const changed = checkEnvironment(change(spec));
      if (changed.violations.length > 0) return [];
      return [{ setting, means, workingDays: costOf(changed.plan, book).total.workingDays - now }];
    })
    .filter(({ workingDays }) => Math.abs(workingDays) >= 0.005)
    .sort((one, other) => Math.abs(other.workingDays) - Math.abs(one.workingDays));
}
