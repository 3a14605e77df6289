import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Fact } from "../../domain/common/fact";
import type { Drift } from "../../domain/doctor/deployment";
import { Terraform } from "../terraform";
import { asked } from "./gather";
import { synthCommand } from "../stacks";

/** What a plan says of a resource, such as `# aws_lb.FrontDoor will be updated in-place`. */
const CHANGE = /^\s*# (\S+) ((?:will|must) be .*)$/;

/**
 * Plans with Terraform, which refreshes everything and takes the state's lock meanwhile, and reads what would change.
 *
 * @param folder - Folder of the synthesized stack.
 */
export async function driftOf(folder: string): Promise<Fact<Drift>> {
  if (!existsSync(join(folder, "cdk.tf.json")))
    return { unknown: `${folder} holds no synthesized stack; run ${synthCommand()} first` };
  return asked(async () => {
    const terraform = new Terraform(folder, process.env);
    await terraform.init();
    const { text } = await terraform.plan();
    return { changes: changesOf(text) };
  });
}

/** The changes in the text of a plan; what is only read is left out. */
export function changesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, address, what = ""] = CHANGE.exec(line) ?? [];
    return address === undefined || what.startsWith("will be read") ? [] : [`${address} ${what}`];
  });
}
