import type { UpgradeStep } from "../domain/upgrade/upgrade";

/** Who does a step, as the reader is addressed. */
const ACTORS: Readonly<Record<UpgradeStep["by"], string>> = {
  operator: "You",
  owner: "The owner of the cluster",
  terraform: "Terraform",
  helm: "Helm",
  karpenter: "Karpenter",
  retool: "Retool",
  users: "Users",
};

/** A step of an upgrade as a person reads it. */
export function stepText({ by, what }: UpgradeStep): string {
  return `${ACTORS[by]}: ${what}`;
}
