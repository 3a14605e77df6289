import type { StatePlan } from "../environment/state";
import type { Fact } from "../common/fact";
import { type Finding, good, judged } from "./finding";

/** A lock as Terraform writes it next to the state. */
export interface StateLock {
  /** Its id, by which it is released. */
  readonly id: string;
  /** User and machine that took it. */
  readonly who: string;
  /** What runs, or ran. */
  readonly operation: string;
  /** When it was taken, in ISO 8601. */
  readonly since: string;
}

/** What is known of the bucket of the state. */
export interface StateFacts {
  /** Whether the bucket exists and may be used. */
  readonly exists: boolean;
  /** The lock; undefined where none is held. */
  readonly lock?: StateLock;
}

const LINK = "docs/guides/interrupted-apply.md";

/** A stack of an environment with its state in a bucket. */
export interface StackState {
  /** Name of the environment. */
  readonly environment: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Where its state is. */
  readonly state: Extract<StatePlan, { readonly kind: "s3" }>;
}

/** Judges where the state is, and whether somebody holds its lock. */
export function stateFindings(
  { environment, stack, state }: StackState,
  fact: Fact<StateFacts>,
  now: string,
): Finding[] {
  return judged("state", fact, ({ exists, lock }) => {
    if (!exists)
      return {
        check: "state",
        grade: "problem",
        what: `there is no bucket ${state.bucket} of this account`,
        why: "Terraform has nowhere to note what it makes",
        remedy: `npx cdktf-retool bootstrap ${environment}`,
        link: "docs/guides/deploy.md",
      };
    if (lock === undefined) return good("state", `s3://${state.bucket}/${state.key}, not locked`);
    return {
      check: "state",
      grade: "problem",
      what: `state locked by ${lock.who} since ${lock.since} (${ago(lock.since, now)}, ${lock.operation})`,
      why: "no deployment can begin while it is held, and releasing the lock of one that runs destroys the state",
      remedy:
        `ask ${lock.who} if that run is still active; if not, run: ` +
        `terraform -chdir=cdktf.out/stacks/${stack} force-unlock ${lock.id}`,
      link: LINK,
    };
  });
}

function ago(since: string, now: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(now) - Date.parse(since)) / 60_000));
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}
