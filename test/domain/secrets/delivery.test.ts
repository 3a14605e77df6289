import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import {
  externalSecret,
  type ExternalSecretsPlan,
  planSecretDelivery,
  revisionVariables,
  type SecretDeliverySpec,
  secretStore,
} from "../../../domain/secrets/delivery";
import { formatViolation } from "../../../domain/common/violation";
import { validateCustomResource } from "../../support/contracts";
import { context } from "../../support/fakes";
import { ROOT } from "../../support/run";

const ROLE = "arn:aws:iam::111122223333:role/operator";
const plan = (spec?: unknown) => planSecretDelivery(spec as SecretDeliverySpec | undefined, context);
const external = plan("external-secrets").plan as ExternalSecretsPlan;
const secret = (revision: number) =>
  externalSecret(
    {
      name: "retool-agent-sandbox",
      revision,
      keys: [
        { key: "jwt-public-key", secretName: "retool/prod/agent-sandbox", member: "jwt-public-key" },
        { key: "whole", secretName: "team/whole" },
      ],
    },
    external,
  );

describe("planSecretDelivery", () => {
  test("leaves it to Terraform by default", () => {
    expect(plan()).toEqual({ plan: { kind: "terraform" }, violations: [] });
    expect(plan("terraform").plan).toEqual({ kind: "terraform" });
  });

  test("gives the operator a role under the names of its own chart", () => {
    expect(plan("external-secrets")).toMatchObject({
      plan: {
        kind: "external-secrets",
        namespace: context.namespace,
        storeRole: { name: "retool-prod-secret-store", arn: "arn:aws:iam::111122223333:role/retool-prod-secret-store" },
        operator: {
          kind: "pod-identity",
          namespace: "external-secrets",
          serviceAccount: "external-secrets",
          roleName: "retool-prod-external-secrets",
        },
      },
      violations: [],
    });
  });

  test("takes the role that the operator has", () => {
    expect(plan({ kind: "external-secrets", operatorRoleArn: ROLE }).plan).toMatchObject({
      operator: { kind: "role", arn: ROLE },
    });
  });

  test.each<[unknown, string]>([
    ["vault", 'secretDelivery: "vault" fits none of the allowed forms'],
    [
      { kind: "external-secrets", operatorRoleArn: "operator" },
      "secretDelivery.operatorRoleArn: is not the ARN of a role; use arn:aws:iam::<account>:role/<name>",
    ],
  ])("refuses %j", (spec, message) => {
    expect(plan(spec).violations.map(formatViolation).join("\n")).toContain(message);
  });

  test("writes ARNs of the region's partition", () => {
    const { plan: gov } = planSecretDelivery("external-secrets", { ...context, region: "us-gov-west-1" });

    expect(gov).toMatchObject({
      storeRole: { arn: "arn:aws-us-gov:iam::111122223333:role/retool-prod-secret-store" },
      keyArns: "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/*",
    });
  });
});

describe("externalSecret", () => {
  test("reads whole texts and members", () => {
    expect(secret(1)["spec"]).toMatchObject({
      secretStoreRef: { kind: "SecretStore", name: "retool-secrets" },
      target: { name: "retool-agent-sandbox" },
      data: [
        {
          secretKey: "jwt-public-key",
          remoteRef: { key: "retool/prod/agent-sandbox", property: "jwt-public-key" },
        },
        { secretKey: "whole", remoteRef: { key: "team/whole" } },
      ],
    });
  });

  test("is read again when its revision grows, and at no other time", () => {
    expect(secret(1)["spec"]).toMatchObject({ refreshPolicy: "OnChange" });
    expect(secret(1).metadata.annotations).not.toEqual(secret(2).metadata.annotations);
    expect(secret(1)).toEqual(secret(1));
  });
});

describe("revisionVariables", () => {
  test("hold a pod back until the operator has written the revision that it needs", () => {
    const written = secret(3)["spec"] as { target: { template: { data: Record<string, string> } } };
    const [variable] = Object.values(revisionVariables(external, [{ name: "retool-agent-sandbox", revision: 3 }])) as {
      valueFrom: { secretKeyRef: { name: string; key: string } };
    }[];

    expect(variable?.valueFrom.secretKeyRef.name).toBe("retool-agent-sandbox");
    expect(Object.keys(written.target.template.data)).toEqual([variable?.valueFrom.secretKeyRef.key]);
    expect(Object.keys(revisionVariables(external, [{ name: "retool-agent-sandbox", revision: 3 }]))).toEqual([
      "SECRET_REVISION_AGENT_SANDBOX",
    ]);
  });

  test("are not needed where Terraform writes the Secrets before the release", () => {
    expect(revisionVariables({ kind: "terraform" }, [{ name: "retool-jwt", revision: 1 }])).toEqual({});
  });
});

test("the guide's policy lets the operator out, and not to the nodes' metadata", () => {
  const guide = readFileSync(join(ROOT, "docs", "guides", "external-secrets.md"), "utf8");
  const policy = parse(/```yaml\n([\s\S]*?)```/.exec(guide)![1]!) as Record<string, Record<string, unknown>>;

  expect(policy).toMatchObject({
    kind: "NetworkPolicy",
    metadata: { namespace: (external.operator as { namespace: string }).namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
  expect(JSON.stringify(policy["spec"]!["egress"])).toContain('"except":["169.254.169.254/32"]');
});

describe("the operator's own schemas", () => {
  test.each([
    ["SecretStore", secretStore(external)],
    ["ExternalSecret", secret(1)],
  ])("accept the %s", (_, manifest) => {
    expect(validateCustomResource(manifest)).toEqual([]);
  });

  test("would refuse a policy that they do not know", () => {
    const wrong = secret(1);

    expect(
      validateCustomResource({ ...wrong, spec: { ...(wrong["spec"] as object), refreshPolicy: "Never" } }),
    ).not.toEqual([]);
  });
});
