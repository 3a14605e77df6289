import { planRetool, type RetoolPlan, type RetoolSpec } from "../../../domain/retool/retool";
import { podSecrets, podSecretViolations } from "../../../domain/chart/pod-secrets";
import { planSecrets, type SecretsSpec } from "../../../domain/secrets/secrets";
import { planTemporal, type TemporalSpec } from "../../../domain/temporal/temporal";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";
import { releaseValues } from "../../support/retool-release";

const check = (retool: RetoolSpec): string[] =>
  planRetool(retool, context, "4.0.9-stable").violations.map(formatViolation);

const secretsOf = (spec?: SecretsSpec, license = "retool/license") => planSecrets(spec, license, context).plan;
const listed = (retool: RetoolPlan, temporal?: TemporalSpec, secrets = secretsOf()) =>
  podSecrets({ retool, temporal: planTemporal(temporal, context).plan, secrets, blobStorage: { kind: "s3" } });

const google = { kind: "google", clientId: "1-a.apps.example.com", clientSecret: "retool/google" } as const;
const oidc = {
  kind: "oidc",
  clientId: "retool",
  clientSecret: "retool/oidc",
  authUrl: "https://id.example.com/authorize",
  tokenUrl: "https://id.example.com/token",
} as const;

const TEMPORAL_DATABASE = { kind: "existing", host: "10.20.0.9", secret: "retool/t" } as const;

describe("plain variables", () => {
  test("reach the pods together with those of the package", () => {
    const { env } = releaseValues({ retool: { environment: { DISABLE_PUBLIC_PAGES: "true" } } });

    expect(env).toMatchObject({ DISABLE_PUBLIC_PAGES: "true", BASE_DOMAIN: "https://retool.example.com" });
  });

  test.each([
    ["BASE_DOMAIN", "use domain"],
    ["LICENSE_KEY", "use license"],
    ["ENCRYPTION_KEY", "use secrets"],
    ["POSTGRES_HOST", "use database"],
    ["RR_DEFAULT_S3_BUCKET", "use blobStorage"],
    ["R2_ORCHESTRATION_BACKEND", "use retool.appOrchestration"],
    ["WORKFLOW_TEMPORAL_CLUSTER_NAMESPACE", "use temporal"],
    ["CLIENT_ID", "use retool.sso"],
    ["LOG_AUDIT_EVENTS", "use retool.auditEvents"],
    ["CONTAINER_UNPRIVILEGED_MODE", "use retool.codeExecutor.sandboxing"],
    ["https_proxy", "use retool.outboundProxy"],
    ["NODE_EXTRA_CA_CERTS", "use retool.certificateAuthorities"],
    ["COOKIE_INSECURE", "remove it: Retool is served only over HTTPS"],
    ["SERVICE_TYPE", "leave it to the chart"],
    ["JAVA_DB_CONNECTOR_HOST", "leave it to the chart"],
    ["WORKFLOW_BACKEND_HOST", "leave it to the chart"],
    ["DISABLE_IPTABLES_SECURITY_CONFIGURATION", "remove it: users' code could read instance metadata"],
  ])("%s has another place", (name, remedy) => {
    expect(check({ environment: { [name]: "x" } })).toEqual([
      `retool.environment.${name}: is set by this package or the chart; ${remedy}`,
    ]);
  });

  test("are refused where they look like secrets, as users' code can read them", () => {
    expect(check({ environment: { OPENAI_API_KEY: "x" } })).toEqual([
      'retool.environment.OPENAI_API_KEY: looks like a secret, but code in a workflow can read this variable; store the value in Secrets Manager and write { secret: "<name of the secret>" } in its place',
    ]);
    expect(check({ environment: { RETOOL_EXPOSED_TEAM: "x" } })).toEqual([]);
  });

  test("need a name", () => {
    expect(check({ environment: { "A-B": "x" } })).toEqual([
      'retool.environment.A-B: "A-B" is not the name of a variable; use letters, digits and underscores',
    ]);
  });
});

describe("secret variables", () => {
  const secretEnvironment = { OPENAI_API_KEY: "retool/openai" };

  test("come from one Secret that the backend's pods read", () => {
    const values = releaseValues({ retool: { secretEnvironment } });

    expect(values.externalSecrets).toEqual({ enabled: true, includeConfigSecrets: true, name: "retool-environment" });
    expect(JSON.stringify(values)).not.toContain("retool/openai");
    expect(releaseValues().externalSecrets).toBeUndefined();
  });

  test("move the pods when their revision grows, and when another variable joins them", () => {
    const annotation = (spec: RetoolSpec): string =>
      releaseValues({ retool: { secretEnvironment, ...spec } }).podAnnotations["cdktf-retool/secret-revisions"]!;
    const annotations = [
      annotation({}),
      annotation({ secretEnvironmentRevision: 2 }),
      annotation({ secretEnvironment: { ...secretEnvironment, OTHER: "retool/other" } }),
    ];

    expect(new Set(annotations).size).toBe(3);
    for (const text of annotations) expect(text).toMatch(/(^|,)environment-revision=\d+,/);
  });

  test("are listed with the secret that holds each", () => {
    const { plan } = planRetool({ secretEnvironment, secretEnvironmentRevision: 4 }, context, "4.0.9-stable");

    expect(listed(plan)).toEqual([
      {
        name: "retool-environment",
        keys: { OPENAI_API_KEY: { kind: "secrets-manager", secretName: "retool/openai" } },
        revision: expect.any(Number) as number,
      },
    ]);
  });

  test("bring dbconnector the keys that the chart then keeps from it", () => {
    const spec = { secretEnvironment, features: { dbconnector: true } };
    const { plan } = planRetool(spec, context, "4.0.9-stable");
    const [secret] = listed(plan);

    expect(secret?.keys).toEqual({
      LICENSE_KEY: { kind: "own", id: "license" },
      JWT_SECRET: { kind: "own", id: "jwtSecret" },
      ENCRYPTION_KEY: { kind: "own", id: "encryptionKey" },
      POSTGRES_PASSWORD: { kind: "own", id: "databasePassword" },
      OPENAI_API_KEY: { kind: "secrets-manager", secretName: "retool/openai" },
    });
  });

  test("are written again when a key they copy is rotated", () => {
    const spec = { secretEnvironment, features: { dbconnector: true } };
    const { plan } = planRetool(spec, context, "4.0.9-stable");
    const revision = (secrets: SecretsSpec): number => listed(plan, undefined, secretsOf(secrets))[0]?.revision ?? 0;
    const revisions = [
      revision({}),
      revision({ jwtSecret: { kind: "generate", revision: 2 } }),
      revision({ databasePassword: { kind: "generate", revision: 2 } }),
      revision({ licenseRevision: 2 }),
    ];

    expect(new Set(revisions).size).toBe(4);
  });

  test("copy no license where there is none", () => {
    const spec = { secretEnvironment, features: { dbconnector: true } };
    const { plan } = planRetool(spec, context, "4.0.9-stable");

    expect(listed(plan, undefined, secretsOf({}, "none"))[0]?.keys).not.toHaveProperty("LICENSE_KEY");
  });

  test.each([false, true])("hold the old encryption key while it is in use, dbconnector %s", (dbconnector) => {
    const { plan } = planRetool({ features: { dbconnector } }, context, "4.0.9-stable");
    const during = (oldKey: "in-use" | "retired") =>
      listed(
        plan,
        undefined,
        secretsOf({ encryptionKey: { kind: "generate", rotations: [{ kind: "generate", oldKey }] } }),
      );

    expect(during("in-use")).toMatchObject([
      { name: "retool-environment", keys: { ENCRYPTION_KEY_OLD: { kind: "own", id: "oldEncryptionKey" } } },
    ]);
    expect(Object.keys(during("in-use")[0]!.keys)).toHaveLength(dbconnector ? 5 : 1);
    expect(during("retired")).toEqual([]);
  });

  test("are refused where they are a key of the environment", () => {
    const secrets = secretsOf({ sandboxKeys: { kind: "existing", name: "team/box" } });
    const { plan } = planRetool(
      { secretEnvironment: { BOX: "team/box", LICENSE: "retool/license" } },
      context,
      "4.0.9-stable",
    );
    const database = { ...TEMPORAL_DATABASE, secret: "retool/prod/jwt-secret" };
    const found = listed(plan, { kind: "local", database }, secrets);

    expect(podSecretViolations(found, secrets).map(formatViolation)).toEqual([
      'retool.secretEnvironment.BOX: "team/box" is also the secret of sandboxKeys; use a separate secret for each',
      'retool.secretEnvironment.LICENSE: "retool/license" is also the secret of license; use a separate secret for each',
      'temporal: "retool/prod/jwt-secret" is also the secret of jwtSecret; use a separate secret for each',
    ]);
  });

  test("of nobody need no Secret", () => {
    const { plan } = planRetool({ features: { dbconnector: true } }, context, "4.0.9-stable");

    expect(listed(plan)).toEqual([]);
  });

  test("of Temporal are listed as well", () => {
    const { plan } = planRetool(undefined, context, "4.0.9-stable");
    const database = { ...TEMPORAL_DATABASE, secret: "retool/t", secretRevision: 2 };

    expect(listed(plan, { kind: "local", database })).toEqual([
      {
        name: "retool-temporal",
        keys: { "store-password": { kind: "secrets-manager", secretName: "retool/t" } },
        revision: expect.any(Number) as number,
      },
    ]);
  });

  test("are refused in the open, twice, or under a name that is taken", () => {
    expect(check({ secretEnvironment: { A_TOKEN: "sk-live 123" } })).toEqual([
      "retool.secretEnvironment.A_TOKEN: the 11 characters given are not the name of a secret; store the value in Secrets Manager and use the secret's name here",
    ]);
    expect(check({ environment: { TEAM: "x" }, secretEnvironment: { TEAM: "x" } })).toEqual([
      "retool.secretEnvironment.TEAM: is in retool.environment as well; keep one of the two",
    ]);
    expect(check({ secretEnvironment: { JWT_SECRET: "x" } })).toEqual([
      "retool.secretEnvironment.JWT_SECRET: is set by this package or the chart; use secrets",
    ]);
    expect(check({ secretEnvironmentRevision: 0 })).toEqual([
      "retool.secretEnvironmentRevision: 0 is out of range; use 1 to 1000000",
    ]);
  });
});

describe("sign-in", () => {
  test("through Google has its client id in the open and its secret in the Secret", () => {
    const values = releaseValues({ retool: { sso: { ...google, restrictedDomains: ["example.com", "example.org"] } } });

    expect(values.env).toMatchObject({
      CLIENT_ID: "1-a.apps.example.com",
      RESTRICTED_DOMAIN: "example.com,example.org",
    });
    expect(values.config.auth.google.enabled).toBe(false);
    expect(values.externalSecrets?.name).toBe("retool-environment");
    expect(planRetool({ sso: google }, context, "4.0.9-stable").plan.secretEnvironment).toEqual({
      CLIENT_SECRET: "retool/google",
    });
  });

  test("through OpenID Connect has its endpoints, scopes and groups", () => {
    const sso = { ...oidc, rolesKey: "idToken.groups", roleMapping: { devops: "admin", support: "viewer" } };
    const { env } = releaseValues({ retool: { sso } });

    expect(env).toMatchObject({
      CUSTOM_OAUTH2_SSO_CLIENT_ID: "retool",
      CUSTOM_OAUTH2_SSO_AUTH_URL: "https://id.example.com/authorize",
      CUSTOM_OAUTH2_SSO_TOKEN_URL: "https://id.example.com/token",
      CUSTOM_OAUTH2_SSO_SCOPES: "openid email profile offline_access",
      CUSTOM_OAUTH2_SSO_JWT_EMAIL_KEY: "idToken.email",
      CUSTOM_OAUTH2_SSO_JWT_ROLES_KEY: "idToken.groups",
      CUSTOM_OAUTH2_SSO_ROLE_MAPPING: "devops -> admin, support -> viewer",
    });
  });

  test("takes scopes and the user's address from the configuration", () => {
    const { env } = releaseValues({ retool: { sso: { ...oidc, scopes: ["openid"], emailKey: "accessToken.mail" } } });

    expect(env["CUSTOM_OAUTH2_SSO_SCOPES"]).toBe("openid");
    expect(env["CUSTOM_OAUTH2_SSO_JWT_EMAIL_KEY"]).toBe("accessToken.mail");
    expect(Object.keys(env).filter((name) => name.includes("ROLE"))).toEqual([]);
  });

  test.each([
    [
      { kind: "saml" } as never,
      'retool.sso.kind: "saml" is set up in Retool after the deployment; leave retool.sso out (docs/recipes/sign-in-saml.ts)',
    ],
    [
      { ...oidc, authUrl: "id.example.com" },
      'retool.sso.authUrl: "id.example.com" is not an HTTPS address; use the endpoint that the provider names',
    ],
    [
      { ...oidc, tokenUrl: "http://id.example.com" },
      'retool.sso.tokenUrl: "http://id.example.com" is not an HTTPS address; use the endpoint that the provider names',
    ],
    [
      { ...google, restrictedDomains: ["example.com", "@example.org"] },
      'retool.sso.restrictedDomains[1]: "@example.org" is not a domain; use one such as example.com in each entry',
    ],
    [
      { ...google, restrictedDomains: ["example.com,example.org"] },
      'retool.sso.restrictedDomains[0]: "example.com,example.org" is not a domain; use one such as example.com in each entry',
    ],
    [
      { ...oidc, roleMapping: { "CN=devs,OU=teams": "admin" } },
      'retool.sso.roleMapping: "CN=devs,OU=teams" is not a group name that Retool can read; use names without commas and arrows, or map groups in Retool\'s own settings',
    ],
    [
      { ...oidc, roleMapping: { devs: "viewer -> admin" } },
      'retool.sso.roleMapping: "viewer -> admin" is not a group name that Retool can read; use names without commas and arrows, or map groups in Retool\'s own settings',
    ],
    [{ ...google, clientId: " " }, "retool.sso.clientId: is empty; use the id that the provider shows"],
    [
      { ...google, clientSecret: "GOCSPX a" },
      "retool.sso.clientSecret: the 8 characters given are not the name of a secret; store the value in Secrets Manager and use the secret's name here",
    ],
  ])("refuses %j", (sso, message) => {
    expect(check({ sso })).toEqual([message]);
  });
});
