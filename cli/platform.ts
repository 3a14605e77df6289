import { planEnvironment } from "../domain/environment/environment";
import { planEnvironmentPlatform } from "../domain/environment/platform";
import type { EnvironmentSpec } from "../domain/environment/spec";
import type { PlatformUpgrade } from "../domain/upgrade/platform";
import type { Report } from "./report";
import { stepText } from "./step-text";
import { colors, numbered, section, wrap } from "./text";

/** What comes next for the control plane, add-ons, nodes and charts, and in which order. */
export function platformReport(name: string, spec: EnvironmentSpec): Report {
  const platform = planEnvironmentPlatform(planEnvironment(spec));
  return { json: platform, text: () => platformText(name, platform) };
}

/** The next step of a platform as a person reads it. */
export function platformText(name: string, { current, next, steps, ...other }: PlatformUpgrade): string {
  const { version, standardSupportUntil, extendedSupportUntil, nodeRelease } = current;
  const title = next === undefined ? `Kubernetes ${version}` : `Kubernetes ${version} to ${next.version}`;
  const support = `Kubernetes ${version} has standard support until ${standardSupportUntil} and extended support, at six times the hourly price, until ${extendedSupportUntil}. Nodes run the image ${nodeRelease}.`;
  const what =
    next === undefined
      ? "This package knows no newer version of Kubernetes."
      : `Next is ${next.version}, with standard support until ${next.standardSupportUntil}; versions are taken one at a time.`;
  return [
    `${colors().bold(`${name}: ${title}`)}\n${wrap(`${support} ${what}`)}\n`,
    section("What happens, in this order", numbered(steps.map(stepText))),
    section("Security updates of nodes between versions", numbered(other.imageSteps.map(stepText))),
    section("The next major version of PostgreSQL", numbered(other.postgresSteps.map(stepText))),
  ].join("");
}
