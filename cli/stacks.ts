import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type Layered, type StackPlan, stacksOf } from "../domain/environment/layers";
import type { TerraformJson } from "../domain/lifecycle/retained-data";
import type { StackJson } from "./bare-stack";
import { projectRoot } from "./configuration";
import { Failure } from "./failure";

/** A stack of an environment, and the folder in which it is synthesized. */
export interface SynthesizedStack extends StackPlan {
  /** Folder that holds `cdk.tf.json`. */
  readonly folder: string;
}

/** Folder of a stack in this project, whether it is synthesized or not. */
export function stackFolder(stack: string): string {
  return join(projectRoot(), "cdktf.out", "stacks", stack);
}

/** The command that synthesizes this project: its own script where it has one. */
export function synthCommand(folder = projectRoot()): string {
  const file = join(folder, "package.json");
  const { scripts } = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { readonly scripts?: Readonly<Record<string, string>> })
    : {};
  return scripts?.["synth"] === undefined ? "npx cdktf synth" : "npm run synth";
}

/**
 * The synthesized stacks of an environment: one, or its layers with the lowest first.
 *
 * @throws {@link Failure} where one is not synthesized.
 */
export function synthesizedStacks(plan: Layered): readonly SynthesizedStack[] {
  return stacksOf(plan).map((stack) => {
    const folder = stackFolder(stack.name);
    if (!existsSync(join(folder, "cdk.tf.json")))
      throw new Failure(`${stack.name}: not synthesized; run ${synthCommand()} first`);
    return { ...stack, folder };
  });
}

/** A synthesized stack as Terraform reads it. */
export function readStack({ folder }: Pick<SynthesizedStack, "folder">): StackJson & TerraformJson {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackJson & TerraformJson;
}
