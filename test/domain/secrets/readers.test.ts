import { type ExternalSecretsPlan, planSecretDelivery } from "../../../domain/secrets/delivery";
import { secretReaders } from "../../../domain/secrets/readers";
import { context } from "../../support/fakes";

const deployRoleArn = "arn:aws:iam::111122223333:role/deploy";
const byTerraform = { deployRoleArn, secretDelivery: planSecretDelivery("terraform", context).plan };
const byOperator = { deployRoleArn, secretDelivery: planSecretDelivery("external-secrets", context).plan };
const storeRole = (byOperator.secretDelivery as ExternalSecretsPlan).storeRole.arn;

describe("secretReaders", () => {
  test.each([
    ["originals", byTerraform, [deployRoleArn]],
    ["originals", byOperator, [deployRoleArn, storeRole]],
    ["copies", byTerraform, [deployRoleArn]],
    ["copies", byOperator, [deployRoleArn]],
  ] as const)("of the %s with %j are exactly %j", (place, plan, readers) => {
    expect(secretReaders(plan, place)).toEqual(readers);
  });

  test.each(["originals", "copies"] as const)(
    "of the %s are not limited where it is not known who deploys",
    (place) => {
      expect(secretReaders({ secretDelivery: byOperator.secretDelivery }, place)).toBeUndefined();
    },
  );
});
