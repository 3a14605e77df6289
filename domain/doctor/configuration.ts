import type { EnvironmentPlan } from "../environment/environment";
import { placeholdersOf } from "../environment/placeholders";
import { imageWarnings, kubernetesWarnings } from "../environment/platform";
import { supportWarnings } from "../versions/retool-releases";
import { type Finding, good, problem, warning } from "./finding";

/** Finds what was copied from an example and never replaced. */
export function placeholderFindings(plan: EnvironmentPlan): Finding[] {
  const { name } = plan.context;
  const found = placeholdersOf(plan);
  if (found.length === 0) return [good("placeholders", "none is left")];
  return [
    problem("placeholders", {
      what: `${found.join(", ")} ${found.length === 1 ? "is a placeholder" : "are placeholders"} from an example`,
      why: "they are examples: no account, name or address of them is yours",
      remedy: `set ${namesIn(found)} in the configuration of ${name}`,
      link: "docs/guides/deploy.md",
    }),
  ];
}

/** The settings that placeholders stand in, each once. */
function namesIn(placeholders: readonly string[]): string {
  const names = [...new Set(placeholders.map((each) => each.split(" ")[0] ?? each))];
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}

/** Finds versions whose support ends or has ended. */
export function supportFindings(plan: EnvironmentPlan, today: string): Finding[] {
  const { context, retool, cluster, retoolVersion } = plan;
  const upgrade = `npx cdktf-retool upgrade ${context.name}`;
  const warned = (texts: readonly string[], why: string, remedy: string): Finding[] =>
    texts.map((what) =>
      warning("support", { what: what.replace(/\.$/, ""), why, remedy, link: "docs/guides/upgrades.md" }),
    );
  const isOwn = cluster.kind === "new";
  const found = [
    ...warned(
      supportWarnings(retool.version, today),
      "Retool mends no faults of a line after that day",
      `plan it: ${upgrade} --to <version>`,
    ),
    ...warned(
      kubernetesWarnings(plan, today),
      "AWS asks six times as much for an old Kubernetes",
      isOwn
        ? `plan it: ${upgrade} --platform`
        : `ask the owner of ${cluster.name} when it is upgraded, and deploy that version then`,
    ),
    ...warned(
      imageWarnings(cluster, today),
      "nodes miss the security fixes of later images",
      `plan it: ${upgrade} --platform`,
    ),
  ];
  const supported = good(
    "support",
    `Retool ${retoolVersion} and Kubernetes ${cluster.kubernetesVersion}, which the configuration says, are supported`,
  );
  return found.length > 0 ? found : [supported];
}
