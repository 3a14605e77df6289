import { keepFormerInstances } from "../../../constructs/database/former-database";
import type { DataProtection } from "../../../domain/common/context";
import { synthesize } from "../../support/synthesize";

const forgotten = (generation?: number, dataProtection: DataProtection = "protected"): string[] => {
  const { json } = synthesize((scope) => {
    keepFormerInstances(scope, "Database", dataProtection, generation);
  });
  return ((json["removed"] ?? []) as unknown as readonly { readonly from: string }[]).map(({ from }) => from);
};
const instances = (addresses: readonly string[]): string[] =>
  addresses.filter((address) => address.startsWith("aws_db_instance."));

describe("keepFormerInstances", () => {
  test("forgets every instance that was made before", () => {
    expect(instances(forgotten())).toHaveLength(1);
    expect(instances(forgotten(3))).toHaveLength(3);
  });

  test("leaves disposable ones to be deleted", () => {
    expect(forgotten(3, "disposable")).toEqual([]);
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
