import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { adoptionCandidates, bearerOfTags, type Candidate, isOfEnvironment } from "../domain/lifecycle/adoption";
import { planEnvironment } from "../domain/environment/environment";
import { BareStack, type StackJson } from "./bare-stack";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import { Terraform } from "./terraform";

/** What became of one candidate that exists. */
export interface Adoption {
  /** Address in Terraform. */
  readonly address: string;
  /** Name in AWS. */
  readonly id: string;
  /** Whether state knows it now; otherwise it belongs to somebody else. */
  readonly adopted: boolean;
}

/**
 * Takes into state what a killed deployment made and could not note.
 *
 * Whatever the next apply would make under a name that is taken is looked at first, outside the stack's state, and imported
 * only where its tags are those of the environment. Nothing in AWS changes.
 *
 * @param tags - Tags of everything in the environment.
 */
export async function adoptLeftovers(
  terraform: Pick<Terraform, "plannedCreates">,
  stack: Pick<BareStack, "look" | "take">,
  tags: Readonly<Record<string, string>>,
): Promise<Adoption[]> {
  const adoptions: Adoption[] = [];
  for (const candidate of adoptionCandidates(await terraform.plannedCreates())) {
    const found = await stack.look(candidate);
    if (found === undefined) continue;
    const adopted = isOfEnvironment(await tagged(stack, candidate, found), tags) && (await stack.take(candidate));
    adoptions.push({ address: candidate.address, id: candidate.id, adopted });
  }
  return adoptions;
}

/** What carries the tags of something found. */
async function tagged(
  stack: Pick<BareStack, "look">,
  candidate: Candidate,
  found: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const bearer = bearerOfTags(candidate, found);
  return bearer === undefined ? found : stack.look(candidate, bearer);
}

/** Adopts what is left over in the stack of an environment, which must have been synthesized, and prints it. */
export async function adopt(name: string): Promise<void> {
  const { tags } = planEnvironment(environmentNamed(name));
  const folder = join(process.cwd(), "cdktf.out", "stacks", name);
  const file = join(folder, "cdk.tf.json");
  if (!existsSync(file)) throw new Failure(`${name}: not synthesized; run npm run synth first`);
  const terraform = new Terraform(folder, process.env);
  await terraform.init();
  const stack = new BareStack(folder, JSON.parse(readFileSync(file, "utf8")) as StackJson, process.env);
  process.stdout.write(adoptionText(await adoptLeftovers(terraform, stack, tags), name));
}

/** Says what was adopted and what was not. */
export function adoptionText(found: readonly Adoption[], name: string): string {
  if (found.length === 0) return `${name}: nothing is left over\n`;
  const lines = found.map(({ address, id, adopted }) =>
    adopted
      ? `${address}: adopted ${id}; read the next plan before you approve it`
      : `${address}: left alone ${id}, which exists without the tags of ${name}; find out whose it is, or take another name`,
  );
  return `${lines.join("\n")}\n`;
}
