import { releaseValues } from "../../support/retool-release";
import { TEMPORAL } from "../../support/release-choices";

const persistenceOf = (temporal: string): unknown => {
  const values = releaseValues({ temporal: TEMPORAL[temporal] });
  return (values["retool-temporal-services-helm"]?.["server"] as { readonly config: { readonly persistence: unknown } })
    .config.persistence;
};

describe("a local Temporal", () => {
  test("keeps everything in PostgreSQL", () => {
    expect(persistenceOf("local")).toMatchObject({
      default: { sql: { database: "temporal", existingSecret: "retool-temporal" } },
      visibility: { sql: { database: "temporal_visibility" } },
    });
  });

  test("on Cassandra gives the chart an empty sql, whose keys its templates read all the same", () => {
    const store = { driver: "cassandra", sql: {} };

    expect(persistenceOf("local on Cassandra")).toMatchObject({
      default: { ...store, cassandra: { hosts: ["cassandra.example.com"], keyspace: "temporal" } },
      visibility: { ...store, cassandra: { keyspace: "temporal_visibility" } },
    });
  });
});
