import { type EgressDestination, type EgressRule, type TemporalEgress, formatDestination } from "./rules";
import type { EgressLevel, EgressMode } from "./spec";

/** Settings that something is worth knowing about. */
export interface NotedSettings {
  /** How far names are enforced. */
  readonly level: EgressLevel;
  /** Whether what is not allowed is refused, or only reported. */
  readonly mode: EgressMode;
  /** Which containers may reach Temporal. */
  readonly temporalContainers: "wired" | "documented";
  /** Whether code may reach the Python package index. */
  readonly pythonIndex: boolean;
  /** Whether Retool's addresses are passed as well as its names. */
  readonly retoolAddresses: boolean;
}

/** What works and is still worth knowing. */
export function egressNotes(
  { level, mode, temporalContainers, pythonIndex, retoolAddresses }: NotedSettings,
  temporal: TemporalEgress,
  rules: readonly EgressRule[],
): string[] {
  const notes: readonly (readonly [boolean, string])[] = [
    [level === "open", "Names are not enforced: whoever may leave on a port may call any name there."],
    [
      level !== "open" && mode === "alert",
      "What is not on the list is only reported: read the logs for a week or two, complete egress.resources, then set " +
        'egress.mode to "enforce".',
    ],
    [
      level === "dns",
      "Names are enforced where they are resolved: whoever has an address from elsewhere may call it on the port.",
    ],
    [retoolAddresses, "Retool's addresses are passed whatever name is called there."],
    [
      temporal.kind === "retool-managed" && temporal.organizationId === undefined,
      "Any namespace of Temporal Cloud may be called: after enrolment set temporal.organizationId to allow one host alone.",
    ],
    [
      temporalContainers === "wired",
      "Seven containers may reach Temporal, as the chart gives all of them its address; Retool's documents name two.",
    ],
    [
      pythonIndex,
      "Installing Python packages also needs the host they are downloaded from, which Retool's list lacks.",
    ],
    ...rules
      .filter(({ destination, route }) => isName(destination) && route === "private")
      .map(({ destination, port }): [boolean, string] => [
        level === "firewall",
        `${formatDestination(destination)}:${port} names no host on the wire: it is reached inside private networks only, unless ` +
          "its addresses are listed.",
      ]),
  ];
  return notes.filter(([applies]) => applies).map(([, note]) => note);
}

function isName({ kind }: EgressDestination): boolean {
  return kind === "host" || kind === "subdomains";
}
