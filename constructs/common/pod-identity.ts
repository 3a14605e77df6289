import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { podIdentityTrust, policyDocument, type PolicyStatement } from "./policy-document";

/** Construction properties for {@link PodIdentity}. */
export interface PodIdentityProps {
  /** Name of the cluster. */
  readonly clusterName: string;

  /** Name of the role, at most 64 characters. */
  readonly roleName: string;

  /** Namespace of the service account; neither has to exist yet. */
  readonly namespace: string;

  /** Service account whose pods get the role. */
  readonly serviceAccount: string;

  /**
   * Statements of the role's own policy, at most 10,240 characters in all.
   *
   * @default []
   */
  readonly statements?: readonly PolicyStatement[];

  /**
   * Policies to attach, by a name that stays the same when the ARN changes.
   *
   * @default {}
   */
  readonly managedPolicyArns?: Readonly<Record<string, string>>;

  /**
   * Patterns of pod names that are refused although they run as that service account.
   *
   * @default []
   */
  readonly refusedPodNames?: readonly string[];

  /**
   * What must exist before the association.
   *
   * @default []
   */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * An IAM role that the pods of one service account assume through EKS Pod Identity.
 *
 * A pod gets it when it is created, so everything that starts such pods depends on {@link PodIdentity.ready}.
 */
export class PodIdentity extends Construct {
  /** ARN of the role. */
  public readonly roleArn: string;
  /** Name of the role. */
  public readonly roleName: string;
  /** What must exist before a pod that uses the role is created. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: PodIdentityProps) {
    super(scope, id);

    const role = new IamRole(this, "Resource", { name: props.roleName, assumeRolePolicy: podIdentityTrust(props) });
    const policies = [...this.defineOwnPolicy(role, props), ...this.defineAttachments(role, props)];
    const association = this.defineAssociation(role, props);

    this.roleArn = role.arn;
    this.roleName = role.name;
    this.ready = [association, ...policies];
  }

  private defineOwnPolicy(role: IamRole, { statements = [] }: PodIdentityProps): ITerraformDependable[] {
    if (statements.length === 0) return [];
    return [new IamRolePolicy(this, "Policy", { name: "access", role: role.name, policy: policyDocument(statements) })];
  }

  private defineAttachments(role: IamRole, { managedPolicyArns = {} }: PodIdentityProps): ITerraformDependable[] {
    return Object.entries(managedPolicyArns).map(
      ([name, policyArn]) => new IamRolePolicyAttachment(this, `Policy-${name}`, { role: role.name, policyArn }),
    );
  }

  private defineAssociation(role: IamRole, props: PodIdentityProps): EksPodIdentityAssociation {
    return new EksPodIdentityAssociation(this, "Association", {
      clusterName: props.clusterName,
      namespace: props.namespace,
      serviceAccount: props.serviceAccount,
      roleArn: role.arn,
      dependsOn: [...(props.after ?? [])],
    });
  }
}
