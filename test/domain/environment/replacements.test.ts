import { planEnvironment } from "../../../domain/environment/environment";
import { replacedBy } from "../../../domain/environment/replacements";
import { isSettable } from "../../../domain/environment/settable";
import { compareSettings, listSettings } from "../../../domain/environment/settings";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { BEFORE_REPLACEMENT, REPLACING_CHANGES } from "../../support/replacing-changes";

const rows = (spec: EnvironmentSpec): ReturnType<typeof listSettings> =>
  listSettings(spec, planEnvironment(spec), isSettable);
const before = rows(BEFORE_REPLACEMENT);

describe("what a change replaces", () => {
  test("is said of settings and of what follows from them, and of nothing else", () => {
    expect(replacedBy(["builders", "network.cidr", "frontDoor.internal", "tags.Team"])).toEqual([
      "network.cidr replaces the VPC and with it the cluster and the database, which AWS refuses while they are protected",
      'frontDoor.internal replaces the load balancer: Retool is down for some five minutes, until the new one stands and its records are known, and clients that pinned its addresses stay out. Terraform refuses it while the load balancer is protected: deploy dataProtection: "retain" first, then this change, then "protected" again',
    ]);
  });

  test.each(Object.entries(REPLACING_CHANGES))(
    "is said where Terraform replaces something, and only there: %s",
    (_, { change, replaced }) => {
      const changes = compareSettings(before, rows({ ...BEFORE_REPLACEMENT, ...change }));

      expect(changes).not.toEqual([]);
      expect(replacedBy(changes.map(({ path }) => path)).length > 0).toBe(replaced !== undefined);
    },
  );
});
