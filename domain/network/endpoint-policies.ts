/** One statement of an interface endpoint's policy. */
export interface InterfaceStatement {
  /** Name of the statement. */
  readonly Sid: string;
  /** Every principal that IAM allows and the condition admits. */
  readonly Principal: "*";
  /** What may pass. */
  readonly Action: string | readonly string[];
  /** On what. */
  readonly Resource: "*";
  /** Whose principals, or whose resources. */
  readonly Condition: { readonly StringEquals: Readonly<Record<string, string>> };
}

/** What pulls an image, from whichever account. */
const PULL = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetAuthorizationToken",
  "ecr:GetDownloadUrlForLayer",
];

/**
 * What passes through the endpoint of a service: only the account's own principals, and only to its own resources, so that
 * somebody else's credentials carry nothing out by this way. Absent for services whose endpoint takes no more than AWS's default.
 *
 * Images of add-ons are in AWS's own accounts, so pulling them is left open to the account's principals. A web identity has
 * no principal yet when it asks STS for a role; the role's account decides there.
 *
 * Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sts_vpc_endpoint_policies.html
 */
export function endpointPolicy(service: string, account: string): readonly InterfaceStatement[] | undefined {
  const ours = { "aws:PrincipalAccount": account };
  const within = { ...ours, "aws:ResourceAccount": account };
  switch (service) {
    case "ecr.api":
    case "ecr.dkr":
      return [statement("ImagesOfTheAccount", "ecr:*", within), statement("PullsByTheAccount", PULL, ours)];
    case "sts":
      return [
        statement("RolesByTheAccount", "sts:*", ours),
        statement("WebIdentitiesOfTheAccount", "sts:AssumeRoleWithWebIdentity", { "aws:ResourceAccount": account }),
      ];
    case "sqs":
      return [statement("QueuesOfTheAccount", "sqs:*", within)];
    default:
      return undefined;
  }
}

function statement(
  Sid: string,
  Action: string | readonly string[],
  equals: Readonly<Record<string, string>>,
): InterfaceStatement {
  return { Sid, Principal: "*", Action, Resource: "*", Condition: { StringEquals: equals } };
}
