import { CATALOG } from "../catalog/catalog";
import { causeOf, type FaultKind, type PodFault, type ServiceStatus } from "../status/services";
import { type Finding, problem, warning } from "./finding";

const CHECK = "services";

/** What to do where pods do not run. */
export const POD_RUNBOOK = "docs/runbooks/restarts.md";

/** Minutes for which Karpenter may look for a node without anything being wrong. */
const NODE_MINUTES = 10;

/** A pod that does not do its work, and the service that it belongs to. */
interface PoorPod {
  readonly service: ServiceStatus["service"];
  readonly fault: PodFault;
}

/** Judges the pods that do not do their work; those with the same cause are one finding. */
export function podFindings(namespace: string, services: readonly ServiceStatus[]): Finding[] {
  const pods = services.flatMap(({ service, faults }) => faults.map((fault) => ({ service, fault })));
  const causes = [...new Set(pods.map(({ service, fault }) => causeOf(service, fault)))];
  return causes.map((cause) =>
    podFinding(
      namespace,
      pods.filter(({ service, fault }) => causeOf(service, fault) === cause),
    ),
  );
}

function podFinding(namespace: string, pods: readonly PoorPod[]): Finding {
  const [first] = [...pods].sort((one, other) => other.fault.minutes - one.fault.minutes);
  if (first === undefined) throw new Error("a finding about no pod");
  const { service, fault } = first;
  const { pod, kind, text, minutes } = fault;
  const { why, remedy, link } = ADVICE[kind];
  const setting = CATALOG[service].sizing?.setting ?? service;
  const waits = `${pods.length === 1 ? "has" : "have"} waited ${minutes} minutes for a node`;
  const found = {
    what: `${subjectOf(pods, pod)}${kind === "pending" ? ` ${waits}` : ""}: ${text}`,
    why,
    remedy: remedy(`-n ${namespace}`, pod, setting),
    link,
  };
  return kind === "pending" && minutes < NODE_MINUTES ? warning(CHECK, found) : problem(CHECK, found);
}

/** `api: pod <name>` of one, `3 pods (api 2, js-executor 1)` of more. */
function subjectOf(pods: readonly PoorPod[], first: string): string {
  const services = [...new Set(pods.map(({ service }) => service))];
  if (pods.length === 1) return `${services.join()}: pod ${first}`;
  const counts = services.map((name) => `${name} ${pods.filter(({ service }) => service === name).length}`);
  return `${pods.length} pods (${counts.join(", ")})`;
}

interface Advice {
  readonly why: string;
  readonly remedy: (namespace: string, pod: string, setting: string) => string;
  readonly link: string;
}

const ADVICE: Readonly<Record<FaultKind, Advice>> = {
  pending: {
    why: "Karpenter launches a node within two minutes; where it cannot, the pod waits for ever",
    remedy: (namespace, pod) => `kubectl ${namespace} describe pod ${pod}; kubectl get nodeclaims -o wide`,
    link: "docs/runbooks/pods-pending.md",
  },
  image: {
    why: "the registry cannot be reached, or does not have the tag",
    remedy: (namespace, pod) =>
      `kubectl ${namespace} describe pod ${pod}; correct retoolVersion or retool.images, or open the registry's hosts`,
    link: "docs/guides/egress.md",
  },
  configuration: {
    why: "a Secret or a key of it is not there",
    remedy: (namespace, pod) =>
      `kubectl ${namespace} describe pod ${pod}; deploy again: Secrets are written before the pods`,
    link: "docs/guides/secrets.md",
  },
  crash: {
    why: "the process ends as soon as it starts",
    remedy: (namespace, pod) => `kubectl ${namespace} logs ${pod} --previous --tail=50`,
    link: POD_RUNBOOK,
  },
  memory: {
    why: "it takes more memory than its limit",
    remedy: (_namespace, _pod, setting) => `raise retool.${setting}.resources.memoryLimitMiB and deploy`,
    link: POD_RUNBOOK,
  },
  unready: {
    why: "it answers no health check: it waits for the database, for a migration, or for Temporal",
    remedy: (namespace, pod) => `kubectl ${namespace} logs ${pod} --tail=50`,
    link: "docs/runbooks/targets.md",
  },
};
