/** One thing that is wrong with a configuration, and what to do about it. */
export interface Violation {
  /** Where it is, in the user's own configuration: `database.storageGiB`. */
  readonly path: string;

  /** What is wrong, naming the value that was given. */
  readonly problem: string;

  /** What to write instead. */
  readonly remedy: string;

  /**
   * Address of the page that says so.
   *
   * @default - none: it follows from the configuration
   */
  readonly document?: string;
}

/** What is wrong with a setting whose path is known elsewhere. */
export type Problem = Omit<Violation, "path">;

/** A computed plan, and everything that is wrong with its input. */
export interface Planned<Plan> {
  /** The plan, complete even where violations exist, so that every other check can still run. */
  readonly plan: Plan;

  /** Every problem found, not only the first. */
  readonly violations: readonly Violation[];
}

/** Formats a violation as one line: `path: problem; remedy`, and the page that says so, where there is one. */
export function formatViolation({ path, problem, remedy, document }: Violation): string {
  return `${path}: ${problem}; ${remedy}${document === undefined ? "" : ` (${document})`}`;
}

/** A configuration that is refused, with all of its violations. */
export class ConfigurationError extends Error {
  /** Every problem, at least one. */
  public readonly violations: readonly Violation[];

  /**
   * @param violations - What is wrong; at least one entry.
   */
  public constructor(violations: readonly Violation[]) {
    super(violations.map(formatViolation).join("\n"));
    this.violations = violations;
    this.name = "ConfigurationError";
  }
}
