/** The facts of an environment that every plan may need, already checked for shape. */
export interface EnvironmentContext {
  /** Name of the environment and of its stack, such as `prod`. */
  readonly name: string;

  /** Twelve-digit AWS account id. */
  readonly account: string;

  /** AWS region, such as `us-east-1`. */
  readonly region: string;

  /** Host name users open, such as `retool.example.com`; lower case, no trailing dot. */
  readonly domain: string;

  /** Prefix of every name this environment makes: `retool-<name>`, or with the organization's own beginning. */
  readonly prefix: string;

  /** Prefix of the names of its secrets: `retool/<name>`, or with the organization's own beginning. */
  readonly secretPath: string;

  /** Namespace of Retool, its Secrets and its policies in the cluster; no other instance there has the same. */
  readonly namespace: string;

  /** How data is treated when its resource would go. */
  readonly dataProtection: DataProtection;
}

/**
 * How data is treated when its resource would go.
 *
 * `protected` refuses to destroy it; `retain` forgets it and leaves it in the account; `disposable` deletes it.
 */
export type DataProtection = "protected" | "retain" | "disposable";
