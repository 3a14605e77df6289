import type { Fact } from "../common/fact";

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
export function good(check: string, what: string): Finding {
  return { check, grade: "good", what };
}

/** Why something that could not be asked matters before a deployment, and after it. */
const UNASKED = {
  before: "this was not checked and may stop the deployment halfway",
  after: "this was not checked and may be broken",
} as const;

/** Something that is broken, or that will break. */
export function problem(check: string, fault: Fault): Finding {
  return { check, grade: "problem", ...fault };
}

/** Something to know. */
export function warning(check: string, fault: Fault): Finding {
  return { check, grade: "warning", ...fault };
}

/** Judges a fact; what could not be asked is a finding too. */
export function judged<Value>(
  check: string,
  fact: Fact<Value>,
  judge: (value: Value) => Finding | readonly Finding[],
  when: keyof typeof UNASKED = "before",
): Finding[] {
  if ("unknown" in fact) return [unknown(check, fact.unknown, UNASKED[when])];
  const found = judge(fact.known);
  return Array.isArray(found) ? [...(found as readonly Finding[])] : [found as Finding];
}

function unknown(check: string, reason: string, why: string): Finding {
  return {
    check,
    grade: "unknown",
    what: `could not be found out: ${reason}`,
    why,
    remedy: remedyFor(reason),
  };
}

/** What AWS's answers mean to the person who reads them. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/Unable to locate credentials|NoCredentials|could not be found/i, "log in first"],
  [/expired/i, "log in again: aws sso login, or new keys"],
  [
    /Kubernetes API: .* cannot be reached/,
    "run it where the Kubernetes API is reached: docs/guides/private-deployment.md",
  ],
  [
    /Kubernetes API: .*\b40[13]\b/,
    "use a role of cluster.adminRoleArns; those of cluster.viewerRoleArns see pods only",
  ],
  [/IAM simulates users and roles only/, "deploy as a role"],
  [/Throttling|Rate exceeded/, "run doctor again in a minute"],
  [/AccessDenied|not authorized|Unauthorized/i, "let this role do what the message names, or ask the people who may"],
  [/^(terraform version|aws --version)\b.* timed out/, "run doctor again when this machine is less busy"],
  [/connect|timed out|resolve|DNS|ENOTFOUND|EAI_AGAIN/i, "check that this machine reaches AWS: proxy, VPN, DNS"],
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
