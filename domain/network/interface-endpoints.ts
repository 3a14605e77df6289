import { nearest } from "../common/nearest";
import { quote } from "../common/quote";
import type { Problem, Violation } from "../common/violation";
import type { NatStrategy, NetworkPlan } from "./spec";

/**
 * Endpoints of an environment with NAT.
 *
 * An interface endpoint costs $7.30 a month and zone and $0.01 a GB, NAT $0.045 a GB: below 208 GB a month and zone an
 * endpoint costs more than it saves, and no AWS API that this stack calls moves that much. What does, S3 and the image
 * layers it holds, goes through the gateway endpoint, which is free. Only `eks-auth` is worth its price: it hands pods
 * their credentials, so a Retool that runs keeps its database and its bucket while the way out is down.
 */
export const ENDPOINTS_WITH_NAT = ["eks-auth"];

/** Endpoints of an environment without NAT: nodes cannot join, scale, pull images, log or be reached by people without them. */
export const ENDPOINTS_WITHOUT_NAT = [
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "secretsmanager",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
];

/**
 * Services with an interface endpoint in many regions, by their short names; any other is accepted by its whole name.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
const KNOWN_ENDPOINTS: readonly string[] = [
  ...ENDPOINTS_WITHOUT_NAT,
  ..."access-analyzer account acm acm-pca airflow.api airflow.env aoss apigateway appconfig appconfigdata".split(" "),
  ..."application-autoscaling appmesh apprunner appstream.api appsync-api aps aps-workspaces athena".split(" "),
  ..."auditmanager autoscaling autoscaling-plans backup batch bedrock bedrock-agent bedrock-agent-runtime".split(" "),
  ..."bedrock-runtime billing budgets cassandra cloudcontrolapi clouddirectory cloudformation cloudhsmv2".split(" "),
  ..."cloudtrail codeartifact.api codeartifact.repositories codebuild codecommit codedeploy codepipeline".split(" "),
  ..."cognito-idp comprehend config connect data-servicediscovery databrew dataexchange datasync dms".split(" "),
  ..."ds dynamodb ebs ec2messages ecs ecs-agent ecs-telemetry elasticache elasticbeanstalk".split(" "),
  ..."elasticfilesystem elasticmapreduce email email-smtp emr-containers emr-serverless events execute-api".split(" "),
  ..."evidently fis forecast frauddetector fsx git-codecommit glue grafana grafana-workspace".split(" "),
  ..."guardduty guardduty-data healthlake identitystore imagebuilder inspector2 iot.data kendra".split(" "),
  ..."kinesis-firehose kinesis-streams kinesisanalytics lakeformation lambda lex.runtime macie2 mediaconnect".split(
    " ",
  ),
  ..."memory-db monitoring mq neptune-graph network-firewall networkmonitor organizations personalize".split(" "),
  ..."pi pipes polly private-networks qldb.session quicksight-website ram rds rds-data redshift".split(" "),
  ..."redshift-data redshift-serverless rekognition resource-groups robomaker rolesanywhere rum rum-dataplane".split(
    " ",
  ),
  ..."s3-outposts sagemaker.api sagemaker.featurestore-runtime sagemaker.metrics sagemaker.runtime".split(" "),
  ..."scheduler schemas securityhub servicecatalog servicediscovery servicequotas signer sns".split(" "),
  ..."ssm-contacts ssm-incidents sso states storagegateway swf synthetics tagging textract".split(" "),
  ..."timestream.ingest-cell1 timestream.query-cell1 transcribe transfer transfer.server translate".split(" "),
  ..."trustedadvisor verifiedpermissions vpc-lattice wafv2 wellarchitected workmail workspaces xray".split(" "),
];

/** Long names that are easily misspelt; shorter ones, such as `sns` and `sqs`, are too much alike to tell. */
const SHORTEST_TYPO = 6;

/** Encrypted by modules that NIST validated: the same services in the regions that have them. */
const FIPS = /-fips$/;

/** The short name of an endpoint service, by which hosts and policies are found, of one that is given by its whole name. */
export function shortEndpointName(service: string, region: string): string {
  const whole = `com.amazonaws.${region}.`;
  return service.startsWith(whole) ? service.slice(whole.length) : service;
}

/** Finds what has no interface endpoint; a whole name is taken as it is, if it is one of the environment's region. */
function endpointProblem(service: string, region: string): Problem | undefined {
  const name = shortEndpointName(service, region);
  if (!/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(name) || name.startsWith("com.amazonaws"))
    return {
      problem: `${quote(service)} is not the name of an endpoint service in ${region}`,
      remedy: `use a short name such as "ecr.api", or a whole one that begins with "com.amazonaws.${region}."`,
    };
  const isKnown = name !== service || name === "s3" || KNOWN_ENDPOINTS.includes(name.replace(FIPS, ""));
  return isKnown ? undefined : unknownProblem(name, region);
}

function unknownProblem(name: string, region: string): Problem {
  const meant = name.length < SHORTEST_TYPO ? undefined : nearest(name, KNOWN_ENDPOINTS);
  const whole = `use the whole name that aws ec2 describe-vpc-endpoint-services shows, such as "com.amazonaws.${region}.sts"`;
  return {
    problem: `${quote(name)} is not a known endpoint service`,
    remedy: meant === undefined ? whole : `use "${meant}"`,
  };
}

/** Finds endpoints that there are not, that are free anyway, and those without which nothing is reached. */
export function endpointViolations(
  { nat, interfaceEndpoints, region }: Pick<NetworkPlan, "nat" | "interfaceEndpoints" | "region">,
  given: readonly string[] = interfaceEndpoints,
): Violation[] {
  const path = "network.interfaceEndpoints";
  const gateway = interfaceEndpoints
    .filter((service) => service === "s3")
    .map((service) => ({
      path,
      problem: `"${service}" already has a gateway endpoint, which is free`,
      remedy: "remove it",
    }));
  const repeated = interfaceEndpoints
    .filter((service, index) => interfaceEndpoints.indexOf(service) < index)
    .map((service) => ({ path, problem: `"${service}" is listed twice`, remedy: "list it once" }));
  return [
    ...given.flatMap((service) => {
      const problem = endpointProblem(service, region);
      return problem === undefined ? [] : [{ path, ...problem }];
    }),
    ...gateway,
    ...repeated,
    ...missingViolations(nat, interfaceEndpoints, path),
  ];
}

function missingViolations(nat: NatStrategy, given: readonly string[], path: string): Violation[] {
  const missing = nat === "none" ? ENDPOINTS_WITHOUT_NAT.filter((service) => !given.includes(service)) : [];
  if (missing.length === 0) return [];
  const names = missing.map((service) => `"${service}"`).join(", ");
  return [
    {
      path,
      problem: `${names} ${missing.length === 1 ? "is" : "are"} missing, and without NAT not reachable otherwise`,
      remedy: `add ${names}, or set network.nat to "per-zone"`,
    },
  ];
}
