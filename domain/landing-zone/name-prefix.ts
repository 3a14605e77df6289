import type { Problem, Violation } from "../common/violation";

/** Beginning of every name where the organization asks for none. */
export const DEFAULT_NAME_PREFIX = "retool";

/** Longest beginning of all names of an environment, its own name included: what `retool-` and a name of 20 characters have. */
const LONGEST = 27;

/** Finds what cannot begin the name of every resource. */
export function namePrefixProblem(prefix: string): Problem | undefined {
  if (/^(?!.*--)(?!(?:aws|amazon|eks|internal|xn)(?:-|$))[a-z]([a-z0-9-]*[a-z0-9])?$/.test(prefix)) return undefined;
  return {
    problem: `"${prefix}" is not a prefix that the names of all AWS resources accept`,
    remedy:
      'use lower-case letters, digits and single hyphens, starting with a letter, not ending with a hyphen, and not starting with "aws", "eks" or "internal"',
  };
}

/** Refuses a prefix with which names become longer than AWS takes. */
export function namePrefixViolations(prefix: string, name: string): Violation[] {
  const length = `${prefix}-${name}`.length;
  const room = LONGEST - name.length - 1;
  if (length <= LONGEST || prefix === DEFAULT_NAME_PREFIX) return [];
  return [
    {
      path: "namePrefix",
      problem: `"${prefix}" and the name "${name}" have ${length} characters together, of which AWS takes ${LONGEST}`,
      remedy: `use at most ${room} characters here, or shorten the name of the environment`,
    },
  ];
}
