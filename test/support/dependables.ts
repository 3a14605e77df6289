import { type ITerraformDependable, TerraformOutput, TerraformResource, type TerraformStack } from "cdktf";

import { synthesize } from "./synthesize";

/** Types of the resources that others must wait for, in the order they are named. */
export function resourceTypes(ready: readonly ITerraformDependable[]): string[] {
  return ready.map((dependable) =>
    dependable instanceof TerraformResource
      ? dependable.terraformResourceType
      : (dependable.fqn.split(".")[0] ?? dependable.fqn),
  );
}

/** What something that depends on a list of resources waits for, without the hashes of their names. */
export const dependencies = (define: (stack: TerraformStack) => readonly ITerraformDependable[]): string[] => {
  const { json } = synthesize((stack) => {
    new TerraformOutput(stack, "probe", { value: "", dependsOn: [...define(stack)] });
  });
  const output = json["output"]?.["probe"] as unknown as { readonly depends_on: readonly string[] };
  return output.depends_on.map((address) => address.replace(/^\$\{(.*)_[0-9A-F]{8}\}$/, "$1"));
};
