import { planSecretDelivery } from "../../../domain/secrets/delivery";
import { type EnvironmentKeysInput, planEnvironmentKeys } from "../../../domain/secrets/environment-keys";
import type { EncryptionKeyPlan } from "../../../domain/secrets/kms-key";
import { context } from "../../support/fakes";

const usual: EnvironmentKeysInput = {
  landingZone: { encryptionKeys: {} },
  makesCluster: true,
  secretDelivery: planSecretDelivery("terraform", context).plan,
  spot: false,
};
const plan = (more: Partial<EnvironmentKeysInput> = {}) => planEnvironmentKeys({ ...usual, ...more }, context);
const usersOf = (key: unknown): string[] => (key as EncryptionKeyPlan).statements.map(({ Sid }) => Sid);

describe("the keys of an environment", () => {
  test("are four, each with its own alias", () => {
    const keys = plan();
    expect(Object.keys(keys).sort()).toEqual(["backup", "cluster", "data", "logs"]);
    for (const [kind, key] of Object.entries(keys))
      expect(key).toMatchObject({ kind: "new", alias: `alias/${context.prefix}-${kind}` });
  });

  test("leave out the one of a cluster that exists", () => {
    expect(plan({ makesCluster: false }).cluster).toBeUndefined();
  });

  test("are used by AWS in its own name only where it has to", () => {
    const { cluster, data, backup, logs } = plan();
    for (const key of [cluster, data, backup]) expect(usersOf(key)).toEqual(["PoliciesOfTheAccount"]);
    expect(usersOf(logs)).toEqual(["PoliciesOfTheAccount", "CloudWatchLogs", "CloudWatchAlarms", "EventBridge"]);
    const spot = plan({ spot: true });
    expect(usersOf(spot.data)).toEqual([
      "PoliciesOfTheAccount",
      "DisksOfSpotInstances",
      "GrantsForDisksOfSpotInstances",
    ]);
    expect(spot.logs).toEqual(logs);
  });

  test("decrypt secrets only for their readers, where it is known who deploys", () => {
    const known = plan({ deployRoleArn: "arn:aws:iam::111122223333:role/deploy" });
    expect(usersOf(known.data)).toContain("SecretsForTheseRolesAlone");
    for (const key of [known.cluster, known.backup, known.logs])
      expect(usersOf(key)).not.toContain("SecretsForTheseRolesAlone");
  });

  test("are those of the organization where it keeps them", () => {
    const keyArn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const keys = plan({ landingZone: { encryptionKeys: { data: keyArn } } });
    expect(keys.data).toEqual({ kind: "existing", keyArn });
    expect(keys.backup.kind).toBe("new");
  });
});
