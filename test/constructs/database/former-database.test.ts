import { forgetInstances } from "../../../constructs/database/former-database";
import { synthesize } from "../../support/synthesize";

const forgotten = (generation?: number): string[] => {
  const { json } = synthesize((scope) => {
    forgetInstances(scope, "Database", generation);
  });
  return (json["removed"] as unknown as readonly { readonly from: string }[]).map(({ from }) => from);
};
const instances = (addresses: readonly string[]): string[] =>
  addresses.filter((address) => address.startsWith("aws_db_instance."));

describe("forgetInstances", () => {
  test("forgets every instance that was made before", () => {
    expect(instances(forgotten())).toHaveLength(1);
    expect(instances(forgotten(3))).toHaveLength(3);
  });

  test("forgets what an instance stands on", () => {
    expect(forgotten()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^aws_security_group\./),
        expect.stringMatching(/^aws_db_subnet_group\./),
        expect.stringMatching(/^aws_db_parameter_group\./),
      ]),
    );
  });
});
