import { EncryptionKey } from "../../../constructs/secrets/kms-key";
import { PlannedEncryptionKey } from "../../../constructs/secrets/planned-key";
import { checkEnvironment } from "../../../domain/environment/environment";
import { planEncryptionKey } from "../../../domain/secrets/kms-key";
import { prod } from "../../support/environments/prod";
import { synthesize } from "../../support/synthesize";

test("a planned key is found by the alias that the key gets", () => {
  const plan = planEncryptionKey({ name: "data", description: "Data" }, checkEnvironment(prod).plan.context);
  const made = synthesize((stack) => new EncryptionKey(stack, "Key", { plan }));
  const found = synthesize((stack) => new PlannedEncryptionKey(stack, "Key", { plan }));

  expect(found.onlyData("aws_kms_alias")["name"]).toBe(made.only("aws_kms_alias")["name"]);
});
