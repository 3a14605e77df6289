import type { Fact } from "../common/fact";
import type { Check } from "./checks";
import { adviceFor } from "./reasons";

/** What a check says: nothing to do, something to know, something that will fail, or that it could not find out. */
export type Grade = "good" | "warning" | "problem" | "unknown";

/** What one check found. */
export interface Finding {
  /** Name of the check. */
  readonly check: Check;
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

/** A finding with a fault. */
export type Fault = Required<Omit<Finding, "check" | "grade">>;

/** What was found about an environment. */
export interface Diagnosis {
  /** Name of the environment. */
  readonly environment: string;
  /** Milliseconds that it took. */
  readonly elapsedMs: number;
  /** What each check found. */
  readonly findings: readonly Finding[];
}

/** A finding without a fault. */
export function good(check: Check, what: string): Finding {
  return { check, grade: "good", what };
}

/** Why something that could not be asked matters before a deployment, and after it. */
const UNASKED = {
  before: "not checked, so it may still stop the deployment halfway",
  after: "not checked, so it may be broken",
} as const;

/** Something that is broken, or that will break. */
export function problem(check: Check, fault: Fault): Finding {
  return { check, grade: "problem", ...fault };
}

/** Something to know. */
export function warning(check: Check, fault: Fault): Finding {
  return { check, grade: "warning", ...fault };
}

/** Judges a fact; what could not be asked is a finding too. */
export function judged<Value>(
  check: Check,
  fact: Fact<Value>,
  judge: (value: Value) => Finding | readonly Finding[],
  when: keyof typeof UNASKED = "before",
): Finding[] {
  if ("unknown" in fact) return [unasked(check, fact.unknown, when)];
  const found = judge(fact.known);
  return Array.isArray(found) ? [...(found as readonly Finding[])] : [found as Finding];
}

/** Something that could not be asked. */
export function unknown(check: Check, fault: Fault): Finding {
  return { check, grade: "unknown", ...fault };
}

/** What stands for a check whose question was not answered. */
export function unasked(check: Check, reason: string, when: keyof typeof UNASKED): Finding {
  return unknown(check, { what: `could not be found out: ${reason}`, why: UNASKED[when], ...adviceFor(reason) });
}

/** The exit code that a list of findings means: 1 with a problem, 2 with something unknown, else 0. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ grade }) => grade === "problem")) return 1;
  return findings.some(({ grade }) => grade === "unknown") ? 2 : 0;
}
