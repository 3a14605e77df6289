import { planEnvironment } from "../../../domain/environment/environment";
import { replacedBy } from "../../../domain/environment/replacements";
import { isSettable } from "../../../domain/environment/settable";
import { compareSettings, listSettings, type SettingChange } from "../../../domain/environment/settings";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { BEFORE_REPLACEMENT, REPLACING_CHANGES } from "../../support/replacing-changes";

const rows = (spec: EnvironmentSpec): ReturnType<typeof listSettings> =>
  listSettings(spec, planEnvironment(spec), isSettable);
const before = rows(BEFORE_REPLACEMENT);

describe("what a change replaces", () => {
  test("is said of settings and of what follows from them, and of nothing else", () => {
    const changes = ["builders", "network.cidr", "frontDoor.internal", "tags.Team"].map((path) => ({ path }));

    expect(replacedBy(changes, {})).toEqual([
      "network.cidr replaces the VPC and with it the cluster and the database, which AWS refuses while they are protected",
      'frontDoor.internal replaces the load balancer: Retool is down for some five minutes, until the new one stands and its records are known, and clients that pinned its addresses stay out. Terraform refuses it while the load balancer is protected: deploy dataProtection: "retain" first, then this change, then "protected" again',
    ]);
  });

  describe("other zones", () => {
    const { networkFirewall } = planEnvironment({ ...BEFORE_REPLACEMENT, egress: { level: "firewall" } });
    const protectedFirewall = { networkFirewall: networkFirewall && { ...networkFirewall, changeProtection: true } };
    const zones = (from: number, to: number): SettingChange[] => [{ path: "network.zones", from, to }];

    test("lose subnets only where there are fewer", () => {
      expect(replacedBy(zones(3, 4), {})).toEqual([
        "network.zones replaces the node group of the controllers, whose pods move",
      ]);
      expect(replacedBy(zones(4, 3), {})).toEqual([
        "network.zones replaces the node group of the controllers, whose pods move, and removes the subnets of the zones that leave",
      ]);
    });

    test("wait for a protected network firewall where there is one", () => {
      expect(replacedBy(zones(3, 4), protectedFirewall)).toEqual([
        "network.zones replaces the node group of the controllers, whose pods move. AWS refuses it while the network firewall is protected: deploy egress.changeProtection: false first",
      ]);
      expect(networkFirewall?.changeProtection).toBe(false);
      expect(replacedBy(zones(3, 4), { networkFirewall })).toEqual(replacedBy(zones(3, 4), {}));
    });
  });

  test("of a second database says that the first costs until it is deleted", () => {
    expect(replacedBy([{ path: "database.generation", from: 1, to: 2 }], {})).toEqual([
      "database.generation replaces the database instance: a new one is made, and the old one stays in the account and costs what it did until you delete it",
    ]);
  });

  test.each(Object.entries(REPLACING_CHANGES))(
    "is said where Terraform replaces something, and only there: %s",
    (_, { change, replaced }) => {
      const changes = compareSettings(before, rows({ ...BEFORE_REPLACEMENT, ...change }));

      expect(changes).not.toEqual([]);
      expect(replacedBy(changes, {}).length > 0).toBe(replaced !== undefined);
    },
  );
});
