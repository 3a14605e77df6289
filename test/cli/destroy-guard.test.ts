import fc from "fast-check";

import { assertPlanDestroysAll } from "../../cli/destroy-guard";

describe("assertPlanDestroysAll", () => {
  test("accepts a plan that deletes all that state holds", () => {
    expect(() => {
      assertPlanDestroysAll(["a.b", "helm_release.pools"], ["helm_release.pools", "a.b"]);
    }).not.toThrow();
  });

  test("refuses a plan that misses a release, and names it", () => {
    expect(() => {
      assertPlanDestroysAll(["a.b", "helm_release.pools"], ["a.b"]);
    }).toThrow(
      "destroy: the plan leaves out 1 of 2 resources (helm_release.pools); run the same command again when the Kubernetes API answers, nothing was destroyed",
    );
  });

  test("refuses whatever is missing", () => {
    const addresses = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(addresses, fc.nat(), (state, seed) => {
        const missing = state[seed % state.length] ?? "";
        expect(() => {
          assertPlanDestroysAll(
            state,
            state.filter((address) => address !== missing),
          );
        }).toThrow(missing);
      }),
    );
  });
});
