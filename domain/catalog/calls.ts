import { CATALOG } from "./catalog";
import type { ComponentPort, RetoolComponent } from "./row";
import { RETOOL_COMPONENTS, servicesThatNeed } from "./lookup";
import type { Call } from "./row";

/** One connection inside the cluster that Retool needs: who opens it, to whom, on which port, and why. */
export interface Arrow {
  /** Component whose pods open the connection. */
  readonly from: RetoolComponent;
  /** Component whose pods accept it. */
  readonly to: RetoolComponent;
  /** Port of the accepting pods. */
  readonly port: ComponentPort;
  /** What it is for. */
  readonly reason: string;
  /** Whether Retool's documents and the chart leave it open, so that it is our conclusion. */
  readonly inferred: boolean;
}

/** Components into which the chart writes the address of Temporal; Retool's documents name `api` and `workflow-worker`. */
export const TEMPORAL_CLIENTS: readonly RetoolComponent[] = servicesThatNeed("temporal");

const TO_TEMPORAL: Call = {
  to: "temporal-frontend",
  ports: ["rpc"],
  reason: "Starts workflows and takes their tasks",
};

/** Every connection inside the cluster between components that are installed. */
export function arrowsBetween(components: readonly RetoolComponent[]): Arrow[] {
  const installed = new Set(components);
  const arrows = RETOOL_COMPONENTS.filter((from) => installed.has(from)).flatMap(arrowsFrom);
  return arrows.filter(({ to }) => installed.has(to));
}

function arrowsFrom(from: RetoolComponent): Arrow[] {
  const { calls, needs } = CATALOG[from];
  return [...calls, ...(needs.includes("temporal") ? [TO_TEMPORAL] : [])].flatMap((call) =>
    arrowsOf(from, typeof call === "string" ? { to: call, reason: CATALOG[call].serves } : call),
  );
}

function arrowsOf(from: RetoolComponent, { to, reason, ports, inferred = false }: Call): Arrow[] {
  return Object.entries(CATALOG[to].ports)
    .filter(([name]) => ports?.includes(name) ?? true)
    .map(([, port]) => ({ from, to, port, reason, inferred }));
}
