/** One secret with its name in Secrets Manager. */
export interface SecretPlan {
  /** Whether the value is made here or was stored before. */
  readonly kind: "generate" | "existing";
  /** Name of the secret in Secrets Manager. */
  readonly name: string;
  /** What the secret is for, in one line. */
  readonly description: string;
  /** Number that grows when the value changes on purpose. */
  readonly revision: number;
  /** Whether Terraform refuses a plan that replaces the value. */
  readonly preventReplacement: boolean;
}

/** A secret that was stored before. */
export function existingSecret(name: string, description: string, revision: number): SecretPlan {
  return { kind: "existing", name, description, revision, preventReplacement: false };
}
