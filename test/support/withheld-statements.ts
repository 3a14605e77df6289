import type { Policy, PolicyStatement } from "../../domain/permissions/policies";
import type { Logged, Question } from "../../scripts/permissions/collect";
import { evaluate } from "./iam-evaluator";

/** What a run of Terraform left behind. */
export interface Attempt {
  readonly code: number | null;
  readonly output: string;
  readonly requests: readonly Logged[];
}

/** Statements without which nothing failed, and how often it was tried. */
export interface Withheld {
  readonly unneeded: readonly string[];
  readonly attempts: number;
}

const allows = (statement: PolicyStatement, { action, resource, context }: Question): boolean =>
  statement.Action.includes(action) &&
  evaluate(JSON.stringify({ Statement: [statement] }), { action, resource, context }) === "Allow";

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
  for (let attempts = 1; ; attempts++) {
    const granted = all.filter((one) => needed.has(one) || given.has(one));
    const result = await attempt(only(policies, granted));
    const found = explained(all, result);
    for (const statement of found.needed) needed.add(statement);
    // Nothing new failed: what is refused and not reported, or allowed twice, is given back unproven, so that more is reached.
    if (found.needed.length === 0) for (const statement of found.withheld) given.add(statement);
    if (found.withheld.length > 0) continue;
    if (result.code !== 0) throw new Error(errorIn(result.output));
    return { unneeded: all.filter((one) => !needed.has(one)).map(({ Sid }) => Sid), attempts };
  }
}

/** Statements that would have let refused requests through, and those of them without which a failure is certain. */
function explained(
  all: readonly PolicyStatement[],
  { output, requests }: Attempt,
): Readonly<Record<"needed" | "withheld", readonly PolicyStatement[]>> {
  const refused = requests.filter((one) => one.refused.length > 0);
  const reported = refused.filter(({ refused: [first] }) => first !== undefined && isReported(output, first));
  const lacking = (of: readonly Logged[]): PolicyStatement[][] =>
    of.flatMap((one) => one.refused).map((question) => allowing(all, question));
  return {
    needed: lacking(reported)
      .filter(({ length }) => length === 1)
      .flat(),
    withheld: lacking(refused).flat(),
  };
}

/** Terraform prints the line of the configuration as well, which is all of it. */
function errorIn(output: string): string {
  const start = output.indexOf("Error:");
  return output.slice(start, start + 1000);
}

const allowing = (statements: readonly PolicyStatement[], question: Question): PolicyStatement[] =>
  statements.filter((statement) => allows(statement, question));

/** Whether Terraform printed that a request was refused; it breaks lines and frames them. */
function isReported(output: string, { action, resource }: Question): boolean {
  const text = output.replaceAll(/[│\s]+/g, " ");
  return text.includes(`not authorized to perform: ${action} on resource: ${resource}`);
}

function only(policies: readonly Policy[], statements: readonly PolicyStatement[]): Policy[] {
  return policies
    .map(({ name, document }) => ({
      name,
      document: { ...document, Statement: document.Statement.filter((one) => statements.includes(one)) },
    }))
    .filter(({ document }) => document.Statement.length > 0);
}
