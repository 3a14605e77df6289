import type { IManagedSecret } from "../../../constructs/common/contracts";
import { ExternalSecrets } from "../../../constructs/secrets/external-secrets";
import {
  type ExternalSecretsPlan,
  planSecretDelivery,
  type SecretDeliverySpec,
} from "../../../domain/secrets/delivery";
import { cluster, context, encryptionKey } from "../../support/fakes";
import { evaluate } from "../../support/iam-evaluator";
import { RecordingWorkloads } from "../../support/recording-workloads";
import { type Synthesized, synthesize } from "../../support/synthesize";

const arn = (name: string): string => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;
const secret = (name: string, ready: IManagedSecret["ready"]): IManagedSecret => ({
  secretArn: arn(name),
  secretName: name,
  revision: 1,
  get ephemeralValue(): string {
    throw new Error("Terraform must not read what the operator delivers");
  },
  ready,
});
const made = secret("retool/prod/jwt-secret", [{ fqn: "aws_secretsmanager_secret_version.jwt" }]);
const brought = secret("team/license", []);

const define = (spec: SecretDeliverySpec, secrets: readonly IManagedSecret[] = [made, brought]) => {
  const workloads = new RecordingWorkloads();
  const plan = planSecretDelivery(spec, context).plan as ExternalSecretsPlan;
  const template = synthesize((stack) => {
    const after = [{ fqn: "kubernetes_namespace_v1.retool" }];
    const operator = new ExternalSecrets(stack, "Secrets", { plan, cluster, encryptionKey, workloads, after });
    for (const value of secrets) {
      operator.secret(stack, value.secretName, {
        name: `retool-${value.secretName.replace(/.*\//, "")}`,
        namespace: plan.namespace,
        data: { value: { secret: value }, part: { secret: value, member: "part" } },
        revision: 2,
        after: [...after, ...value.ready],
      });
    }
    operator.install();
  });
  return { template, workloads, plan };
};
const role = (template: Synthesized, part: string): Record<string, string> =>
  template.all("aws_iam_role").find(({ name }) => String(name).includes(part)) as Record<string, string>;
const policyOf = (template: Synthesized, part: string): string =>
  template
    .all("aws_iam_role_policy")
    .map(({ policy }) => String(policy))
    .find((text) => text.includes(part))!;

describe("ExternalSecrets", () => {
  const { template, workloads } = define("external-secrets");
  const access = policyOf(template, "GetSecretValue");
  const read = (resource: string): string =>
    evaluate(access, { action: "secretsmanager:GetSecretValue", resource, context: {} });
  const decrypt = (resource: string, secretArn: string, service = "secretsmanager"): string =>
    evaluate(access, {
      action: "kms:Decrypt",
      resource,
      context: { "kms:ViaService": `${service}.us-east-1.amazonaws.com`, "kms:EncryptionContext:SecretARN": secretArn },
    });

  test("lets the store's role read exactly the secrets that are delivered", () => {
    expect([made, brought].map(({ secretArn }) => read(secretArn))).toEqual(["Allow", "Allow"]);
    expect([arn("retool/prod/other"), arn("team/license2")].map(read)).toEqual(["None", "None"]);
    expect(access).not.toContain("PutSecretValue");
  });

  test("lets it decrypt with the environment's key, and with others for secrets that were brought", () => {
    const other = "arn:aws:kms:us-east-1:111122223333:key/other";

    expect(decrypt(encryptionKey.keyArn, made.secretArn)).toBe("Allow");
    expect(decrypt(encryptionKey.keyArn, made.secretArn, "s3")).toBe("None");
    expect(decrypt(other, brought.secretArn)).toBe("Allow");
    expect(decrypt(other, arn("somebody/else"))).toBe("None");
    expect(policyOf(define("external-secrets", [made]).template, "GetSecretValue")).not.toContain("key/*");
  });

  test("lets nobody but the operator use the role, and only for this namespace's store", () => {
    const trust = role(template, "secret-store")["assume_role_policy"]!;
    const operator = role(template, "external-secrets");
    const principal = (JSON.parse(trust) as { Statement: { Principal: { AWS: string } }[] }).Statement[0]!.Principal
      .AWS;
    const assume = (tags: Record<string, string>): string =>
      evaluate(trust, { action: "sts:AssumeRole", principal, context: tags });
    const tags = { "aws:RequestTag/esoStoreName": "retool-secrets", "aws:RequestTag/esoStoreKind": "SecretStore" };

    expect(principal).toMatch(/^\$\{aws_iam_role\..*Operator.*\.arn\}$/);
    expect(operator["assume_role_policy"]).toContain("pods.eks.amazonaws.com");
    expect(assume({ ...tags, "aws:RequestTag/esoNamespace": context.namespace })).toBe("Allow");
    expect(assume({ ...tags, "aws:RequestTag/esoNamespace": "elsewhere" })).toBe("None");
    expect(assume({})).toBe("None");
  });

  test("associates the operator's own service account with a role that may do nothing else", () => {
    const statements = (JSON.parse(policyOf(template, "sts:AssumeRole")) as { Statement: unknown[] }).Statement;

    expect(template.only("aws_eks_pod_identity_association")).toMatchObject({
      namespace: "external-secrets",
      service_account: "external-secrets",
    });
    expect(statements).toEqual([
      {
        Effect: "Allow",
        Sid: "Store",
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Resource: "arn:aws:iam::111122223333:role/retool-prod-secret-store",
      },
    ]);
  });

  test("installs the store and every secret at once, after the values are stored", () => {
    const release = workloads.onlyCustomResources;

    expect(release.manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      "SecretStore retool-secrets",
      "ExternalSecret retool-jwt-secret",
      "ExternalSecret retool-license",
    ]);
    expect(release.after.map((one) => one.fqn)).toEqual(
      expect.arrayContaining(["kubernetes_namespace_v1.retool", "aws_secretsmanager_secret_version.jwt"]),
    );
    expect(JSON.stringify(release.manifests)).toContain('"remoteRef":{"key":"team/license","property":"part"}');
  });

  test("trusts the role that the operator has instead of making one", () => {
    const operatorRoleArn = "arn:aws:iam::111122223333:role/operator";
    const { template: own } = define({ kind: "external-secrets", operatorRoleArn });

    expect(own.all("aws_iam_role")).toHaveLength(1);
    expect(own.all("aws_eks_pod_identity_association")).toEqual([]);
    expect(role(own, "secret-store")["assume_role_policy"]).toContain(operatorRoleArn);
  });
});
