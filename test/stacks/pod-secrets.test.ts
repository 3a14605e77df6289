import { RenderedWorkloads } from "../../constructs/common/rendered-workloads";
import { ClusterWorkloads } from "../../constructs/common/workloads";
import type { IManagedSecret } from "../../constructs/common/contracts";
import type { PodSecret } from "../../domain/chart/pod-secrets";
import { PodSecrets } from "../../stacks/pod-secrets";
import { synthesize, type Synthesized } from "../support/synthesize";

const own = (name: string): IManagedSecret => ({
  secretArn: `arn:${name}`,
  secretName: name,
  revision: 1,
  ephemeralValue: `\${ephemeral.aws_secretsmanager_secret_version.${name}.secret_string}`,
  ready: [],
});

const secrets = {
  encryptionKey: own("key"),
  jwtSecret: own("jwt"),
  databasePassword: own("db"),
  sandboxKeys: own("box"),
};

const plan: PodSecret[] = [
  {
    name: "retool-environment",
    revision: 2,
    keys: {
      GITHUB_TOKEN: { kind: "secrets-manager", secretName: "team/github" },
      GITHUB_COPY: { kind: "secrets-manager", secretName: "team/github" },
      JWT_SECRET: { kind: "own", id: "jwtSecret" },
    },
  },
];

const define = (given: readonly PodSecret[], values = secrets): Synthesized =>
  synthesize((stack) => {
    new PodSecrets(stack, "PodSecrets", {
      plan: given,
      own: values,
      namespace: "apps",
      writer: new ClusterWorkloads({ hasNodes: true }),
      after: [],
    });
  });

describe("PodSecrets", () => {
  test("fills each key without passing through state, and reads a stored secret once", () => {
    const template = define(plan);
    const secret = template.only("kubernetes_secret_v1");

    expect(secret).toMatchObject({
      metadata: { name: "retool-environment", namespace: "apps" },
      data_wo_revision: 2,
    });
    expect(template.onlyData("aws_secretsmanager_secret")).toMatchObject({ name: "team/github" });
    expect(secret["data_wo"]).toEqual({
      GITHUB_TOKEN: expect.stringMatching(/^\$\{ephemeral\..*secret_string\}$/) as string,
      GITHUB_COPY: expect.stringMatching(/^\$\{ephemeral\..*secret_string\}$/) as string,
      JWT_SECRET: secrets.jwtSecret.ephemeralValue,
    });
  });

  test("makes nothing where nothing asks for it", () => {
    expect(define([]).addresses()).toEqual([]);
  });

  test("refuses to copy a secret that the environment lacks", () => {
    const license: PodSecret = { name: "a", revision: 1, keys: { LICENSE_KEY: { kind: "own", id: "license" } } };

    expect(() => define([license])).toThrow("license: there is no such secret to copy");
  });

  test("shows the names of the keys where objects are rendered", () => {
    const template = synthesize((stack) => {
      new PodSecrets(stack, "PodSecrets", {
        plan,
        own: secrets,
        namespace: "apps",
        writer: new RenderedWorkloads(stack),
        after: [],
      });
    });

    expect(template.text()).toContain("GITHUB_TOKEN");
    expect(template.addresses()).toEqual([]);
  });
});
