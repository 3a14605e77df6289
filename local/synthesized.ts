import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { PROJECT } from "./paths";

type Stack = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined>>;

const fileOf = (environment: string): string => join(PROJECT, "cdktf.out", "stacks", environment, "cdk.tf.json");

/** Whether the stack of an environment has been synthesized. */
export function isSynthesized(environment: string): boolean {
  return existsSync(fileOf(environment));
}

function resourcesOf(environment: string): NonNullable<Stack[string]> {
  return (JSON.parse(readFileSync(fileOf(environment), "utf8")) as Stack)["resource"] ?? {};
}

/** Addresses of the resources of a synthesized stack. */
export function resourceAddresses(environment: string): string[] {
  return Object.entries(resourcesOf(environment)).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => `${type}.${name}`),
  );
}

/** The AWS resources among addresses. */
export function awsOnly(addresses: readonly string[]): string[] {
  return addresses.filter((address) => address.startsWith("aws_"));
}

/** Number of resources of each AWS service, by Terraform's own naming: `aws_<service>_...`. */
export function countByService(addresses: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const address of addresses) {
    const service = serviceOf(address);
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return new Map([...counts].sort(([left], [right]) => left.localeCompare(right)));
}

/** Names of services whose resource types do not start with the service's own name. */
const SERVICES: readonly (readonly [RegExp, string])[] = [
  [/^aws_route53/, "Route 53"],
  [
    /^aws_(vpc|subnet|route|nat|eip|internet_gateway|security_group|default_|launch_template|flow_log|ec2|network_acl|egress)/,
    "VPC and EC2",
  ],
  [/^aws_(lb|alb)/, "Elastic Load Balancing"],
  [/^aws_(db|rds)/, "RDS"],
  [/^aws_eks/, "EKS"],
  [/^aws_iam/, "IAM"],
  [/^aws_s3/, "S3"],
  [/^aws_kms/, "KMS"],
  [/^aws_acm/, "ACM"],
  [/^aws_secretsmanager/, "Secrets Manager"],
  [/^aws_sqs/, "SQS"],
  [/^aws_cloudwatch_event/, "EventBridge"],
  [/^aws_cloudwatch/, "CloudWatch"],
  [/^aws_wafv2/, "WAF"],
  [/^aws_networkfirewall/, "Network Firewall"],
  [/^aws_backup/, "Backup"],
  [/^(helm|kubernetes)_/, "Kubernetes"],
];

function serviceOf(address: string): string {
  return SERVICES.find(([pattern]) => pattern.test(address))?.[1] ?? address.split("_")[1] ?? address;
}
