import semver from "semver";

import type { HostnamesPlan } from "./hostnames";

/** The release that binds Services to target groups. */
export const targetGroupBindings = {
  /** Name of the release. */
  name: "target-group-bindings",
  /** Seconds that an operation may take: uninstalling waits until the controller has taken every pod out of its target group. */
  timeoutSeconds: 600,
} as const;

/** Names of the targets. */
export type TargetName = "retool" | "sandbox-proxy" | "multiplayer" | "mcp" | "oauth-metadata";

/** How often the load balancer asks a pod for its health, and what it makes of the answers. */
export interface HealthCheckPlan {
  /** Seconds between two questions. */
  readonly intervalSeconds: number;
  /** Seconds after which no answer is a failure. */
  readonly timeoutSeconds: number;
  /** Answers in a row that make a pod healthy. */
  readonly healthyThreshold: number;
  /** Failures in a row that make it unhealthy. */
  readonly unhealthyThreshold: number;
}

/** A Kubernetes Service behind the load balancer, and how its pods' health is asked for. */
export interface TargetPlan {
  /** Short name. */
  readonly name: string;
  /** Kubernetes Service whose pods are registered. */
  readonly serviceName: string;
  /** Port of that Service. */
  readonly servicePort: number;
  /** Port of the containers, to which the load balancer connects. */
  readonly containerPort: number;
  /** Port of the containers that answers when asked for their health. */
  readonly healthPort: number;
  /** Path that answers 200 while the pod is healthy. */
  readonly healthPath: string;
  /** How often it is asked. */
  readonly healthCheck: HealthCheckPlan;
  /** Seconds that requests in flight have once a pod is asked to stop. */
  readonly deregistrationDelaySeconds: number;
  /** Prefix of the target group's name, at most six characters; AWS's provider generates the rest. */
  readonly namePrefix: string;
  /** Whole name of the target group, where the organization decides how names begin: the prefix has no room for it. */
  readonly groupName?: string;
}

/** A rule of the HTTPS listener: requests that match go to a target. */
export interface RulePlan {
  /** Order among the rules; the lowest is asked first. */
  readonly priority: number;
  /** Hosts, any of which matches; any host where the list is empty. */
  readonly hosts: readonly string[];
  /** Patterns of paths, any of which matches; any path where the list is empty. */
  readonly paths: readonly string[];
  /** Name of the target of what matches. */
  readonly target: string;
}

/** The listener's targets and rules; what no rule matches goes to the first target. */
export interface RoutingPlan {
  /** Targets; of Retool its main Service first. */
  readonly targets: readonly TargetPlan[];
  /** Rules, in order. */
  readonly rules: readonly RulePlan[];
}

/** Parts of Retool that have their own paths. */
export interface RoutedFeatures {
  /**
   * Whether several people edit a classic app at the same time.
   *
   * @default false
   */
  readonly multiplayer?: boolean;

  /**
   * Whether MCP clients may connect.
   *
   * @default false
   */
  readonly mcp?: boolean;

  /**
   * Version of Retool; from 4.0.7 on its main Service hands requests to the MCP server itself.
   *
   * @default - 4.0.7 or later
   */
  readonly retoolVersion?: string;
}

/** First version whose main Service answers for the MCP server. Source: comments of the chart's values, 6.11.21. */
const MCP_BEHIND_RETOOL = "4.0.7";

/** A pod gets requests 20 s after it is ready, and none 30 s after it stopped answering. */
export const HEALTH_CHECK: HealthCheckPlan = {
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
};

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
  healthPort: 3000,
  healthPath: "/api/checkHealth",
  healthCheck: HEALTH_CHECK,
  deregistrationDelaySeconds: 360,
  namePrefix: "retool",
};

/** The proxy in front of agent sandboxes; its pods sleep 5 s and are killed after 30 s. */
const SANDBOX_PROXY: TargetPlan = {
  name: "sandbox-proxy",
  serviceName: "retool-agent-sandbox-proxy",
  servicePort: 3019,
  containerPort: 3019,
  healthPort: 3019,
  healthPath: "/health",
  healthCheck: HEALTH_CHECK,
  deregistrationDelaySeconds: 25,
  namePrefix: "sbxprx",
};

/** The WebSocket server of classic apps; its pods have Kubernetes' own 30 s. */
const MULTIPLAYER: TargetPlan = {
  name: "multiplayer",
  serviceName: "retool-multiplayer-ws",
  servicePort: 80,
  containerPort: 3001,
  healthPort: 3001,
  healthPath: "/api/checkHealth",
  healthCheck: HEALTH_CHECK,
  deregistrationDelaySeconds: 25,
  namePrefix: "multip",
};

/** The MCP server; its pods have Kubernetes' own 30 s. */
const MCP: TargetPlan = {
  name: "mcp",
  serviceName: "retool-mcp",
  servicePort: 4010,
  containerPort: 4010,
  healthPort: 4010,
  healthPath: "/healthcheck",
  healthCheck: HEALTH_CHECK,
  deregistrationDelaySeconds: 25,
  namePrefix: "mcp",
};

/** A second port of Retool's own pods; their health is asked for at the first. */
const OAUTH_METADATA: TargetPlan = {
  ...RETOOL,
  name: "oauth-metadata",
  serviceName: "retool-backend-internal",
  servicePort: 3001,
  containerPort: 3001,
  namePrefix: "oauth",
};

/** Derives targets and rules from the host names and from what is switched on. */
export function planRouting({ sandboxProxyHost }: HostnamesPlan, features: RoutedFeatures = {}): RoutingPlan {
  const rules = [
    ...(sandboxProxyHost === undefined ? [] : [rule(10, SANDBOX_PROXY, [], [sandboxProxyHost])]),
    ...(features.multiplayer === true ? [rule(20, MULTIPLAYER, below("/api/multiplayer"))] : []),
    ...(hasMcpRules(features) ? MCP_RULES : []),
  ];
  const targets = new Set([RETOOL, ...rules.map(({ target }) => target)]);
  return { targets: [...targets], rules: rules.map((each) => ({ ...each, target: each.target.name })) };
}

interface Rule extends Omit<RulePlan, "target"> {
  readonly target: TargetPlan;
}

const MCP_RULES: readonly Rule[] = [
  rule(30, OAUTH_METADATA, ["/.well-known/oauth-authorization-server"]),
  rule(31, MCP, ["/.well-known/oauth-protected-resource", ...below("/mcp")]),
];

function hasMcpRules({ mcp, retoolVersion = MCP_BEHIND_RETOOL }: RoutedFeatures): boolean {
  const release = semver.coerce(retoolVersion);
  return mcp === true && release !== null && semver.lt(release, MCP_BEHIND_RETOOL);
}

function rule(priority: number, target: TargetPlan, paths: readonly string[], hosts: readonly string[] = []): Rule {
  return { priority, target, paths, hosts };
}

/** A path and everything below it: a load balancer's patterns know no prefixes. */
function below(path: string): string[] {
  return [path, `${path}/*`];
}
