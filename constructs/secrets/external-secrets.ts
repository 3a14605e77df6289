import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import {
  externalSecret,
  type ExternalSecretsPlan,
  externalSecretsRelease,
  secretStore,
  storeSessionTags,
} from "../../domain/secrets/delivery";
import type {
  ICluster,
  IEncryptionKey,
  IManagedSecret,
  ISecretWriter,
  IWorkloads,
  KubernetesSecretProps,
} from "../common/contracts";
import { PodIdentity } from "../common/pod-identity";
import { policyDocument, type PolicyStatement } from "../common/policy-document";

/** Construction properties for {@link ExternalSecrets}. */
export interface ExternalSecretsProps {
  /** Roles, namespace and names. */
  readonly plan: ExternalSecretsPlan;
  /** Cluster that runs the operator. */
  readonly cluster: ICluster;
  /** Key that encrypts the secrets that were made here. */
  readonly encryptionKey: IEncryptionKey;
  /** Where the manifests go. */
  readonly workloads: IWorkloads;
  /** What must exist before: the namespace. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Kubernetes Secrets that the External Secrets Operator writes: one SecretStore with its own role, which may read exactly
 * the secrets that were asked for.
 *
 * Ask for every Secret with {@link ExternalSecrets.secret} first, then install them all.
 */
export class ExternalSecrets extends Construct implements ISecretWriter {
  private readonly wanted: KubernetesSecretProps[] = [];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ExternalSecretsProps,
  ) {
    super(scope, id);
  }

  /** {@inheritDoc ISecretWriter.secret} */
  public secret(_scope: Construct, _id: string, props: KubernetesSecretProps): [] {
    this.wanted.push(props);
    return [];
  }

  /** Makes the roles, the SecretStore and all ExternalSecrets; what reads the Secrets depends on what it returns. */
  public install(): readonly ITerraformDependable[] {
    const { plan, workloads, after } = this.props;
    const access = this.defineRoles();
    const manifests = this.wanted.map(({ name, revision, data }) => {
      const keys = Object.entries(data).map(([key, { secret, member }]) => ({
        key,
        secretName: secret.secretName,
        member: member ?? secret.member,
      }));
      return externalSecret({ name, revision, keys }, plan);
    });
    return workloads.customResources(this, "Release", {
      ...externalSecretsRelease,
      namespace: plan.namespace,
      manifests: [secretStore(plan), ...manifests],
      after: [...after, ...access, ...this.wanted.flatMap((one) => one.after)],
    });
  }

  private defineRoles(): readonly ITerraformDependable[] {
    const { plan, cluster } = this.props;
    const { operator, storeRole } = plan;
    if (operator.kind === "role") return this.defineStoreRole(operator.arn);
    const identity = new PodIdentity(this, "Operator", {
      clusterName: cluster.clusterName,
      roleName: operator.roleName,
      namespace: operator.namespace,
      serviceAccount: operator.serviceAccount,
      statements: [{ Sid: "Store", Action: ["sts:AssumeRole", "sts:TagSession"], Resource: storeRole.arn }],
    });
    return [...identity.ready, ...this.defineStoreRole(identity.roleArn)];
  }

  private defineStoreRole(operatorRoleArn: string): readonly ITerraformDependable[] {
    const { plan } = this.props;
    const role = new IamRole(this, "Role", {
      name: plan.storeRole.name,
      description: "Lets the External Secrets Operator read the secrets of one SecretStore",
      assumeRolePolicy: policyDocument([
        {
          Sid: "OperatorForThisStore",
          Principal: { AWS: operatorRoleArn },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: { StringEquals: storeSessionTags(plan) },
        },
      ]),
    });
    const policy = new IamRolePolicy(this, "Policy", {
      name: "secrets",
      role: role.name,
      policy: policyDocument(this.access()),
    });
    return [policy];
  }

  /** Source of the actions: https://external-secrets.io/latest/provider/aws-secrets-manager (IAM policy) */
  private access(): PolicyStatement[] {
    const { plan, encryptionKey } = this.props;
    const secrets = this.wanted.flatMap(({ data }) => Object.values(data).map(({ secret }) => secret));
    const all = arnsOf(secrets);
    const brought = arnsOf(secrets.filter(({ ready }) => ready.length === 0));
    const service = { "kms:ViaService": `secretsmanager.${plan.region}.amazonaws.com` };
    const read: PolicyStatement = {
      Sid: "Secrets",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: all,
    };
    const own: PolicyStatement = {
      Sid: "Key",
      Action: "kms:Decrypt",
      Resource: encryptionKey.keyArn,
      Condition: { StringEquals: service },
    };
    if (brought.length === 0) return [read, own];
    // Which key encrypts a secret that was brought is its owner's affair; Secrets Manager names the secret to KMS.
    const others: PolicyStatement = {
      Sid: "KeysOfSecretsThatWereBrought",
      Action: "kms:Decrypt",
      Resource: plan.keyArns,
      Condition: { StringEquals: { ...service, "kms:EncryptionContext:SecretARN": brought } },
    };
    return [read, own, others];
  }
}

function arnsOf(secrets: readonly IManagedSecret[]): string[] {
  return [...new Set(secrets.map(({ secretArn }) => secretArn))];
}
