import type { JsonObject } from "../common/kubernetes";
import { SYSTEM_NODE_LABELS, SYSTEM_TOLERATION } from "./system-nodes";

/** Where the controller runs, and under which name. */
export const loadBalancerController = {
  /** Name of the release and of its service account. */
  name: "aws-load-balancer-controller",
  /** Namespace of the release. */
  namespace: "kube-system",
  /** Seconds that its installation may take. */
  timeoutSeconds: 600,
} as const;

/** What the controller must know of its surroundings. */
export interface ControllerSurroundings {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Region of the cluster; pods cannot ask the instance for it. */
  readonly region: string;
  /** VPC of the cluster; pods cannot ask the instance for it. */
  readonly vpcId: string;
}

/**
 * Features that make load balancers, target groups or rules.
 *
 * Terraform owns all of those, and the controller's role could not make one.
 */
const FEATURES_OFF = {
  ALBGatewayAPI: false,
  EnableServiceController: false,
  GlobalAcceleratorController: false,
  NLBGatewayAPI: false,
} as const;

/** Values of the chart: two replicas that bind pods to target groups, and nothing else. */
export function loadBalancerControllerValues(surroundings: ControllerSurroundings): JsonObject {
  return {
    ...surroundings,
    replicaCount: 2,
    serviceAccount: { create: true, name: loadBalancerController.name },
    nodeSelector: SYSTEM_NODE_LABELS,
    tolerations: [SYSTEM_TOLERATION],
    podDisruptionBudget: { maxUnavailable: 1 },
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    defaultTargetType: "ip",
    // Services would wait for this webhook to be created at all, and none of ours asks for a load balancer.
    enableServiceMutatorWebhook: false,
    // Otherwise each upgrade makes another certificate, which the replicas that are still running do not have.
    keepTLSSecret: true,
    createIngressClassResource: false,
    ingressClassParams: { create: false },
    webhookConfig: { disableIngressValidation: true },
    enableBackendSecurityGroup: false,
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
    controllerConfig: { featureGates: FEATURES_OFF },
  };
}

/** One statement of the controller's policy. */
export interface ControllerStatement {
  /** Name of the statement. */
  readonly Sid: string;
  /** What is allowed. */
  readonly Action: readonly string[];
  /** On what. */
  readonly Resource: "*" | readonly string[];
}

/**
 * What the controller calls to keep pods in existing target groups: six actions of the 86 in its published policy.
 *
 * Read in its source, version 3.5.0: `pkg/targetgroupbinding` registers, deregisters and lists targets and asks for the
 * VPC's ranges; the admission webhook describes the target group; `pkg/networking` looks for security groups it once
 * changed, of which there are none. `Describe` calls know no resource.
 *
 * @param targetGroupArns - Target groups it may change.
 */
export function loadBalancerControllerStatements(targetGroupArns: readonly string[]): ControllerStatement[] {
  return [
    {
      Sid: "SeeTargetsAndNetwork",
      Action: [
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "ec2:DescribeVpcs",
        "ec2:DescribeSecurityGroups",
      ],
      Resource: "*",
    },
    {
      Sid: "BindPods",
      Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      Resource: targetGroupArns,
    },
  ];
}
