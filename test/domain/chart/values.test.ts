import fc from "fast-check";

import { helmValues } from "../../../domain/chart/values";
import type { SecretsSpec } from "../../../domain/secrets/secrets";
import { references, releaseInput, releaseValues } from "../../support/retool-release";

const cloud = { version: "4.86.2-stable" };

describe("values of a fresh environment", () => {
  const values = releaseValues();

  test("run the seven containers of the documentation, jobs-runner in its own pod", () => {
    expect(values.jobRunner.enabled).toBe(true);
    expect(values.workflows.enabled).toBe(true);
    expect(values.rr.enabled).toBe(true);
    expect(values.replicaCount).toBe(2);
  });

  test("leave off what the documentation calls optional", () => {
    expect(values.dbconnector).toEqual({ enabled: false });
    expect(values.agents).toEqual({ enabled: false });
    expect(values.multiplayer).toEqual({ enabled: false });
    expect(values.mcp).toEqual({ enabled: false });
    expect(values.telemetry).toEqual({ enabled: false, sendToRetool: { enabled: false } });
  });

  test("leave off what other parts of the stack do instead", () => {
    expect(values.postgresql).toEqual({ enabled: false });
    expect(values.ingress).toEqual({ enabled: false });
    expect(values.networkPolicy).toEqual({ blockCloudMetadataEgress: false });
    expect(values.rr.agentSandbox.networkPolicy).toEqual({ enabled: false });
    expect(values.config.auth.google).toEqual({ enabled: false });
  });

  test("name one image tag and no other", () => {
    expect(JSON.stringify(values).match(/"tag":"[^"]*"/g)).toEqual(['"tag":"4.0.9-stable"']);
  });

  test("reach the database over TLS with a password that stays in its Secret", () => {
    expect(values.config.postgresql).toEqual({
      host: "db.example",
      port: 5432,
      db: "retool",
      user: "retool_admin",
      ssl_enabled: true,
      passwordSecretName: "retool-database",
      passwordSecretKey: "password",
    });
  });

  test("reach the bucket without a key, as the service account that its role is bound to", () => {
    expect(values.rr.blobStorage).toEqual({ s3: { bucket: references.bucketName, region: "us-east-1" } });
    expect(values.serviceAccount).toEqual({ create: true, name: "retool" });
  });

  test("serve only over HTTPS", () => {
    expect(values.env["BASE_DOMAIN"]).toBe("https://retool.example.com");
    expect(values.config.useInsecureCookies).toBe(false);
    expect(values.rr.agentSandbox.frontendWsProxyDomain).toBe("https://agent-proxy.retool.example.com");
    expect(values.rr.agentSandbox.proxy.backendDomainSuffixes).toBe("retool.example.com");
  });

  test("sandbox users' code without privilege", () => {
    expect(values.codeExecutor.useSeccompProfile).toBe(true);
    expect(values.codeExecutor.securityContext).toBeUndefined();
  });

  test("give controller and proxy what they need to start", () => {
    expect(values.rr.agentSandbox.controller.resources.limits.cpu).toBe("1");
    expect(values.rr.agentSandbox.controller.resources.requests).toEqual({ cpu: "250m", memory: "256Mi" });
    expect(values.rr.agentSandbox.proxy.replicaCount).toBe(2);
    expect(values.rr.agentSandbox.sandbox.sandboxReadyTimeoutMs).toBe("45000");
  });

  test("keep sandboxes on their own tainted nodes and everything else off them", () => {
    expect(values.rr.agentSandbox.nodeSelector).toEqual({
      "kubernetes.io/arch": "amd64",
      "retool.com/pool": "sandbox",
    });
    expect(values.rr.agentSandbox.tolerations).toEqual([
      { key: "retool.com/sandbox", operator: "Equal", value: "true", effect: "NoSchedule" },
    ]);
    expect(values.nodeSelector).toEqual({ "kubernetes.io/arch": "amd64", "retool.com/pool": "retool" });
  });

  test("protect sandboxes and a running migration from Karpenter for as long as each may take", () => {
    expect(values.rr.agentSandbox.sandbox.annotations).toEqual({ "karpenter.sh/do-not-disrupt": "2h30m" });
    expect(values.jobRunner.annotations).toEqual({ "karpenter.sh/do-not-disrupt": "45m" });
  });

  test("allow one pod of each service to be away", () => {
    expect(values.podDisruptionBudget).toEqual({ maxUnavailable: 1 });
  });

  test("say nothing of Temporal, which Retool manages", () => {
    expect(values.temporal).toBeUndefined();
    expect(values["retool-temporal-services-helm"]).toBeUndefined();
  });

  test("hand out the Secrets by name, each under its own key", () => {
    expect(values.config).toMatchObject({
      licenseKeySecretName: "retool-license",
      licenseKeySecretKey: "license-key",
      encryptionKeySecretName: "retool-encryption-key",
      encryptionKeySecretKey: "encryption-key",
      jwtSecretSecretName: "retool-jwt",
      jwtSecretSecretKey: "jwt-secret",
    });
    expect(values.rr.agentSandbox.externalSecret).toEqual({ name: "retool-agent-sandbox" });
  });

  test("move all pods when a secret's revision grows", () => {
    const revisions = (secrets: SecretsSpec) => releaseValues({ secrets }).podAnnotations;

    expect(values.podAnnotations).toEqual({
      "cdktf-retool/secret-revisions":
        "agent-sandbox-revision=1,database-password-revision=1,encryption-key-revision=1,jwt-secret-revision=1",
    });
    expect(revisions({ jwtSecret: { kind: "generate", revision: 2 } })).not.toEqual(values.podAnnotations);
  });

  test("follow Retool's procedure while the encryption key is rotated", () => {
    const during = (oldKey: "in-use" | "retired") =>
      releaseValues({ secrets: { encryptionKey: { kind: "generate", rotations: [{ kind: "generate", oldKey }] } } });

    expect(during("in-use")).toMatchObject({
      env: { USE_ENCRYPTION_V2: "true", ENABLE_LOGS_FOR_DECRYPTION_WITH_OLD_KEY: "true" },
      externalSecrets: { enabled: true, includeConfigSecrets: true, name: "retool-environment" },
    });
    expect(JSON.stringify(during("in-use"))).not.toContain("ENCRYPTION_KEY_OLD");
    expect(during("retired").env).toMatchObject({ USE_ENCRYPTION_V2: "true" });
    expect(during("retired").env).not.toHaveProperty("ENABLE_LOGS_FOR_DECRYPTION_WITH_OLD_KEY");
    expect(during("retired").externalSecrets).toBeUndefined();
    expect(values.env).not.toHaveProperty("USE_ENCRYPTION_V2");
  });
});

describe("capacity", () => {
  test("every figure of the plan has its own key", () => {
    const capacity = {
      prewarmPoolSize: 0,
      maxTotalJobs: 75,
      maxConcurrentCreates: 4,
      maxDevices: 33,
      idleTimeoutMs: 120_000,
      assignedTtlSeconds: 1200,
      lifetimeMs: 1_800_001,
      sandbox: { cpuMillicores: 1500, memoryMiB: 3072, diskGiB: 30, perUserSandboxLimit: 7, devicePlugin: true },
    };
    const { agentSandbox } = releaseValues({ input: { capacity } }).rr;

    expect(agentSandbox.controller.scaling).toEqual({
      prewarmPoolSize: 0,
      maxTotalJobs: 75,
      maxConcurrentCreates: 4,
      assignedSandboxTtlSeconds: 1200,
      perUserSandboxLimit: 7,
    });
    expect(agentSandbox.sandbox).toEqual({
      resources: { requests: { cpu: "1500m", memory: "3072Mi" }, limits: { cpu: "3", memory: "6144Mi" } },
      sandboxIdleTimeoutMs: "120000",
      sandboxGlobalLifetimeMs: "1800001",
      sandboxReadyTimeoutMs: "45000",
      tmpDirSizeLimit: "28Gi",
      rootfsSizeLimit: "2Gi",
      annotations: { "karpenter.sh/do-not-disrupt": "31m" },
    });
    expect(agentSandbox.devicePlugin).toEqual({ maxDevices: 33 });
  });

  test("with nodes of its own, users' code is on them; a taint keeps everything else off", () => {
    const { capacity } = releaseInput();
    const values = releaseValues({ input: { capacity: { ...capacity, codePool: {} } } });
    const operators = [values.codeExecutor.affinity, values.rr.jsExecutor.affinity, values.affinity].map(
      (affinity) => /"key":"retool.com\/code-execution","operator":"(\w+)"/.exec(JSON.stringify(affinity))?.[1],
    );

    expect(operators).toEqual(["In", "In", undefined]);
    expect(JSON.stringify(releaseValues())).not.toContain("code-execution");
  });

  test("without the device plugin its DaemonSet goes too", () => {
    const { capacity } = releaseInput();
    const without = { ...capacity, sandbox: { ...capacity.sandbox, devicePlugin: false } };

    expect(releaseValues({ input: { capacity: without } }).rr.agentSandbox.sandboxNetwork).toEqual({
      devicePlugin: false,
      deployDaemonSet: false,
    });
  });
});

describe("choices", () => {
  test.each([
    ["4.0.9-stable", undefined, { R2_ORCHESTRATION_BACKEND: "temporal" }],
    ["4.46.9-edge", undefined, { R2_ORCHESTRATION_BACKEND: "temporal" }],
    ["4.47.0-edge", undefined, { RR_POSTGRES_ORCHESTRATION_BACKEND: "true" }],
    ["4.86.2-stable", undefined, { RR_POSTGRES_ORCHESTRATION_BACKEND: "true" }],
    ["4.86.2-stable", "temporal" as const, { R2_ORCHESTRATION_BACKEND: "temporal" }],
  ])(
    "Retool %s with %s orchestrates the app builder by one explicit variable",
    (version, appOrchestration, expected) => {
      const { env } = releaseValues({ version, retool: { appOrchestration } });
      const backends = Object.entries(env).filter(([name]) => name.endsWith("ORCHESTRATION_BACKEND"));

      expect(Object.fromEntries(backends)).toEqual(expected);
    },
  );

  test("a shared host leaves the proxy below Retool's own address", () => {
    const { agentSandbox } = releaseValues({ input: { hostnames: { appHost: "retool.example.com" } } }).rr;

    expect(agentSandbox).not.toHaveProperty("frontendWsProxyDomain");
  });

  test("without a license none is named", () => {
    const { secrets } = releaseInput();
    const { config } = releaseValues({ input: { secrets: { ...secrets, license: undefined } } });

    expect(Object.keys(config).filter((key) => key.startsWith("license"))).toEqual([]);
  });

  test("privilege and no sandbox are what was asked for, and only then", () => {
    const privileged = releaseValues({ retool: { codeExecutor: { sandboxing: "privileged" } } });
    const unsandboxed = releaseValues({ retool: { codeExecutor: { sandboxing: "unsandboxed" } } });

    expect(privileged.codeExecutor.useSeccompProfile).toBe(false);
    expect(privileged.codeExecutor.securityContext).toBeUndefined();
    expect(privileged.env).not.toHaveProperty("CONTAINER_UNPRIVILEGED_MODE");
    expect(unsandboxed.codeExecutor.securityContext).toEqual({ privileged: false, allowPrivilegeEscalation: false });
    expect(unsandboxed.env["CONTAINER_UNPRIVILEGED_MODE"]).toBe("true");
  });

  test("features bring their services with their sizes", () => {
    const features = { dbconnector: true, agents: true, multiplayer: true, mcp: true };
    const values = releaseValues({ ...cloud, retool: { features, dbconnector: { replicas: 3 } } });

    const sized = { resources: expect.any(Object) as object };
    const workers = { replicaCount: 2, ...sized };
    expect(values.dbconnector).toEqual({ enabled: true, replicas: 3, ...sized });
    expect(values.agents).toEqual({ enabled: true, worker: workers, evalWorker: workers });
    expect(values.multiplayer).toEqual({ enabled: true, replicaCount: 1, ...sized });
    expect(values.mcp).toEqual({ enabled: true, replicaCount: 1, ...sized });
    expect(values.mcp).toMatchObject({ resources: { limits: { memory: "4096Mi" } } });
  });

  test("telemetry sends metrics only where asked for", () => {
    expect(releaseValues({ retool: { telemetry: "metrics" } }).telemetry).toEqual({
      enabled: true,
      sendToRetool: { enabled: true, inputs: ["metrics"] },
    });
  });

  test("audit events go to the output unless the database is enough", () => {
    expect(releaseValues().env["LOG_AUDIT_EVENTS"]).toBe("true");
    expect(releaseValues({ retool: { auditEvents: "database" } }).env).not.toHaveProperty("LOG_AUDIT_EVENTS");
  });

  test("replicas and sizes reach their keys", () => {
    const size = { cpuMillicores: 3000, memoryMiB: 9000, cpuLimitMillicores: 6000, memoryLimitMiB: 10_000 };
    const values = releaseValues({
      retool: { api: { replicas: 4, resources: size }, workflowsWorker: { replicas: 3 } },
    });

    expect(values.replicaCount).toBe(4);
    expect(values.resources).toEqual({
      requests: { cpu: "3", memory: "9000Mi" },
      limits: { cpu: "6", memory: "10000Mi" },
    });
    expect(values.workflows.worker.replicaCount).toBe(3);
    expect(values.workflows.backend.replicaCount).toBe(1);
  });

  test("its own queue reaches the workflow worker and those who fill it", () => {
    const values = releaseValues({ temporal: { kind: "retool-managed", taskQueue: "workflows-b" } });

    expect(values.env["TEMPORAL_TASKQUEUE_WORKFLOW"]).toBe("workflows-b");
    expect(values.workflows.config).toEqual({
      environmentVariables: [{ name: "WORKER_TEMPORAL_TASKQUEUE", value: "workflows-b" }],
    });
  });
});

describe("all values", () => {
  test("are plain JSON", () => {
    const values = releaseValues();

    expect(JSON.parse(JSON.stringify(values))).toEqual(values);
  });

  test("carry references untouched, even odd ones", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (databaseHost, bucketName) => {
        const values = helmValues(releaseInput(), { ...references, databaseHost, bucketName });

        expect(values.config.postgresql.host).toBe(databaseHost);
        expect(values.rr.blobStorage["s3"]).toMatchObject({ bucket: bucketName });
      }),
    );
  });
});
