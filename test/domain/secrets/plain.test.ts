import { formatViolation } from "../../../domain/common/violation";
import { revisionViolations } from "../../../domain/secrets/plain";

test.each([undefined, 1, 2])("%p counts values", (revision) => {
  expect(revisionViolations(revision)).toEqual([]);
});

test.each([0, 1.5])("%d does not", (revision) => {
  expect(revisionViolations(revision).map(formatViolation)).toEqual([expect.stringMatching(/^revision: /)]);
});
