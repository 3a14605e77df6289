import { quote } from "../common/quote";
import type { Check } from "../common/setting";
import type { Problem } from "../common/violation";

/** A check of a text by a pattern. */
function pattern(allowed: RegExp, problem: string, remedy: string): Check<string> {
  return (given) => (allowed.test(given) ? undefined : { problem: `"${given}" ${problem}`, remedy });
}

/** Finds what is wrong with the name of an environment. */
export const nameProblem = pattern(
  /^(?!.*--)[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/,
  "is not a name that every AWS resource accepts",
  "use 1 to 20 lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen",
);

/** Finds what is wrong with the id of an account. */
export const accountProblem = pattern(
  /^(?!0{12})\d{12}$/,
  "is not an AWS account id",
  "use the twelve digits that `aws sts get-caller-identity` prints",
);

/** Finds what is not the path of a file or a folder. */
export function pathProblem(path: string): Problem | undefined {
  if (path.trim() === "") return { problem: "is empty", remedy: "use the path of a file or a folder" };
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return undefined;
  return { problem: `${quote(path)} is an address on the network`, remedy: "use a path on the machine that deploys" };
}
