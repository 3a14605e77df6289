/** What AWS's Service Authorization Reference says of an action. */
export interface ActionFacts {
  /** Types of resources that it is asked for, such as `ec2:vpc`, each with the tags that a condition may ask for. */
  readonly on: Readonly<Record<string, readonly ("request" | "resource")[]>>;
  /** Those of the types that every request names. */
  readonly required: readonly string[];
  /** Tags that a condition may ask for on any resource. */
  readonly tags: readonly ("request" | "resource")[];
  /** Actions that the caller needs as well. */
  readonly needs: readonly string[];
  /** Type of the resource that it makes, where its tags need an action that the reference does not list or lists for another type. */
  readonly makes?: string;
}
