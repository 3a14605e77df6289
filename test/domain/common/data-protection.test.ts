import { dataProtectionRules } from "../../../domain/common/data-protection";
import type { DataProtection } from "../../../domain/common/context";

const MODES: readonly DataProtection[] = ["protected", "retain", "disposable"];

describe("dataProtectionRules", () => {
  test("protected refuses to destroy anything", () => {
    expect(dataProtectionRules("protected")).toEqual({
      preventDestroy: true,
      databaseDeletionProtection: true,
      skipFinalSnapshot: false,
      emptyBucketOnDestroy: false,
      secretRecoveryDays: 30,
      keyDeletionDays: 30,
    });
  });

  test("retain guards the data like protected, so that it can be taken back", () => {
    expect(dataProtectionRules("retain")).toEqual(dataProtectionRules("protected"));
  });

  test("disposable leaves nothing that keeps its name", () => {
    expect(dataProtectionRules("disposable")).toMatchObject({
      skipFinalSnapshot: true,
      emptyBucketOnDestroy: true,
      secretRecoveryDays: 0,
    });
  });

  test.each(MODES)("%s gives numbers of days that AWS accepts", (mode) => {
    const { secretRecoveryDays, keyDeletionDays } = dataProtectionRules(mode);

    expect(secretRecoveryDays === 0 || (secretRecoveryDays >= 7 && secretRecoveryDays <= 30)).toBe(true);
    expect(keyDeletionDays).toBeGreaterThanOrEqual(7);
    expect(keyDeletionDays).toBeLessThanOrEqual(30);
  });

  test("only disposable ever deletes data without a copy", () => {
    const losing = MODES.filter((mode) => {
      const rules = dataProtectionRules(mode);
      return rules.skipFinalSnapshot || rules.emptyBucketOnDestroy || rules.secretRecoveryDays === 0;
    });

    expect(losing).toEqual(["disposable"]);
  });
});
