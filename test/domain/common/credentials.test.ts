import { credentialIn, isKeyMaterial, isSecretName, withoutCredentials } from "../../../domain/common/credentials";

describe("a credential in a text", () => {
  test.each([
    ["AKIAIOSFODNN7EXAMPLE", "an AWS access key id"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3", "a private key"],
    ["postgres://retool:hunter2@db.example.com/retool", "an address with a password"],
    ["redis://:hunter2@cache.example.com:6379", "an address with a password"],
    ["Server=db;User Id=sa;Password=hunter2;", "a connection string with a password"],
    ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "a token of GitHub"],
    ["github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz", "a token of GitHub"],
    ["glpat-abcdefghijklmnopqrst", "a token of GitLab"],
    ["xoxb-123456789012-123456789012-abcdefghijkl", "a token of Slack"],
    ["https://hooks.slack.com/services/T0/B0/x", "a webhook of Slack"],
    ["AIzaSyA-abcdefghijklmnopqrstuvwxyz01234", "a key of Google"],
    ["GOCSPX-abcdefghijklmnopqrstuvwxyz12", "a key of Google"],
    ["sk-proj-abcdefghijklmnopqrst", "a key of a model provider"],
    ["sk-ant-api03-abcdefghijklmnop", "a key of a model provider"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2ln", "a signed token (JWT)"],
    ["Bearer abcdefghijklmnopqrstuvwxyz", "a header with a token"],
    ["SSOP_12345678-1234-1234-1234-123456789012", "a key of Retool"],
  ])("%s is %s, which a message does not repeat", (text, name) => {
    expect(credentialIn(text)).toBe(name);
    expect(withoutCredentials(`x ${text} y`)).not.toContain(text);
  });

  test.each([
    ...[
      "https://sentry.example.com/1",
      "https://user@example.com/x",
      "team@example.com",
      "sk-1",
      "risk-assessment-of-2026",
    ],
    ...[
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:retool/jwt-AbCdEf",
      "Bearer",
      "task-scheduler-of-the-team",
    ],
  ])("%s is none", (text) => {
    expect(credentialIn(text)).toBeUndefined();
  });

  test("knows keys without a form by their letters", () => {
    expect(isKeyMaterial("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")).toBe(true);
    expect(isKeyMaterial("0123456789abcdef0123456789abcdef")).toBe(true);
    expect(isKeyMaterial("a-name-of-many-words-in-lower-case-letters")).toBe(false);
  });

  test.each([
    "OPENAI_SECRET_KEY",
    "SMTP_PASS",
    "MYSQL_PWD",
    "GITHUB_TOKEN",
    "someApiKey",
    "smtp_password",
    "SECRET_KEY_BASE",
  ])("%s names a secret", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each([
    "TOKEN_EXPIRY_MINUTES",
    "PASSWORD_LOGIN_DISABLED",
    "KEY_ROTATION",
    "SECRETS_PROVIDER",
    "COMPASS",
    "MONKEY",
  ])("%s names none", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
