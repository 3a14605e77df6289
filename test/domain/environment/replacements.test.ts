import { replacedBy } from "../../../domain/environment/replacements";

describe("what a change replaces", () => {
  test("is said of settings and of what follows from them, and of nothing else", () => {
    expect(replacedBy(["builders", "network.cidr", "frontDoor.internal", "tags.Team"])).toEqual([
      "network.cidr replaces the VPC and with it the cluster and the database, which AWS refuses while they are protected",
      "frontDoor.internal replaces the load balancer: Retool is down until the records of the new one are known, and clients that pinned its addresses stay out",
    ]);
  });
});
