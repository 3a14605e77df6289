import { z } from "zod";

import { type EgressResource, egressResourceSchema } from "./resources";
import { LOG_DAYS, logRetention } from "../common/log-retention";
import { checked } from "../common/setting";
import { registryProblem } from "./package-registries";
import type { Violation } from "../common/violation";

/**
 * How far names are enforced on what leaves the environment: not at all, where they are resolved, or on the wire.
 *
 * At every level policies limit who may leave and on which port. Each level includes the one before it.
 */
export type EgressLevel = "open" | "dns" | "firewall";

/** Whether names that are not allowed are refused, or only reported in logs. */
export type EgressMode = "alert" | "enforce";

/** What a team decides about traffic that leaves Retool. */
export interface EgressSpec {
  /**
   * How far names are enforced: `open` limits who may leave and on which port; `dns` also resolves only listed names;
   * `firewall` also inspects every connection. The report says what each costs.
   *
   * @default "dns"
   */
  readonly level?: EgressLevel;

  /**
   * Whether names that are not allowed are refused, or only reported in logs: a week or two of reports shows what a list
   * lacks before anything is refused.
   *
   * @default "enforce"
   */
  readonly mode?: EgressMode;

  /**
   * What else Retool may reach: data sources, Git hosts, identity and model providers, registries of packages and images.
   *
   * @default []
   */
  readonly resources?: readonly EgressResource[];

  /**
   * Registry that apps get npm packages from, through the sandbox proxy: the host of npm's public registry, or the host or
   * `https://` address of a mirror. The chart gets it as `npmRegistry.url`, without a credential.
   *
   * @default - none: apps cannot install packages
   */
  readonly appPackages?: string;

  /**
   * Index that code in workflows installs Python packages from: the public one, which also opens the host of its files, or
   * the host of a mirror.
   *
   * @default - none: code cannot install packages
   */
  readonly pythonPackages?: string;

  /**
   * Whether the machine that deploys stands in the VPC, such as a runner of CI: the firewalls then list what Terraform calls. Hosts of
   * the CI itself belong to `resources`, with the purpose `images`.
   *
   * @default false
   */
  readonly runner?: boolean;

  /**
   * Whether the firewall passes Retool's addresses as well as its names. An address passes without a check of the host name.
   *
   * @default false
   */
  readonly retoolAddresses?: boolean;

  /**
   * Whether AWS refuses to delete the firewall, to move it, or to give it another policy. It must be off, and deployed,
   * before another level takes the firewall away.
   *
   * @default - true where data is protected
   */
  readonly changeProtection?: boolean;

  /**
   * Days that logs of names and connections are kept: a number that CloudWatch Logs knows.
   *
   * @default 90
   */
  readonly logRetentionDays?: number;
}

/** Shape of an {@link EgressSpec}. */
export const egressSchema = z.strictObject({
  level: z.enum(["open", "dns", "firewall"]).default("dns"),
  mode: z.enum(["alert", "enforce"]).default("enforce"),
  resources: z.array(egressResourceSchema).readonly().default([]),
  appPackages: checked(z.string(), registryProblem("appPackages"), {
    form: "a host or an `https://` address",
  }).optional(),
  pythonPackages: checked(z.string(), registryProblem("pythonPackages"), {
    form: "a host or an `https://` address",
  }).optional(),
  runner: z.boolean().default(false),
  retoolAddresses: z.boolean().default(false),
  changeProtection: z.boolean().optional(),
  logRetentionDays: logRetention().default(LOG_DAYS.egress),
});

/** Finds settings of a level that is not chosen, and a firewall with nothing to stand before. */
export function levelViolations(
  { level, retoolAddresses }: z.output<typeof egressSchema>,
  given: EgressSpec | undefined,
  hasNat: boolean,
): Violation[] {
  const written: unknown = (given as Partial<EgressSpec> | null | undefined)?.mode;
  const mode = typeof written === "string" ? written : undefined;
  const checks: readonly (readonly [boolean, Violation])[] = [
    [
      level === "firewall" && !hasNat,
      {
        path: "egress.level",
        problem: '"firewall" has no effect: the network has no NAT, so nothing can leave it',
        remedy: 'use "dns", or set network.nat to "per-zone"',
      },
    ],
    [
      level === "open" && mode !== undefined,
      {
        path: "egress.mode",
        problem: `"${mode ?? ""}" has no effect: level "open" does not check names`,
        remedy: 'remove it, or use level "dns" or "firewall"',
      },
    ],
    [
      level !== "firewall" && retoolAddresses,
      {
        path: "egress.retoolAddresses",
        problem: `has no effect: there is no firewall at level "${level}"`,
        remedy: 'remove it, or use level "firewall"',
      },
    ],
  ];
  return checks.filter(([applies]) => applies).map(([, violation]) => violation);
}
