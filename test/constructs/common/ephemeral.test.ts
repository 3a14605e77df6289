import { EphemeralResource } from "../../../constructs/common/ephemeral";
import { synthesize } from "../../support/synthesize";

test("renders an ephemeral block and refers to it", () => {
  let reference = "";
  const { json } = synthesize((stack) => {
    const type = "aws_secretsmanager_random_password";
    const password = new EphemeralResource(stack, "Password", { type, arguments: { password_length: 32 } });
    reference = password.attribute("random_password");
  });

  expect(json["ephemeral"]).toEqual({ aws_secretsmanager_random_password: { Password: { password_length: 32 } } });
  expect(reference).toBe("${ephemeral.aws_secretsmanager_random_password.Password.random_password}");
});
