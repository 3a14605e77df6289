import type { IManagedSecret, IWorkloads, KubernetesSecretProps } from "../../../constructs/common/contracts";
import { storedExpression } from "../../../constructs/common/ephemeral";
import { KubernetesSecrets, type RetoolSecretValues } from "../../../constructs/secrets/kubernetes-secrets";
import { ClusterWorkloads } from "../../../constructs/common/workloads";
import { describeWithRenderedChart, renderedChart } from "../../support/contracts";
import { synthesize } from "../../support/synthesize";

const secret = (name: string, revision: number): IManagedSecret => ({
  secretArn: `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}`,
  secretName: name,
  revision,
  ephemeralValue: `\${ephemeral.aws_secretsmanager_secret_version.${name}.secret_string}`,
  ready: [{ fqn: `aws_secretsmanager_secret_version.${name}` }],
});
const values: RetoolSecretValues = {
  encryptionKey: secret("encryption", 1),
  jwtSecret: secret("jwt", 2),
  databasePassword: secret("database", 3),
  sandboxKeys: secret("sandbox", 4),
};
const expressions = (data: KubernetesSecretProps["data"]): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, storedExpression(value)]));
const NAMESPACE = { fqn: "kubernetes_namespace_v1.retool" };

/** What the construct asks of the cluster. */
function requests(given: RetoolSecretValues): readonly KubernetesSecretProps[] {
  const seen: KubernetesSecretProps[] = [];
  const workloads = {
    secret: (_: unknown, id: string, props: KubernetesSecretProps) => {
      seen.push(props);
      return [{ fqn: id }];
    },
  } as unknown as IWorkloads;
  synthesize((stack) => {
    const { ready } = new KubernetesSecrets(stack, "Secrets", {
      values: given,
      namespace: "apps",
      writer: workloads,
      after: [NAMESPACE],
    });
    expect(ready).toHaveLength(seen.length);
  });
  return seen;
}

describe("KubernetesSecrets", () => {
  test("fills the Secrets that the chart reads from what is stored", () => {
    const of = (name: string): string => `ephemeral.aws_secretsmanager_secret_version.${name}.secret_string`;

    expect(requests(values).map(({ name, data, revision }) => ({ name, data: expressions(data), revision }))).toEqual([
      { name: "retool-encryption-key", data: { "encryption-key": `\${${of("encryption")}}` }, revision: 1 },
      { name: "retool-jwt", data: { "jwt-secret": `\${${of("jwt")}}` }, revision: 2 },
      { name: "retool-database", data: { password: `\${${of("database")}}` }, revision: 3 },
      {
        name: "retool-agent-sandbox",
        data: {
          "jwt-public-key": `\${jsondecode(${of("sandbox")})["jwt-public-key"]}`,
          "jwt-private-key": `\${jsondecode(${of("sandbox")})["jwt-private-key"]}`,
          "encryption-key": `\${jsondecode(${of("sandbox")})["encryption-key"]}`,
        },
        revision: 4,
      },
    ]);
  });

  test("adds the license key where there is one", () => {
    const names = requests({ ...values, license: secret("license", 1) }).map(({ name }) => name);

    expect(names).toContain("retool-license");
    expect(names).toHaveLength(5);
  });

  test("waits for the namespace and for the stored value", () => {
    for (const { namespace, after } of requests(values)) {
      expect(namespace).toBe("apps");
      expect(after).toHaveLength(2);
      expect(after[0]).toBe(NAMESPACE);
    }
  });

  test("reaches a cluster only through write-only arguments", () => {
    const template = synthesize((stack) => {
      new KubernetesSecrets(stack, "Secrets", {
        values,
        namespace: "apps",
        writer: new ClusterWorkloads({ hasNodes: true }),
        after: [],
      });
    });

    for (const block of template.all("kubernetes_secret_v1")) {
      expect(block).toHaveProperty("data_wo");
      expect(block).not.toHaveProperty("data");
    }
  });
});

describeWithRenderedChart("the Secrets and the chart", () => {
  test("the sandbox's keys are those the chart reads", () => {
    const { variants } = renderedChart() as { variants: { default: unknown } };
    const text = JSON.stringify(variants.default);
    const sandbox = requests(values).find(({ name }) => name === "retool-agent-sandbox")!;

    for (const key of Object.keys(sandbox.data)) expect(text).toContain(`"${key}"`);
  });
});
