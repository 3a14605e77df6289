import type { PolicyStatement } from "../../domain/common/policy-statement";
import { renderJson } from "./render";

export type { PolicyStatement } from "../../domain/common/policy-statement";

/** Renders an IAM policy document. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return renderJson({
    Version: "2012-10-17",
    Statement: statements.map(({ Effect = "Allow", ...statement }) => ({ Effect, ...statement })),
  });
}

/** Stands in a document for the issuer until it is rendered: a reference cannot be part of a name. */
const ISSUER = "@issuer@";

/**
 * Renders the trust policy of a role that pods assume by the token of their service account (IRSA).
 *
 * The role accepts the tokens of one service account, and only those that were made for STS. IAM sees no name of a pod.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 */
export function webIdentityTrust(props: {
  /** ARN of the cluster's OpenID Connect provider. */
  readonly providerArn: string;
  /** Issuer of the cluster's tokens, without `https://`. */
  readonly issuer: string;
  /** Namespace of the service account. */
  readonly namespace: string;
  /** Service account whose pods get the role. */
  readonly serviceAccount: string;
}): string {
  const document = policyDocument([
    {
      Sid: "PodsOfTheServiceAccount",
      Principal: { Federated: props.providerArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${ISSUER}:aud`]: "sts.amazonaws.com",
          [`${ISSUER}:sub`]: `system:serviceaccount:${props.namespace}:${props.serviceAccount}`,
        },
      },
    },
  ]);
  return document.replaceAll(ISSUER, () => props.issuer);
}

/** Renders the trust policy of a role that an AWS service assumes. */
export function serviceTrust(service: string): string {
  return policyDocument([{ Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}

/**
 * Renders the trust policy of a role that pods assume through EKS Pod Identity.
 *
 * The agent passes namespace and service account as session tags; the role accepts no other pair and, of that pair, no pod
 * whose name matches a refused pattern.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export function podIdentityTrust(props: {
  /** Namespace of the service account. */
  readonly namespace: string;
  /** Service account whose pods get the role. */
  readonly serviceAccount: string;
  /**
   * Patterns of pod names that are refused although they run as that service account.
   *
   * @default []
   */
  readonly refusedPodNames?: readonly string[];
}): string {
  const refused = props.refusedPodNames ?? [];
  const pods = { Service: "pods.eks.amazonaws.com" };
  const allow: PolicyStatement = {
    Sid: "PodsOfTheServiceAccount",
    Principal: pods,
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:RequestTag/kubernetes-namespace": props.namespace,
        "aws:RequestTag/kubernetes-service-account": props.serviceAccount,
      },
    },
  };
  const deny: PolicyStatement = {
    Sid: "NoPodThatRunsUsersCode",
    Effect: "Deny",
    Principal: pods,
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: { StringLike: { "aws:RequestTag/kubernetes-pod-name": refused } },
  };
  return policyDocument(refused.length > 0 ? [allow, deny] : [allow]);
}
