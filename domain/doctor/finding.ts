/** What a check says: nothing to do, something to know, something that will fail, or that it could not find out. */
export type Grade = "good" | "warning" | "problem" | "unknown";

/** What one check found. */
export interface Finding {
  /** Name of the check, such as `credentials`. */
  readonly check: string;
  /** How bad it is. */
  readonly grade: Grade;
  /** What is so, in one sentence. */
  readonly what: string;
  /**
   * Why it matters.
   *
   * @default - it is good
   */
  readonly why?: string;
  /**
   * What makes the finding go away.
   *
   * @default - it is good
   */
  readonly remedy?: string;
  /**
   * Page that says more.
   *
   * @default - none
   */
  readonly link?: string;
}

/** What was found about an environment. */
export interface Diagnosis {
  /** Name of the environment. */
  readonly environment: string;
  /** Milliseconds that it took. */
  readonly elapsedMs: number;
  /** What each check found. */
  readonly findings: readonly Finding[];
}

/** Something that was asked: its answer, or why there is none. */
export type Fact<Value> = { readonly known: Value } | { readonly unknown: string };

/** A finding without a fault. */
export function good(check: string, what: string): Finding {
  return { check, grade: "good", what };
}

/** Judges a fact; what could not be asked is a finding too. */
export function judged<Value>(
  check: string,
  fact: Fact<Value>,
  judge: (value: Value) => Finding | readonly Finding[],
): Finding[] {
  if ("unknown" in fact) return [unknown(check, fact.unknown)];
  const found = judge(fact.known);
  return Array.isArray(found) ? [...(found as readonly Finding[])] : [found as Finding];
}

function unknown(check: string, reason: string): Finding {
  return {
    check,
    grade: "unknown",
    what: `could not be found out: ${reason}`,
    why: "what was not looked at may stop the deployment halfway",
    remedy: remedyFor(reason),
  };
}

/** What AWS's answers mean to the person who reads them. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/Unable to locate credentials|NoCredentials|could not be found/i, "log in first"],
  [/expired/i, "log in again: aws sso login, or new keys"],
  [/AccessDenied|not authorized|Unauthorized/i, "let this role do what the message names, or ask the people who may"],
  [/connect|timed out|resolve|ENOTFOUND|EAI_AGAIN/i, "check that this machine reaches AWS: proxy, VPN, DNS"],
  [/not found in PATH/, "install the AWS CLI version 2 (https://aws.amazon.com/cli/)"],
];

function remedyFor(reason: string): string {
  return REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? "fix what the message says, and run doctor again";
}

/** The exit code that a list of findings means: 1 with a problem, 2 with something unknown, else 0. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ grade }) => grade === "problem")) return 1;
  return findings.some(({ grade }) => grade === "unknown") ? 2 : 0;
}
