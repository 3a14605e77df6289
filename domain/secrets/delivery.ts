import { z } from "zod";

import { awsPartition } from "../common/aws-partition";
import { checkedSpec } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import type { EnvironmentValue } from "../common/kubernetes";
import type { JsonObject, Manifest } from "../common/kubernetes";
import { iamName, type IamPlan, NO_IAM_RULES } from "../landing-zone/iam";
import { boundedName, ROLE_NAME_LIMIT } from "../common/names";
import type { Planned } from "../common/violation";

/**
 * What writes the Kubernetes Secrets that pods read: Terraform, or the External Secrets Operator of a cluster that runs one.
 *
 * The operator is expected with the names of its chart: namespace and service account `external-secrets`. It gets a role
 * there; where it has one already, that role is named instead.
 */
export type SecretDeliverySpec =
  | "terraform"
  | "external-secrets"
  | {
      /** The External Secrets Operator with a role that exists. */
      readonly kind: "external-secrets";
      /** ARN of the role that the operator's pods have. */
      readonly operatorRoleArn: string;
    };

/** The release of the objects that tell the External Secrets Operator what to write. */
export const externalSecretsRelease = {
  /** Name of the release. */
  name: "retool-secrets",
  /** Seconds that an operation may take. */
  timeoutSeconds: 300,
} as const;

/** Who writes Kubernetes Secrets, and what that needs. */
export type SecretDeliveryPlan = { readonly kind: "terraform" } | ExternalSecretsPlan;

/** What the External Secrets Operator needs to write the Secrets of one environment and to read nothing else. */
export interface ExternalSecretsPlan {
  /** The External Secrets Operator. */
  readonly kind: "external-secrets";
  /** Namespace of Retool. */
  readonly namespace: string;
  /** AWS region of the secrets. */
  readonly region: string;
  /** Name of the SecretStore. */
  readonly storeName: string;
  /** Name and ARN of the role that reads the secrets, for this SecretStore only. */
  readonly storeRole: { readonly name: string; readonly arn: string };
  /** Pattern of the ARNs of keys that may encrypt secrets of a team's own. */
  readonly keyArns: string;
  /** The operator: a service account that gets a role, or the role that it has. */
  readonly operator: OperatorIdentity;
}

/** How the operator proves who it is. */
export type OperatorIdentity =
  | {
      readonly kind: "pod-identity";
      readonly namespace: string;
      readonly serviceAccount: string;
      readonly roleName: string;
    }
  | { readonly kind: "role"; readonly arn: string };

/** One key of a Kubernetes Secret and where its value is. */
export interface RemoteKey {
  /** Key in the Kubernetes Secret. */
  readonly key: string;
  /** Name of the secret in Secrets Manager. */
  readonly secretName: string;
  /** Member of the JSON object that the secret is; absent where it is the whole text. */
  readonly member?: string;
}

/** A Kubernetes Secret that the operator writes. */
export interface RemoteSecret {
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  /** Number that grows when a value changes on purpose. */
  readonly revision: number;
  /** Its keys. */
  readonly keys: readonly RemoteKey[];
}

/** Shape of a {@link SecretDeliverySpec}. */
export const secretDeliverySchema = z.union([
  z.enum(["terraform", "external-secrets"]),
  z.strictObject({
    kind: z.literal("external-secrets"),
    operatorRoleArn: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
        "is not the ARN of a role; use arn:aws:iam::<account>:role/<name>",
      ),
  }),
]) satisfies z.ZodType<SecretDeliverySpec>;

/** Names that the operator's own chart gives it. */
const OPERATOR = { namespace: "external-secrets", serviceAccount: "external-secrets" } as const;

/** Decides who writes the Kubernetes Secrets. */
export function planSecretDelivery(
  given: SecretDeliverySpec | undefined,
  context: EnvironmentContext,
  iam: IamPlan = NO_IAM_RULES,
): Planned<SecretDeliveryPlan> {
  const { spec, shape } = checkedSpec(secretDeliverySchema, given, "terraform", "secretDelivery");
  return { plan: spec === "terraform" ? { kind: spec } : planOperator(spec, context, iam), violations: shape };
}

function planOperator(
  spec: Exclude<SecretDeliverySpec, "terraform">,
  { prefix, namespace, account, region }: EnvironmentContext,
  iam: IamPlan,
): ExternalSecretsPlan {
  const partition = `arn:${awsPartition(region)}`;
  const name = boundedName(`${prefix}-secret-store`, ROLE_NAME_LIMIT);
  const roleName = boundedName(`${prefix}-external-secrets`, ROLE_NAME_LIMIT);
  return {
    kind: "external-secrets",
    namespace,
    region,
    storeName: "retool-secrets",
    storeRole: { name, arn: `${partition}:iam::${account}:role${iam.path}${iamName(iam, name, ROLE_NAME_LIMIT)}` },
    keyArns: `${partition}:kms:${region}:${account}:key/*`,
    operator:
      typeof spec === "string"
        ? { kind: "pod-identity", ...OPERATOR, roleName }
        : { kind: "role", arn: spec.operatorRoleArn },
  };
}

const API = "external-secrets.io/v1";

/**
 * The SecretStore of an environment.
 *
 * EKS Pod Identity knows the operator's own pods only (external-secrets issue 2951), so the operator assumes the store's
 * role, and its session tags say for which namespace and store: nobody else's SecretStore can use that role.
 */
export function secretStore({ namespace, region, storeName, storeRole }: ExternalSecretsPlan): Manifest {
  return {
    apiVersion: API,
    kind: "SecretStore",
    metadata: { name: storeName, namespace },
    spec: {
      provider: {
        aws: { service: "SecretsManager", region, role: storeRole.arn, sessionTagsPolicy: "Simple" },
      },
    },
  };
}

/** Session tags that the role's trust policy demands. */
export function storeSessionTags({ namespace, storeName }: ExternalSecretsPlan): Record<string, string> {
  return {
    "aws:RequestTag/esoNamespace": namespace,
    "aws:RequestTag/esoStoreName": storeName,
    "aws:RequestTag/esoStoreKind": "SecretStore",
  };
}

/**
 * An ExternalSecret that is read again when its revision changes, and at no other time, so that pods and Secrets change
 * together.
 */
export function externalSecret({ name, revision, keys }: RemoteSecret, plan: ExternalSecretsPlan): Manifest {
  return {
    apiVersion: API,
    kind: "ExternalSecret",
    metadata: { name, namespace: plan.namespace, annotations: { "cdktf-retool/revision": String(revision) } },
    spec: {
      refreshPolicy: "OnChange",
      secretStoreRef: { kind: "SecretStore", name: plan.storeName },
      target: {
        name,
        creationPolicy: "Owner",
        deletionPolicy: "Retain",
        // Pods ask for this key, so that none starts before the operator has written this revision.
        template: { engineVersion: "v2", mergePolicy: "Merge", data: { [revisionKey(revision)]: String(revision) } },
      },
      data: keys.map(remoteData),
    },
  };
}

function remoteData({ key, secretName, member }: RemoteKey): JsonObject {
  return { secretKey: key, remoteRef: { key: secretName, ...(member === undefined ? {} : { property: member }) } };
}

function revisionKey(revision: number): string {
  return `revision-${revision}`;
}

/**
 * Variables that hold a pod back until each Secret has its revision.
 *
 * Helm does not wait for ExternalSecrets, so that new pods could otherwise start with the old value and keep it.
 */
export function revisionVariables(
  delivery: SecretDeliveryPlan,
  secrets: readonly Pick<RemoteSecret, "name" | "revision">[],
): Record<string, EnvironmentValue> {
  if (delivery.kind === "terraform") return {};
  return Object.fromEntries(
    secrets.map(({ name, revision }) => [
      `SECRET_REVISION_${name
        .replace(/^retool-/, "")
        .toUpperCase()
        .replaceAll("-", "_")}`,
      { valueFrom: { secretKeyRef: { name, key: revisionKey(revision) } } },
    ]),
  );
}
