import fc from "fast-check";

import { assertNothingRetained, assertPlanDestroysAll } from "../../cli/destroy-guard";

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

describe("assertNothingRetained", () => {
  test("accepts a state that has forgotten all that stays", () => {
    expect(() => {
      assertNothingRetained(["aws_lb.front", "aws_db_instance.other"], ["aws_db_instance.main"]);
    }).not.toThrow();
  });

  test.each(["aws_db_instance.main", "aws_db_instance.main[0]", 'aws_db_instance.main["a"]'])(
    "refuses to destroy %s, which stays, and says how to go on",
    (held) => {
      expect(() => {
        assertNothingRetained(["aws_lb.front", held], ["aws_s3_bucket.gone", "aws_db_instance.main"]);
      }).toThrow(
        "destroy: state still holds 1 resources that are to stay (aws_db_instance.main); deploy once more, which forgets them, then run the same command again, nothing was destroyed",
      );
    },
  );

  test("names the first of many", () => {
    const many = ["a.a", "a.b", "a.c", "a.d", "a.e"];

    expect(() => {
      assertNothingRetained(many, many);
    }).toThrow("5 resources that are to stay (a.a, a.b, a.c, and 2 more)");
  });
});
