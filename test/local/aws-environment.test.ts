import { devNull } from "node:os";

import { emulatorEnvironment } from "../../local/aws-environment";

describe("emulatorEnvironment", () => {
  const inherited = {
    PATH: "/usr/bin",
    AWS_PROFILE: "production",
    AWS_ACCESS_KEY_ID: "AKIAREAL",
    AWS_SESSION_TOKEN: "real",
    AWS_ENDPOINT_URL_S3: "https://s3.amazonaws.com",
    AWS_CA_BUNDLE: "/ca.pem",
    TF_VAR_secret: "x",
    TF_CLI_ARGS_apply: "-target=x",
    TF_WORKSPACE: "prod",
    TF_CLI_CONFIG_FILE: "/mirror.tfrc",
    CDKTF_CONTEXT_JSON: "{}",
    KUBECONFIG: "/real",
    HELM_NAMESPACE: "prod",
    HTTPS_PROXY: "http://proxy:3128",
    http_proxy: "http://proxy:3128",
  };
  const env = emulatorEnvironment("http://127.0.0.1:5000", "us-east-1", inherited);

  test("points everything that speaks to AWS at loopback, with credentials of nobody", () => {
    expect(env).toMatchObject({
      AWS_ENDPOINT_URL: "http://127.0.0.1:5000",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      NO_PROXY: "127.0.0.1,localhost",
    });
  });

  test.each([
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL_S3",
    "TF_VAR_secret",
    "TF_CLI_ARGS_apply",
    "TF_WORKSPACE",
    "CDKTF_CONTEXT_JSON",
    "KUBECONFIG",
    "HELM_NAMESPACE",
  ])("drops %s", (name) => {
    expect(Object.keys(env)).not.toContain(name);
  });

  test("keeps the way to registries, which may lead through a proxy, and never sends loopback through it", () => {
    expect(env).toMatchObject({ HTTPS_PROXY: "http://proxy:3128", http_proxy: "http://proxy:3128" });
    expect(env).toMatchObject({ NO_PROXY: "127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" });
  });

  test("keeps where providers come from, and finds the emulator's own programs first", () => {
    expect(env["TF_CLI_CONFIG_FILE"]).toBe("/mirror.tfrc");
    expect(env["PATH"]).toMatch(/\.local\/venv\/bin:\/usr\/bin$/);
  });
});
