import type { JsonObject } from "../../../domain/common/kubernetes";
import {
  loadBalancerControllerStatements,
  loadBalancerControllerValues,
} from "../../../domain/cluster/load-balancer-controller";
import { unknownValues } from "../../support/contracts";
import { evaluate } from "../../support/iam-evaluator";

const surroundings = { clusterName: "retool-prod", region: "us-east-1", vpcId: "vpc-1" };
const values = (): JsonObject => loadBalancerControllerValues(surroundings);

const OURS = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/retool-prod/0123456789abcdef";
const FOREIGN = OURS.replace("retool-prod", "shop");
const policy = (): string =>
  JSON.stringify({
    Statement: loadBalancerControllerStatements([OURS]).map((statement) => ({ Effect: "Allow", ...statement })),
  });
const decide = (action: string, resource: string): string => evaluate(policy(), { action, resource, context: {} });

describe("loadBalancerControllerValues", () => {
  test("name the cluster, its region and VPC, which a pod behind one hop cannot ask the instance for", () => {
    expect(values()).toMatchObject(surroundings);
  });

  test("keep the certificate of the webhook over upgrades and stay out of the way of Services", () => {
    expect(values()).toMatchObject({ keepTLSSecret: true, enableServiceMutatorWebhook: false });
  });

  test("switch off everything that would make a load balancer, a rule or a class", () => {
    expect(values()).toMatchObject({
      createIngressClassResource: false,
      ingressClassParams: { create: false },
      webhookConfig: { disableIngressValidation: true },
      enableBackendSecurityGroup: false,
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
      controllerConfig: {
        featureGates: {
          ALBGatewayAPI: false,
          EnableServiceController: false,
          GlobalAcceleratorController: false,
          NLBGatewayAPI: false,
        },
      },
    });
  });

  test("run two replicas on system nodes, one of which survives a drain", () => {
    expect(values()).toMatchObject({
      replicaCount: 2,
      nodeSelector: { "karpenter.sh/controller": "true" },
      tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
      podDisruptionBudget: { maxUnavailable: 1 },
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      serviceAccount: { create: true, name: "aws-load-balancer-controller" },
      defaultTargetType: "ip",
    });
  });
});

describe("the values of the load balancer controller", () => {
  test("set keys that the chart has", () => {
    expect(unknownValues("aws-load-balancer-controller-3.5.0", values())).toEqual([]);
  });
});

describe("loadBalancerControllerStatements", () => {
  test("names its statements", () => {
    expect(loadBalancerControllerStatements([OURS]).map(({ Sid }) => Sid)).toEqual([
      "SeeTargetsAndNetwork",
      "BindPods",
    ]);
  });

  test.each(["RegisterTargets", "DeregisterTargets"])("%s: on its own target groups only", (name) => {
    expect(decide(`elasticloadbalancing:${name}`, OURS)).toBe("Allow");
    expect(decide(`elasticloadbalancing:${name}`, FOREIGN)).toBe("None");
  });

  test.each([
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "ec2:DescribeVpcs",
    "ec2:DescribeSecurityGroups",
  ])("%s: anywhere, since it knows no resource", (action) => {
    expect(decide(action, "*")).toBe("Allow");
  });

  test.each([
    "elasticloadbalancing:CreateLoadBalancer",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:SetSecurityGroups",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateSecurityGroup",
    "ec2:CreateTags",
    "acm:ListCertificates",
    "wafv2:AssociateWebACL",
    "iam:CreateServiceLinkedRole",
  ])("%s: never", (action) => {
    expect(decide(action, OURS)).toBe("None");
    expect(decide(action, "*")).toBe("None");
  });
});
