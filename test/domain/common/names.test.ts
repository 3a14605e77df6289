import fc from "fast-check";

import { boundedName, roleNamePrefix } from "../../../domain/common/names";

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,120}[a-z0-9]$/);
const limits = fc.integer({ min: 10, max: 64 });

describe("boundedName", () => {
  test.each([
    ["as long as the limit", "retool-production", 17, "retool-production"],
    ["one longer", "retoolproduction1", 16, "retoolp-08791a48"],
    ["cut after a dash", "retool-production", 16, "retool-18c837fa"],
    ["with a dash inside what is left", "a-b-cdefghijklm", 13, "a-b-41332ce8"],
    ["cut after two dashes", "ab--cdefghijklm", 13, "ab-f9405f16"],
  ])("%s", (_case, name, limit, expected) => {
    expect(boundedName(name, limit)).toBe(expected);
  });

  test("fits, starts like the name and ends with a letter or digit", () => {
    fc.assert(
      fc.property(names, limits, (name, limit) => {
        const bounded = boundedName(name, limit);
        expect(bounded.length).toBeLessThanOrEqual(limit);
        expect(bounded).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
        expect(bounded[0]).toBe(name[0]);
      }),
    );
  });

  test("never makes two names equal, however alike they begin", () => {
    fc.assert(
      fc.property(fc.uniqueArray(names, { minLength: 2, maxLength: 20 }), limits, (all, limit) => {
        const shared = all.map((name) => `one-long-beginning-that-all-of-them-share-${name}`);
        expect(new Set(shared.map((name) => boundedName(name, limit))).size).toBe(all.length);
      }),
    );
  });
});

test.each([
  ["retool-prod-backup", "retool-prod-backup-"],
  ["a".repeat(37), `${"a".repeat(37)}-`],
])("the prefix of a role %s is %s", (name, prefix) => {
  expect(roleNamePrefix(name)).toBe(prefix);
});

test("a role's prefix leaves room for the 26 characters of the provider", () => {
  expect(roleNamePrefix("a".repeat(38))).toHaveLength(38);
});
