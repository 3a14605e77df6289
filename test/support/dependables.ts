import { type ITerraformDependable, TerraformResource } from "cdktf";

/** Types of the resources that others must wait for, in the order they are named. */
export function resourceTypes(ready: readonly ITerraformDependable[]): string[] {
  return ready.map((dependable) =>
    dependable instanceof TerraformResource
      ? dependable.terraformResourceType
      : (dependable.fqn.split(".")[0] ?? dependable.fqn),
  );
}
