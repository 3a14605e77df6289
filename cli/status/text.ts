import type { Fact } from "../../domain/common/fact";
import { countText, migrationText, otherVersionText, type Phase } from "../../domain/status/phase";
import type { PoolStatus } from "../../domain/status/pools";
import { causeOf, isSettled, type ServiceStatus } from "../../domain/status/services";
import type { DatabaseStatus, RunningRetool, Status } from "../../domain/status/status";
import { type ClusterState, type Entrance, minuteOf, sinceMinute } from "../../domain/status/observed";
import { colors, commandLines, section, wrap } from "../text";

/** A line of the screen: what it is about, what is so, and whether that needs somebody's eyes. */
export interface Row {
  /** What it is about. */
  readonly label: string;
  /** What is so. */
  readonly text: string;
  /** Whether it is not as planned. */
  readonly isPoor: boolean;
}

/** Every line of the screen, from the users' side inwards. */
export function rowsOf(status: Status): Row[] {
  const isMade = !("known" in status.cluster) || status.cluster.known.status !== undefined;
  const inCluster: typeof fromFact = (label, fact, rows) =>
    isMade || "known" in fact ? fromFact(label, fact, rows) : [poor(label, "not made yet")];
  return [
    ...inCluster("services", status.retool, retoolRows),
    ...fromFact("entrance", status.entrance, entranceRows),
    ...status.databases.flatMap(databaseRows),
    ...inCluster("nodes", status.nodes, ({ pools, failures }) => [
      ...nodeRows(pools),
      ...failures.map(({ pool, message }) => poor("nodes", `${pool}: a node could not be launched: ${message}`)),
    ]),
    ...fromFact("cluster", status.cluster, (cluster) => [clusterRow(status, cluster)]),
    ...fromFact("copies", status.copies, ({ last, failures }) => [
      last === undefined ? poor("copies", "none yet") : row("copies", `the newest is of ${minuteOf(last)}`),
      ...fromFact("copies", failures, (messages) => messages.map((message) => poor("copies", `failed: ${message}`))),
    ]),
    ...fromFact("alarms", status.alarms, (ringing) =>
      ringing.length === 0
        ? [row("alarms", "none is on")]
        : ringing.map(({ name, says, since, runbook }) =>
            poor("alarms", `${name}${sinceMinute(since)}: ${says} (${runbook})`),
          ),
    ),
  ];
}

const row = (label: string, text: string, isPoor = false): Row => ({ label, text, isPoor });
const poor = (label: string, text: string): Row => row(label, text, true);

function fromFact<Value>(label: string, fact: Fact<Value>, rows: (value: Value) => Row[]): Row[] {
  return "unknown" in fact ? [poor(label, `not known: ${fact.unknown}`)] : rows(fact.known);
}

function clusterRow({ kubernetesVersion, ownCluster }: Status, { status, version }: ClusterState): Row {
  if (status === undefined) return poor("cluster", "not made yet");
  if (version === undefined) return poor("cluster", `${status}, Kubernetes version not known`);
  if (version === kubernetesVersion) return row("cluster", `${status}, Kubernetes ${version}`, status !== "ACTIVE");
  return poor(
    "cluster",
    ownCluster
      ? `${status}, Kubernetes ${version} of ${kubernetesVersion} planned`
      : `${status}; ${otherVersionText(kubernetesVersion, version)}`,
  );
}

function retoolRows({ services, migration, sandboxes }: RunningRetool): Row[] {
  const settled = services.filter(isSettled);
  const { ready, used, starting, prewarmed, most } = sandboxes;
  return [
    ...(settled.length === 0
      ? []
      : [row("services", settled.map(({ service, ready: pods }) => `${service} ${pods}`).join(", "))]),
    ...poorRows(services.filter((service) => !isSettled(service))),
    ...(migration === undefined
      ? []
      : [row("migration", `${migration.state}${migrationText(migration)}`, migration.state !== "done")]),
    row(
      "sandboxes",
      `${ready} ready, about ${used} in use, ${starting} starting, at most ${most}`,
      ready + starting >= most || (ready === 0 && prewarmed > 0),
    ),
  ];
}

/** Services whose first pod has the same fault share a row. */
function poorRows(services: readonly ServiceStatus[]): Row[] {
  const key = ({ service, faults: [fault] }: ServiceStatus): string =>
    fault === undefined ? service : causeOf(service, fault);
  return [...new Set(services.map(key))].flatMap((cause) => {
    const alike = services.filter((service) => key(service) === cause);
    if (alike.length === 1) return alike.map(serviceRow);
    const text = alike[0]?.faults[0]?.text ?? "";
    return [poor("services", `${alike.map(countText).join(", ")}; ${text}`)];
  });
}

function serviceRow(service: ServiceStatus): Row {
  const { rolling, faults, updated, wanted, refused } = service;
  const notes = [
    ...(rolling ? [`${updated} of ${wanted ?? 0} new`] : []),
    ...(refused === undefined ? [] : [`pods are refused: ${refused}`]),
    ...faults.slice(0, 1).map(({ pod, text }) => `${pod}: ${text}`),
  ];
  return poor("services", [countText(service), ...notes].join("; "));
}

function entranceRows({ exists, targets, certificate }: Entrance): Row[] {
  if (!exists) return [poor("entrance", "no load balancer yet")];
  const isPoor = targets.some(({ healthy, registered }) => healthy === 0 || healthy < registered);
  const counts = targets
    .map(({ name, healthy, registered }) =>
      registered === 0 ? `${name} without a pod` : `${name} ${healthy} of ${registered} healthy`,
    )
    .join(", ");
  const notAfter = "known" in certificate ? certificate.known?.notAfter : undefined;
  const until = notAfter === undefined ? "" : `; certificate until ${notAfter}`;
  return [row("entrance", `${counts}${until}`, isPoor)];
}

function databaseRows({ identifier, budget, state }: DatabaseStatus): Row[] {
  return fromFact("database", state, ({ status, connections, restorableTo }) => {
    if (status === undefined) return [poor("database", `${identifier} is not made yet`)];
    const measured = "known" in connections ? connections.known : undefined;
    const used = measured === undefined ? "" : `, ${measured} of ${budget} planned connections`;
    const restorable = restorableTo === undefined ? "" : `, restorable to ${minuteOf(restorableTo)}`;
    return [row("database", `${identifier} ${status}${used}${restorable}`, status !== "available")];
  });
}

function nodeRows(pools: readonly PoolStatus[]): Row[] {
  const counts = pools.map(({ name, exists, ready, notReady, fewest, most }) => {
    if (!exists) return `${name} missing`;
    const planned = ready + notReady.length < fewest ? `${fewest}, ` : "";
    return `${name} ${ready}${notReady.length === 0 ? "" : ` and ${notReady.length} not ready`} of ${planned}at most ${most}`;
  });
  return [
    row(
      "nodes",
      counts.join(", "),
      pools.some(({ exists, notReady, ready, fewest }) => !exists || notReady.length > 0 || ready < fewest),
    ),
  ];
}

/** Width of the labels. */
const LABEL = 10;

/** The screen as text. */
export function statusText(status: Status, phase: Phase, commands: readonly string[]): string {
  const { environment, retoolVersion, url, at } = status;
  const paint = phase.state === "settled" ? colors().green : colors().yellow;
  return [
    `${paint(wrap(`${environment}: ${phase.says}`))}\n`,
    `${wrap(`Retool ${retoolVersion} at ${url}; ${at.slice(11, 19)} UTC`)}\n\n`,
    `${rowsOf(status).map(rowLine).join("\n")}\n`,
    section("The same by hand", commands.map(commandLines)),
  ].join("");
}

function rowLine({ label, text, isPoor }: Row): string {
  const line = wrap(text, `${isPoor ? "!" : " "} ${label.padEnd(LABEL)} `);
  return isPoor ? colors().yellow(line) : line;
}
