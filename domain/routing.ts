import type { HostnamesPlan } from "./hostnames";

/** A Kubernetes Service behind the load balancer, and how its pods' health is asked for. */
export interface TargetPlan {
  /** Short name. */
  readonly name: TargetName;
  /** Kubernetes Service whose pods are registered. */
  readonly serviceName: string;
  /** Port of that Service. */
  readonly servicePort: number;
  /** Port of the containers, to which the load balancer connects. */
  readonly containerPort: number;
  /** Path that answers 200 while the pod is healthy. */
  readonly healthPath: string;
  /** Seconds that requests in flight have once a pod is asked to stop. */
  readonly deregistrationDelaySeconds: number;
  /** Prefix of the target group's name, at most six characters. */
  readonly namePrefix: string;
}

/** Names of the targets. */
export type TargetName = "retool" | "sandbox-proxy";

/** A rule of the HTTPS listener: requests that match go to a target. */
export interface RulePlan {
  /** Order among the rules; the lowest is asked first. */
  readonly priority: number;
  /** Hosts, any of which matches. */
  readonly hosts: readonly string[];
  /** Target of what matches. */
  readonly target: TargetName;
}

/** The listener's targets and rules; what no rule matches goes to Retool. */
export interface RoutingPlan {
  /** Targets, Retool first. */
  readonly targets: readonly TargetPlan[];
  /** Rules, in order. */
  readonly rules: readonly RulePlan[];
}

/**
 * Retool's own pods.
 *
 * Once asked to stop they sleep 30 s, finish what is in flight within six minutes, and are killed after 391 s. So the
 * target group lets go of them after those six minutes, while they still answer.
 */
const RETOOL: TargetPlan = {
  name: "retool",
  serviceName: "retool",
  servicePort: 3000,
  containerPort: 3000,
  healthPath: "/api/checkHealth",
  deregistrationDelaySeconds: 360,
  namePrefix: "retool",
};

/** The proxy in front of agent sandboxes; its pods sleep 5 s and are killed after 30 s. */
const SANDBOX_PROXY: TargetPlan = {
  name: "sandbox-proxy",
  serviceName: "retool-agent-sandbox-proxy",
  servicePort: 3019,
  containerPort: 3019,
  healthPath: "/health",
  deregistrationDelaySeconds: 25,
  namePrefix: "sbxprx",
};

/** Derives targets and rules from the host names. */
export function planRouting({ sandboxProxyHost }: HostnamesPlan): RoutingPlan {
  if (sandboxProxyHost === undefined) return { targets: [RETOOL], rules: [] };
  return {
    targets: [RETOOL, SANDBOX_PROXY],
    rules: [{ priority: 10, hosts: [sandboxProxyHost], target: "sandbox-proxy" }],
  };
}
