import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";

import { adoptLeftovers } from "../cli/adopt";
import { BareStack } from "../cli/bare-stack";
import { unknownReleases } from "../cli/helm-records";
import type { KubernetesApi } from "../cli/kubernetes-api";
import { readStack } from "../cli/stacks";
import type { Terraform } from "../cli/terraform";
import { local } from "../config/local";
import type { PlannedResource } from "../domain/lifecycle/adoption";
import { plannedObjects } from "../domain/lifecycle/cluster-leftovers";
import { planEnvironment } from "../domain/environment/environment";
import { KEPT, paths } from "./paths";

/** Whether the last apply did not end well: something may exist that Terraform's state does not know. */
export function isApplyUnfinished(): boolean {
  return existsSync(paths.applying);
}

/** Notes that an apply has begun, or that none is unfinished any more. */
export function noteApplying(isApplying: boolean): void {
  mkdirSync(KEPT, { recursive: true });
  if (isApplying) writeFileSync(paths.applying, "");
  else rmSync(paths.applying, { force: true });
}

/**
 * Takes into state what an interrupted apply made in AWS and could not note, as `cdktf-retool adopt` does.
 *
 * @param env - Environment of Terraform and of the AWS CLI.
 * @returns Addresses of what was taken, and what the next apply makes.
 */
export async function adoptInterrupted(
  terraform: Terraform,
  env: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<{ readonly adopted: readonly string[]; readonly creates: readonly PlannedResource[] }> {
  const { account, region } = local;
  let creates: readonly PlannedResource[] = [];
  const stack = new BareStack(paths.stack, readStack({ folder: paths.stack }), env);
  const adoptions = await adoptLeftovers(terraform, stack, {
    tags: planEnvironment(local).tags,
    place: { account, region, partition: "aws" },
    onProgress,
    onPlanned: (planned) => (creates = planned),
  });
  return { adopted: adoptions.filter(({ adopted }) => adopted).map(({ address }) => address), creates };
}

/** The parts of Terraform that take an object into state. */
type TakingTerraform = Pick<Terraform, "take">;

/**
 * Takes into state what an interrupted apply made in a cluster and could not note. A Secret is deleted instead: the next apply writes
 * it again from Secrets Manager, and an import would leave its values in state.
 *
 * @param since - Older objects are somebody else's, and stay as they are.
 * @returns Addresses of what was taken or deleted.
 */
export async function takeObjects(
  creates: readonly PlannedResource[],
  terraform: TakingTerraform,
  api: Pick<KubernetesApi, "madeAt" | "call">,
  since: Date,
): Promise<string[]> {
  const taken: string[] = [];
  for (const { address, id, path, isSecret } of plannedObjects(creates)) {
    const made = await api.madeAt(path);
    if (made === undefined || made < since) continue;
    if (isSecret) await api.call("DELETE", path);
    else await terraform.take(address, id);
    taken.push(address);
  }
  return taken;
}

/**
 * Takes into state, before a destroy, the releases that an interrupted apply made and could not note.
 *
 * @param since - A release that was there before is somebody else's, and stays as it is.
 * @param folder - Folder of the synthesized stack.
 * @returns Addresses of what was taken.
 */
export async function takeReleases(
  terraform: Pick<Terraform, "take" | "stateList">,
  api: Pick<KubernetesApi, "call">,
  since: Date,
  folder: string = paths.stack,
): Promise<string[]> {
  const unknown = await unknownReleases(api, folder, await terraform.stateList(), since);
  for (const { address, id } of unknown) await terraform.take(address, id);
  return unknown.map(({ address }) => address);
}
