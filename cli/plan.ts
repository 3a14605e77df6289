import { checkEnvironment, type EnvironmentPlan } from "../domain/environment/environment";
import { environmentNotes } from "../domain/environment/notes";
import { isSettable } from "../domain/environment/settable";
import { compareSettings, listSettings, type Setting } from "../domain/environment/settings";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { urlTable } from "../domain/front-door/report";
import { checkNeighbours, plannedEnvironment, singleEnvironment } from "./environments";
import { Failure } from "./failure";
import { planDifference } from "./plan-diff";
import { overviewOf, overviewText } from "./plan-overview";
import { changeLines, settingsTable } from "./settings-table";
import type { OutputOptions, Report } from "./report";
import { bullets, numbered, section } from "./text";

/** How {@link plan} prints. */
export interface PlanOptions extends OutputOptions {
  /** Every setting with its value and origin; with {@link PlanOptions.diff} every value that differs. */
  readonly all?: true;
  /** Only the settings that differ from the defaults. */
  readonly changed?: true;
  /** Another environment, or a commit. */
  readonly diff?: string;
}

/**
 * Shows an environment: on one screen, as a list of settings, or compared with another. Needs no network and no credentials.
 *
 * @throws {@link Failure} where more than one of the views is asked for.
 */
export function plan(name: string, options: PlanOptions): Report {
  const views = (["all", "changed", "diff"] as const).filter((view) => options[view] !== undefined);
  if (views.includes("changed") && views.length > 1) {
    throw new Failure(`plan: ${views.map((view) => `--${view}`).join(" and ")} are different views; use one of them`);
  }
  const { spec, plan: planned } = singleEnvironment(name);
  checkNeighbours();
  if (options.diff !== undefined)
    return planDifference(name, { spec, plan: planned }, options.diff, { all: options.all, today: today() });
  if (options.all === true) return allSettings(spec, planned);
  if (options.changed === true) return changedSettings(spec, planned);
  const overview = overviewOf(name, plannedEnvironment(name), today());
  return { json: overview, text: () => overviewText(overview) };
}

/** Today as `YYYY-MM-DD`. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function allSettings(spec: EnvironmentSpec, planned: EnvironmentPlan): Report {
  const settings = listSettings(spec, planned, isSettable);
  const { deviations, steps } = environmentNotes(planned, today());
  const urls = urlTable(planned).map(
    ({ host, path, target, port, purpose, certificateName, record }) =>
      `https://${host}${path} -> ${target}:${port}, ${purpose} (certificate ${certificateName}, record ${record})`,
  );
  const differences = deviations.map(
    ({ subject, documented, here, reason }) => `${subject}: ${here} (documented: ${documented}); ${reason}`,
  );
  return {
    json: settings,
    text: () =>
      settingsTable(settings) +
      section("Where requests go", bullets(urls)) +
      section(
        `Outbound connections (egress.level is "${planned.egress.level}")`,
        bullets(levelLines(planned.egress.costs)),
      ) +
      section("Differs from Retool's documents on purpose", bullets(differences)) +
      section("After the deployment, by a person", numbered(steps)),
  };
}

/** What every environment has to say, so that it has no default. */
const REQUIRED = [
  "name",
  "account",
  "region",
  "domain",
  "retoolVersion",
  "access",
  "clusterAccess",
  "license",
] as const;

function changedSettings(spec: EnvironmentSpec, planned: EnvironmentPlan): Report {
  const bare = Object.fromEntries(REQUIRED.map((key) => [key, spec[key]])) as unknown as EnvironmentSpec;
  const written = (settings: readonly Setting[]): Setting[] => settings.filter(({ path }) => isSettable(path));
  const defaults = written(listSettings(bare, checkEnvironment(bare).plan, isSettable));
  const changes = compareSettings(defaults, written(listSettings(spec, planned, isSettable)));
  return {
    json: changes,
    text: () => {
      const { name } = spec;
      if (changes.length === 0) return `${name}: every setting that has a default keeps it.\n`;
      return section(`${name}: default -> configured`, changeLines(changes)).trimStart();
    },
  };
}

function levelLines(costs: EnvironmentPlan["egress"]["costs"]): string[] {
  return Object.entries(costs).map(([level, { perMonth, byUse, buys }]) =>
    [`${level}, $${perMonth.toFixed(2)} a month${byUse === "" ? "" : ` and ${byUse}`}`, buys].join(": "),
  );
}
