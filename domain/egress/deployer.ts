import { awsPartition } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import { HTTPS_PORT } from "./hosts";
import { type EgressDestination, type EgressRule, formatDestination } from "./rules";

/** AWS services that Terraform calls, by the names of their endpoints in the region. */
const REGIONAL = [
  "acm",
  "autoscaling",
  "backup",
  "ec2",
  "eks",
  "elasticloadbalancing",
  "events",
  "kms",
  "logs",
  "monitoring",
  "network-firewall",
  "rds",
  "route53resolver",
  "s3",
  "secretsmanager",
  "servicequotas",
  "sns",
  "sqs",
  "ssm",
  "sts",
  "tagging",
  "wafv2",
];

/** Services with one endpoint for a whole partition. */
const GLOBAL = ["iam", "route53"];

/**
 * Where Terraform finds providers and fetches them; those of this product are HashiCorp's.
 *
 * Source: https://developer.hashicorp.com/terraform/internals/provider-registry-protocol
 */
const PROVIDERS = ["registry.terraform.io", "releases.hashicorp.com"];

/** What Terraform calls in the region of copies: the vault and its key. Secrets are replicated by their own region's API. */
const OF_COPIES = ["backup", "kms", "sts"];

/** What Terraform calls in the region of query logs. */
const OF_QUERY_LOGS = ["logs", "sts"];

/** What decides which further hosts the machine that deploys calls. */
export interface DeployerChoice {
  /** Second region, of `backup.copyTo`. */
  readonly copyRegion: string | undefined;
  /** Region of Route 53's query logs, where it is another than the environment's. */
  readonly queryLogRegion: string | undefined;
  /** Whether the cluster is reached by a session on a bastion. */
  readonly bastion: boolean;
}

/**
 * Rules of the machine that deploys: AWS's APIs in every region that a provider has, the cluster's, and the hosts of Terraform's
 * providers. No firewall of the environment lists what only that machine calls, unless `egress.runner` says that it stands in the VPC.
 */
export function deployerRules(
  { region }: Pick<EnvironmentContext, "region">,
  endpoints: readonly string[] = [],
  choice?: DeployerChoice,
): EgressRule[] {
  const suffix = awsPartition(region) === "aws-us-gov" ? "us-gov.amazonaws.com" : "amazonaws.com";
  const regional = `${region}.amazonaws.com`;
  return [
    ...REGIONAL.map((service) => regionalRule(service, region, endpoints)),
    ...(choice === undefined ? [] : furtherRules(region, endpoints, choice)),
    deployerRule({ kind: "subdomains", domain: `s3.${regional}` }),
    deployerRule({ kind: "subdomains", domain: `${region}.eks.amazonaws.com` }),
    ...GLOBAL.map((service) => deployerRule({ kind: "host", host: `${service}.${suffix}` })),
    ...PROVIDERS.map((host) => ({
      ...deployerRule({ kind: "host", host }),
      reason: "Fetches Terraform's providers",
      document: "https://developer.hashicorp.com/terraform/internals/provider-registry-protocol",
    })),
  ];
}

/** Rules for other regions, and for the session on a bastion. */
function furtherRules(
  region: string,
  endpoints: readonly string[],
  { copyRegion, queryLogRegion, bastion }: DeployerChoice,
): EgressRule[] {
  return [
    ...(copyRegion === undefined ? [] : OF_COPIES.map((service) => regionalRule(service, copyRegion))),
    ...(queryLogRegion === undefined ? [] : OF_QUERY_LOGS.map((service) => regionalRule(service, queryLogRegion))),
    ...(bastion
      ? [
          {
            ...regionalRule("ssmmessages", region, endpoints),
            reason: "Opens sessions on the bastion",
            document: "https://docs.aws.amazon.com/general/latest/gr/ssm.html",
          },
        ]
      : []),
  ];
}

function regionalRule(service: string, region: string, endpoints: readonly string[] = []): EgressRule {
  return {
    ...deployerRule({ kind: "host", host: `${service}.${region}.amazonaws.com` }),
    route: endpoints.includes(service) ? "endpoint" : "internet",
  };
}

function deployerRule(destination: EgressDestination): EgressRule {
  return {
    id: `deployer/${formatDestination(destination)}`,
    sources: ["deployer"],
    destination,
    port: HTTPS_PORT,
    application: "tls",
    route: "internet",
    reason: "Makes and reads what Terraform manages",
    document: "https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html",
    inferred: false,
    required: false,
  };
}
