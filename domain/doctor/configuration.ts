import type { EnvironmentPlan } from "../environment/environment";
import { placeholdersOf } from "../environment/placeholders";
import { platformWarnings } from "../environment/platform";
import { supportWarnings } from "../versions/retool-releases";
import { type Finding, good } from "./finding";

/** Finds what was copied from an example and never replaced. */
export function placeholderFindings(plan: EnvironmentPlan): Finding[] {
  const found = placeholdersOf(plan).map((what): Finding => ({
    check: "placeholders",
    grade: "problem",
    what: `${what} stands for your own in examples`,
    why: "nobody owns it, so nothing can be deployed or reached with it",
    remedy: "write your own",
    link: "docs/guides/deploy.md",
  }));
  return found.length > 0 ? found : [good("placeholders", "none is left")];
}

/** Finds versions whose support ends or has ended. */
export function supportFindings(plan: EnvironmentPlan, today: string): Finding[] {
  const { retool, cluster, retoolVersion } = plan;
  const texts = [...supportWarnings(retool.version, today), ...platformWarnings(plan, today)];
  const found = texts.map((what): Finding => ({
    check: "support",
    grade: "warning",
    what: what.replace(/\.$/, ""),
    why: "after that day faults are not mended, and AWS asks six times as much for an old Kubernetes",
    remedy: "plan the upgrade: npx cdktf-retool upgrade <environment> --to <version>",
    link: "docs/guides/upgrades.md",
  }));
  const supported = good(
    "support",
    `Retool ${retoolVersion} and Kubernetes ${cluster.kubernetesVersion} are supported`,
  );
  return found.length > 0 ? found : [supported];
}
