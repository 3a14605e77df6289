import { type EgressDestination, type EgressRule, type TemporalEgress, formatDestination } from "./rules";
import { widerName } from "./names";
import type { ClosedHost } from "./package-registries";
import type { EgressLevel, EgressMode } from "./spec";

/** Settings that notes are about. */
export interface NotedSettings {
  /** How far names are enforced. */
  readonly level: EgressLevel;
  /** Whether what is not allowed is refused, or only reported. */
  readonly mode: EgressMode;
  /** Whether Retool's addresses are passed as well as its names. */
  readonly retoolAddresses: boolean;
}

/** One line for the top of plan and report while nothing is refused; absent where names are enforced, or not looked at. */
export function alertBanner({ level, mode }: Pick<NotedSettings, "level" | "mode">): string | undefined {
  return level === "open" || mode === "enforce"
    ? undefined
    : 'EGRESS ONLY ALERTS: connections to unlisted hosts are logged and allowed; set egress.mode to "enforce".';
}

/** What holds where no firewall looks at names. */
export const NAMES_ARE_OPEN = "Host names are not enforced: a container can connect to any host on its allowed ports.";

/** Warnings: what works and still needs attention. */
export function egressNotes(
  { level, mode, retoolAddresses }: NotedSettings,
  temporal: TemporalEgress,
  rules: readonly EgressRule[],
): string[] {
  const notes: readonly (readonly [boolean, string])[] = [
    [level === "open", NAMES_ARE_OPEN],
    [
      level !== "open" && mode === "alert",
      "Unlisted destinations are only reported: read the logs for a week or two, complete egress.resources, then set " +
        'egress.mode to "enforce".',
    ],
    [retoolAddresses, "Retool's addresses are allowed without checking the host name."],
    [
      level !== "open" && rules.some(({ sources }) => sources.includes("runner")),
      "The firewalls pass what Terraform calls, for pods as well: they see the runner and all nodes as one.",
    ],
    [
      temporal.kind === "retool-managed" && temporal.organizationId === undefined,
      "Any Temporal Cloud host is reachable until temporal.organizationId is set.",
    ],
    ...rules.flatMap(({ destination }): [boolean, string][] => {
      const name = formatDestination(destination);
      const wider = isName(destination) ? widerName(name) : undefined;
      const note = `${name}: the DNS firewall accepts no underscore, so it resolves ${wider ?? ""}.`;
      return wider === undefined ? [] : [[level !== "open", note]];
    }),
    ...rules
      .filter(isUnnamed)
      .map((rule): [boolean, string] => [
        level === "firewall",
        `${formatDestination(rule.destination)}:${rule.port} is closed: its protocol contains no host name, so the firewall can allow it by ` +
          'address only; list its addresses, or, if they change, use egress.level "dns", which needs none.',
      ]),
    ...rules
      .filter(
        ({ destination, route, application }) => isName(destination) && route === "private" && application === "tcp",
      )
      .map(({ destination, port }): [boolean, string] => [
        level === "firewall",
        `${formatDestination(destination)}:${port} is a protocol without host names: it is reachable only in private networks unless ` +
          "its addresses are listed.",
      ]),
  ];
  return notes.filter(([applies]) => applies).map(([, note]) => note);
}

/** One warning for all hosts that one setting opens. */
export function closedNotes(closed: readonly ClosedHost[]): string[] {
  const notes = closed.map(
    ({ lacks, setting }) => `${lacks.charAt(0).toUpperCase()}${lacks.slice(1)}; set ${setting}.`,
  );
  return [...new Set(notes)];
}

/** A host on the internet that no firewall can recognize: it speaks neither TLS nor HTTP, and has no addresses. */
export function isUnnamed({ destination, application, route, addresses = [] }: EgressRule): boolean {
  return isName(destination) && application === "tcp" && route === "internet" && addresses.length === 0;
}

function isName({ kind }: EgressDestination): boolean {
  return kind === "host" || kind === "subdomains";
}
