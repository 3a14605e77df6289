import { withShape } from "../common/checked-spec";
import { safeViolation } from "../common/safe-text";
import type { Violation } from "../common/violation";
import { leavesOf, openSecretViolations, secretRegionViolations } from "./open-secrets";
import { partitionViolations } from "./partition";

/**
 * Everything that is wrong with an environment, one cause once: a credential in the open is all that is said about the setting
 * that holds it, and an ARN of another partition is said where nothing else is said about it.
 *
 * @param input - What the configuration says, of any shape.
 * @param region - Region of the environment.
 * @param shape - What is wrong with its shape.
 * @param found - What its parts are refused for.
 */
export function everyCauseOnce(
  input: unknown,
  region: string,
  shape: readonly Violation[],
  found: readonly Violation[],
): Violation[] {
  const open = [...openSecretViolations(input), ...secretRegionViolations(input, region)];
  const all = withShape(withShape(open, withShape(shape, found)), partitionViolations(input, region));
  const texts = new Set(leavesOf(input, "").map(({ path }) => path));
  return distinct(all, (path) => texts.has(path));
}

/**
 * Several plans may find the same problem, and a text that is wrong in itself breaks other rules as well: of one text only the first
 * is told.
 */
function distinct(violations: readonly Violation[], isText: (path: string) => boolean): Violation[] {
  const seen = new Set<string>();
  return violations
    .filter(({ path, problem }) => {
      const key = isText(path) ? path : `${path}: ${problem}`;
      return !seen.has(key) && seen.add(key);
    })
    .map(safeViolation);
}
