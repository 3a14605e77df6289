import { readFileSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import type { RetoolComponent } from "../../domain/catalog/row";
import { type DeploymentPatch, deploymentPatches } from "../../domain/chart/post-render";
import type { HelmValues } from "../../domain/chart/values";
import type { EgressRule } from "../../domain/egress/rules";
import { type EnvironmentPlan, planEnvironment } from "../../domain/environment/environment";
import { releaseValues } from "../../domain/environment/release-values";
import { RetoolStack } from "../../stacks";
import { prod } from "./environments/prod";
import { references } from "./retool-release";
import { type Block, Synthesized } from "./synthesize";

/** A row of docs/coverage.md. */
export interface CoverageRow {
  /** Number of its first statement. */
  readonly id: string;
  /** What it says is done here. */
  readonly here: string;
  /** Where that is seen. */
  readonly seen: string;
}

/** What a production environment with every default is. */
export interface Production {
  readonly plan: EnvironmentPlan;
  readonly values: HelmValues;
  readonly stack: Synthesized;
  readonly patches: readonly DeploymentPatch[];
}

/**
 * What a row of docs/coverage.md claims: the facts that must hold, and the words and figures that the row must then have. They hold of
 * a production environment with every default unless the row names another configuration.
 */
export type Claim = (production: Production) => {
  readonly holds: readonly boolean[];
  readonly says?: readonly string[];
};

/** Why nothing here can show what a row says; the row ends with one of them. */
export const UNSEEN = ["another platform", "inside Retool", "published by Retool"] as const;

/** Reads the rows of docs/coverage.md. */
export function coverageRows(): CoverageRow[] {
  return readFileSync(join(__dirname, "..", "..", "docs", "coverage.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("<!--"))
    .map((line) => {
      const [, here = "", seen = ""] = line.split(" | ").map((cell) => cell.trim());
      return { id: /<!-- (D\d+)/.exec(line)?.[1] ?? "", here, seen };
    });
}

/** Plans and synthesizes production once. */
export function production(): Production {
  const plan = planEnvironment(prod);
  const stack = new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), prod))) as Synthesized["json"]);
  return { plan, stack, values: releaseValues(plan, references), patches: deploymentPatches(plan.retool) };
}

/** A number as the page writes it. */
export function word(count: number): string {
  return ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][count] ?? String(count);
}

/** Whether one component may open connections to another. */
export function calls({ plan }: Production, from: RetoolComponent, to: RetoolComponent): boolean {
  return plan.egress.arrows.some((arrow) => arrow.from === from && arrow.to === to);
}

/** A rule about what may leave. */
export function ruleOf({ plan }: Production, id: string): EgressRule {
  const found = plan.egress.rules.find((rule) => rule.id === id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}

/** The Helm release of Retool. */
export function release({ stack }: Production): Block {
  return stack.all("helm_release").find(({ name }) => name === "retool")!;
}

/** What Retool's release waits for. */
export function waitsFor(facts: Production, type: string): boolean {
  return (release(facts)["depends_on"] as string[]).some((address) => address.startsWith(`${type}.`));
}

/** Whether there is a network policy of a name. */
export function hasPolicy({ stack }: Production, name: string): boolean {
  return stack.all("kubernetes_network_policy_v1").some(({ metadata }) => (metadata as Block)["name"] === name);
}
