import type { Resource } from "./diagram-graph";

/** Kind of a box, which gives it its colour. */
export type Look = "outside" | "network" | "compute" | "pods" | "data" | "security" | "operations";

/** A box of the picture: what it stands for, and which resources it holds. */
export interface PartRule {
  /** Short name, unique in the picture. */
  readonly id: string;
  /** Heading. */
  readonly title: string;
  /** Frame around it. */
  readonly frame: string;
  /** Colour. */
  readonly look: Look;
  /** Matches `<type> <path>` of the resources it holds; the first rule that matches wins. */
  readonly holds: RegExp;
  /** What to say about them; broken into lines behind commas. */
  readonly note?: (own: readonly Resource[]) => string;
}

/** Boxes in the order of precedence; one without resources is not drawn. */
export const PART_RULES: readonly PartRule[] = [
  {
    id: "dns-firewall",
    title: "DNS Firewall",
    frame: "account",
    look: "security",
    holds: /^aws_route53_resolver_/,
    note: () => "names that are known",
  },
  {
    id: "firewall",
    title: "Network Firewall",
    frame: "vpc",
    look: "security",
    holds: /^aws_networkfirewall_|^aws_(route|route_table|route_table_association|subnet) .*\/Foundation\/Firewall\//,
    note: () => "enforces names",
  },
  { id: "waf", title: "WAF", frame: "account", look: "security", holds: /^aws_wafv2_/ },
  {
    id: "dns",
    title: "Route 53",
    frame: "account",
    look: "network",
    holds: /^aws_route53_|\/Entrance\/Zone\//,
    note: (own) => own.flatMap(({ body }) => (body["type"] === "A" ? [String(body["name"])] : [])).join(", "),
  },
  {
    id: "certificate",
    title: "ACM certificate",
    frame: "account",
    look: "security",
    holds: /^aws_acm_/,
    note: certificateNote,
  },
  {
    id: "nat",
    title: "NAT gateways",
    frame: "exit",
    look: "network",
    holds: /^aws_(nat_gateway|eip) /,
    note: () => "fixed addresses",
  },
  {
    id: "keys",
    title: "KMS",
    frame: "account",
    look: "security",
    holds: /^aws_kms_/,
    note: () => "encryption at rest",
  },
  {
    id: "backup",
    title: "AWS Backup",
    frame: "account",
    look: "operations",
    holds: /\/Backup\//,
    note: () => "daily copies",
  },
  {
    id: "interruptions",
    title: "EventBridge, SQS",
    frame: "account",
    look: "operations",
    holds: /\/InterruptionQueue\//,
    note: () => "interruptions of nodes",
  },
  {
    id: "logs",
    title: "CloudWatch Logs",
    frame: "account",
    look: "operations",
    holds: /^aws_(cloudwatch_log_group|flow_log) |\/FlowLogs\//,
    note: () => "audit, network",
  },
  {
    id: "balancer",
    title: "Load balancer",
    frame: "public",
    look: "network",
    holds: / Retool\/Entrance\//,
    note: (own) => (bodyOf(own, "aws_lb")["internal"] === true ? "ALB, internal, HTTPS" : "ALB, HTTPS"),
  },
  {
    id: "endpoints",
    title: "VPC endpoints",
    frame: "vpc",
    look: "network",
    holds: /\/Foundation\/Endpoints\/|\/S3Endpoint$/,
    note: (own) =>
      own.flatMap(({ type, path }) => (type === "aws_vpc_endpoint" ? [endpointName(path)] : [])).join(", "),
  },
  {
    id: "control-plane",
    title: "Control plane",
    frame: "cluster",
    look: "compute",
    holds: /\/Cluster\/(ControlPlane|Addons\w+|SystemPolicies)\//,
    note: (own) => `Kubernetes ${String(bodyOf(own, "aws_eks_cluster")["version"])}`,
  },
  {
    id: "karpenter",
    title: "Karpenter",
    frame: "system",
    look: "compute",
    holds: /\/Nodes\/(Karpenter|KarpenterNodes|Pools)\//,
    note: () => "adds and removes nodes",
  },
  {
    id: "controller",
    title: "LB controller",
    frame: "system",
    look: "compute",
    holds: /\/Nodes\/LoadBalancerController\/|\/Namespace\/Bindings\//,
    note: () => "registers pods as targets",
  },
  {
    id: "database",
    title: "RDS for PostgreSQL",
    frame: "databases",
    look: "data",
    holds: /\/Database\//,
    note: databaseNote,
  },
  {
    id: "storage",
    title: "S3",
    frame: "account",
    look: "data",
    holds: /\/(BlobStorage|BlobAccess)\//,
    note: () => "apps, Git, snapshots",
  },
  {
    id: "secrets",
    title: "Secrets Manager",
    frame: "account",
    look: "security",
    holds: /\/Secrets\//,
    note: () => "keys, passwords",
  },
  {
    id: "code",
    title: "Code execution",
    frame: "pool-code-execution",
    look: "pods",
    holds: policies("CodeExecutor|JsExecutor"),
    note: policyNames,
  },
  {
    id: "proxy",
    title: "Sandbox control",
    frame: "pool-retool",
    look: "pods",
    holds: policies("SandboxProxy|SandboxController"),
    note: policyNames,
  },
  {
    id: "sandboxes",
    title: "Agent sandboxes",
    frame: "pool-sandbox",
    look: "pods",
    holds: policies("Sandbox"),
    note: () => "one pod per sandbox",
  },
  {
    id: "retool",
    title: "Retool",
    frame: "pool-retool",
    look: "pods",
    holds: /\/Namespace\//,
    note: policyNames,
  },
];

/** What a frame stands for and needs no box. */
export const FRAME_RULES: readonly Pick<PartRule, "id" | "holds">[] = [
  { id: "vpc", holds: /\/Foundation\/Network\// },
  { id: "system", holds: /\/Cluster\/SystemNodes\// },
];

/** Arguments of the first resource of a type. */
export function bodyOf(own: readonly Resource[], type: string): Readonly<Record<string, unknown>> {
  return own.find((resource) => resource.type === type)?.body ?? {};
}

function certificateNote(own: readonly Resource[]): string {
  const { domain_name, subject_alternative_names } = bodyOf(own, "aws_acm_certificate");
  return [domain_name, ...((subject_alternative_names ?? []) as readonly string[])].join(", ");
}

function databaseNote(own: readonly Resource[]): string {
  const { engine_version, instance_class, multi_az } = bodyOf(own, "aws_db_instance");
  return [engine_version, instance_class, multi_az === true ? "Multi-AZ" : "one zone"].join(", ");
}

function endpointName(path: string): string {
  const name = path.split("/").at(-1) ?? "";
  return name === "S3Endpoint" ? "s3" : name;
}

/** Pods are no resources of Terraform; each kind of them has a NetworkPolicy that is. */
function policies(names: string): RegExp {
  return new RegExp(`^kubernetes_network_policy_v1 .*/NetworkPolicies/Retool(${names})$`);
}

function policyNames(own: readonly Resource[]): string {
  return own
    .filter(({ type }) => type === "kubernetes_network_policy_v1")
    .map(({ body }) => (body["metadata"] as { readonly name: string }).name.replace(/^retool-/, ""))
    .filter((name) => name !== "default-deny")
    .join(", ");
}
