import type { EnvironmentPlan } from "../environment/environment";
import { placeholdersOf } from "../environment/placeholders";
import { platformWarnings } from "../environment/platform";
import { supportWarnings } from "../versions/retool-releases";
import { type Finding, good, problem, warning } from "./finding";

/** Finds what was copied from an example and never replaced. */
export function placeholderFindings(plan: EnvironmentPlan): Finding[] {
  const found = placeholdersOf(plan);
  if (found.length === 0) return [good("placeholders", "none is left")];
  return [
    problem("placeholders", {
      what: `${found.join(", ")} ${found.length === 1 ? "is a placeholder" : "are placeholders"} from an example`,
      why: "nobody owns them, so nothing can be deployed or reached with them",
      remedy: "write your own",
      link: "docs/guides/deploy.md",
    }),
  ];
}

/** Finds versions whose support ends or has ended. */
export function supportFindings(plan: EnvironmentPlan, today: string): Finding[] {
  const { context, retool, cluster, retoolVersion } = plan;
  const upgrade = `npx cdktf-retool upgrade ${context.name}`;
  const warned = (texts: readonly string[], why: string, remedy: string): Finding[] =>
    texts.map((what) =>
      warning("support", { what: what.replace(/\.$/, ""), why, remedy, link: "docs/guides/upgrades.md" }),
    );
  const found = [
    ...warned(
      supportWarnings(retool.version, today),
      "Retool mends no faults of a line after that day",
      `plan it: ${upgrade} --to <version>`,
    ),
    ...warned(
      platformWarnings(plan, today),
      "faults are no longer mended, and AWS asks six times as much for an old Kubernetes",
      `plan it: ${upgrade} --platform`,
    ),
  ];
  const supported = good(
    "support",
    `Retool ${retoolVersion} and Kubernetes ${cluster.kubernetesVersion} are supported`,
  );
  return found.length > 0 ? found : [supported];
}
