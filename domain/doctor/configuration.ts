import type { EnvironmentPlan } from "../environment/environment";
import { platformWarnings } from "../environment/platform";
import type { EnvironmentSpec } from "../environment/spec";
import { supportWarnings } from "../versions/retool-releases";
import { type Finding, good } from "./finding";

/** Values that stand for one's own in examples: documentation domains, ranges and accounts. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)example\.(com|org|net)$/, "your own domain"],
  [/^(203\.0\.113|198\.51\.100|192\.0\.2)\.\d+(\/\d+)?$/, "your own address ranges"],
  [/^(111122223333|444455556666|123456789012|000000000000)$/, "the id of your account"],
];

/** Finds what was copied from an example and never replaced. */
export function placeholderFindings(spec: EnvironmentSpec): Finding[] {
  const given: readonly (readonly [string, string])[] = [
    ["account", spec.account],
    ["domain", spec.domain],
    ...listed("access", spec.access),
    ...listed("clusterAccess", spec.clusterAccess),
  ];
  const found = given.flatMap(([path, value]): Finding[] => {
    const instead = PLACEHOLDERS.find(([pattern]) => pattern.test(value))?.[1];
    if (instead === undefined) return [];
    return [
      {
        check: "placeholders",
        grade: "problem",
        what: `${path} is "${value}", which stands for ${instead} in examples`,
        why: "nobody owns it, so nothing can be deployed or reached with it",
        remedy: `write ${instead}`,
        link: "docs/guides/deploy.md",
      },
    ];
  });
  return found.length > 0 ? found : [good("placeholders", "none is left")];
}

function listed(path: string, value: string | readonly string[]): [string, string][] {
  return typeof value === "string" ? [[path, value]] : value.map((range, index) => [`${path}[${index}]`, range]);
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
