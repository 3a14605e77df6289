import { ExistingSecret } from "../../../constructs/secrets/existing-secret";
import { define, ephemeral, nameOf } from "../../support/stored-secret";

describe("ExistingSecret", () => {
  const of = (use: (secret: ExistingSecret) => unknown) =>
    define((stack) => {
      const made = new ExistingSecret(stack, "Secret", { name: "team/license", revision: 5 });
      use(made);
      return made;
    });
  const { secret, template } = of(({ ephemeralValue }) => ephemeralValue);

  test("reads nothing where nobody asks for the value", () => {
    expect(of(() => undefined).template.json).not.toHaveProperty("ephemeral");
  });

  test("is looked up by name, so that a missing one stops the plan", () => {
    expect(template.onlyData("aws_secretsmanager_secret")).toMatchObject({ name: "team/license" });
  });

  test("reads the current value and changes nothing", () => {
    const read = nameOf(template, "aws_secretsmanager_secret_version");

    expect(secret.ephemeralValue).toBe(`\${ephemeral.aws_secretsmanager_secret_version.${read}.secret_string}`);
    expect(Object.keys(ephemeral(template, "aws_secretsmanager_secret_version")[read]!)).toEqual(["secret_id"]);
    expect(template.addresses()).toEqual([]);
    expect(secret).toMatchObject({ secretName: "team/license", revision: 5, ready: [] });
  });

  test("is looked up by its ARN, and one member of its JSON object is read, where the name says so", () => {
    const arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1a2b-AbCdEf";
    let value = "";
    const made = define((stack) => {
      const stored = new ExistingSecret(stack, "Secret", { name: arn, revision: 1 });
      value = stored.ephemeralValue;
      return stored;
    });
    const read = nameOf(made.template, "aws_secretsmanager_secret_version");

    expect(made.template.onlyData("aws_secretsmanager_secret")).toEqual(expect.objectContaining({ arn }));
    expect(value).toBe(`\${jsondecode(ephemeral.aws_secretsmanager_secret_version.${read}.secret_string)["password"]}`);
    expect(made.secret).toMatchObject({ secretName: arn, member: "password" });
  });
});
