import { checkEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { formatViolation, type Violation } from "../../domain/common/violation";
import { ACCEPTED, REFUSED } from "../support/mistakes";
import { prod } from "../support/environments/prod";
import { applied } from "../support/remedies";

type Change = Readonly<Record<string, unknown>>;

function check(change: Change): readonly Violation[] {
  return checkEnvironment({ ...prod, ...change }).violations;
}

/** A password that stands in several of the mistakes. */
const PASSWORD = "hunter2";

describe.each(Object.entries(REFUSED))("%s", (_clause, mistakes) => {
  test.each(mistakes.map(({ path, change }) => [JSON.stringify(change).slice(0, 120), path, change] as const))(
    "%s is refused at %s, in words that may be printed",
    (_text, path, change) => {
      const violations = check(change);

      const paths = violations.map((violation) => violation.path);
      expect(paths).toContain(path);
      expect(paths.filter((other) => other === path)).toHaveLength(1);
      for (const line of violations.map(formatViolation)) {
        expect(line).toMatch(/^[\x20-\x7e]+: [\x20-\x7e]+; [\x20-\x7e]+$/);
        expect(line).not.toContain(PASSWORD);
      }
    },
  );
});

describe.each(Object.entries(ACCEPTED))("%s", (_clause, changes) => {
  test.each(changes.map((change) => [JSON.stringify(change).slice(0, 120), change] as const))(
    "%s is accepted",
    (_text, change) => {
      expect(check(change).map(formatViolation)).toEqual([]);
    },
  );
});

describe("a remedy that says what to write", () => {
  const mistakes = Object.values(REFUSED).flat();
  const cases = mistakes.flatMap(({ change }) => {
    const tree = { ...prod, ...change };
    return check(change).flatMap((violation) => {
      const mended = applied(tree, violation);
      return mended === undefined ? [] : [[formatViolation(violation), violation, mended] as const];
    });
  });

  test("is what many of them say", () => {
    expect(cases.length).toBeGreaterThan(40);
  });

  test.each(cases)("%s", (_line, violation, mended) => {
    const left = checkEnvironment(mended as unknown as EnvironmentSpec).violations;

    expect(left.filter(({ path }) => path === violation.path).map(formatViolation)).toEqual([]);
  });
});
