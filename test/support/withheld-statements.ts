import type { Policy, PolicyStatement } from "../../domain/permissions/policies";
import type { Logged, Question } from "../../scripts/permissions/collect";
import { allowing, indispensable } from "./emulator-evaluation";

/** What a run of Terraform left behind. */
export interface Attempt {
  readonly code: number | null;
  readonly output: string;
  readonly requests: readonly Logged[];
}

/** Statements for the lack of which Terraform failed, and all others. */
export interface Withheld {
  readonly needed: readonly string[];
  readonly unneeded: readonly string[];
}

/**
 * Withholds all statements of policies at first, and gives each back once Terraform has failed for the lack of it.
 *
 * A refused request proves a statement needed where that is the only one of all that allows what was asked, and Terraform reports
 * the refusal: it would have been refused as well had every other statement been there.
 *
 * @param attempt - Runs Terraform with policies.
 */
export async function withhold(
  policies: readonly Policy[],
  attempt: (policies: readonly Policy[]) => Promise<Attempt>,
): Promise<Withheld> {
  const all = policies.flatMap(({ document }) => document.Statement);
  const needed = new Set<PolicyStatement>();
  const given = new Set<PolicyStatement>();
  for (;;) {
    const granted = all.filter((one) => needed.has(one) || given.has(one));
    const result = await attempt(only(policies, granted));
    const refused = result.requests.filter((one) => one.refused.length > 0);
    const reported = refused.filter((one) => isReported(result.output, one));
    const found = indispensable(all, questionsOf(reported));
    for (const statement of found) needed.add(statement);
    // A refused read that Terraform does not report is one of something that is gone: it would forget it. Where nothing new failed,
    // what is refused is given back unproven as well, so that more is reached.
    const unreported = refused.filter((one) => !reported.includes(one) && isRead(one));
    for (const statement of allowing(all, questionsOf(found.size === 0 ? refused : unreported)).flat())
      given.add(statement);
    const withheld = allowing(all, questionsOf(refused)).flat();
    if (withheld.length > 0) continue;
    if (result.code !== 0) throw new Error(errorIn(result.output));
    const sids = (are: boolean): string[] => all.filter((one) => needed.has(one) === are).map(({ Sid }) => Sid);
    return { needed: sids(true), unneeded: sids(false) };
  }
}

const questionsOf = (requests: readonly Logged[]): Question[] => requests.flatMap(({ refused }) => refused);

const isRead = ({ call }: Logged): boolean => /:(Describe|Get|Head|List)/.test(call);

/** Terraform prints the line of the configuration as well, which is all of it. */
function errorIn(output: string): string {
  const start = output.indexOf("Error:");
  return output.slice(start, start + 1000);
}

/**
 * Whether Terraform printed that a request was refused, for which the first refused question stands; it breaks lines and frames them. The
 * answer to a request for headers has no text.
 */
function isReported(output: string, { call, refused: [first] }: Logged): boolean {
  const text = output.replaceAll(/[│\s]+/g, " ");
  const [, operation = ""] = call.split(":");
  return operation.startsWith("Head")
    ? text.includes(`${operation}, https response error StatusCode: 403`)
    : first !== undefined && text.includes(`not authorized to perform: ${first.action} on resource: ${first.resource}`);
}

function only(policies: readonly Policy[], statements: readonly PolicyStatement[]): Policy[] {
  return policies
    .map(({ name, document }) => ({
      name,
      document: { ...document, Statement: document.Statement.filter((one) => statements.includes(one)) },
    }))
    .filter(({ document }) => document.Statement.length > 0);
}
