import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { replacedBy } from "../domain/environment/replacements";
import { isSettable } from "../domain/environment/settable";
import { compareSettings, listSettings, type SettingChange } from "../domain/environment/settings";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { environmentsAt } from "./commit";
import { sumTable } from "./columns";
import type { Environments } from "./configuration";
import { allEnvironments } from "./environments";
import { Failure } from "./failure";
import { listCost } from "./list-cost";
import { amounts, signedDollars } from "./money";
import type { Report } from "./report";
import { changeLines } from "./settings-table";
import { bullets, section } from "./text";

/** An environment with its plan. */
interface Planned {
  readonly spec: EnvironmentSpec;
  readonly plan: EnvironmentPlan;
}

/** Compares an environment with another one, or with itself in a commit. */
export function planDifference(name: string, now: Planned, other: string): Report {
  const sibling = namedIn(allEnvironments(), other);
  const spec = sibling ?? namedIn(environmentsAt(other), name);
  if (spec === undefined) throw new Failure(`--diff: ${name} is not in the environments of ${other}; it is new`);
  const before: Planned = { spec, plan: planEnvironment(spec) };
  const changes = changesBetween(before, now);
  const decided = changes.filter(({ path }) => isSettable(path));
  const replaced = sibling === undefined ? replacedBy(changes.map(({ path }) => path)) : [];
  const costs = { from: listCost(before.plan).total, to: listCost(now.plan).total };
  return {
    json: { from: other, to: name, changes, replaced, cost: costs },
    text: () => {
      if (changes.length === 0) return `${name} is the same as ${other}.\n`;
      const computed = changes.filter(({ path }) => !isSettable(path));
      const delta = costs.to.workingDays - costs.from.workingDays;
      return [
        section(`What is written: ${other} -> ${name}`, changeLines(decided)),
        section("What follows", changeLines(computed)),
        section("What it replaces", bullets(replaced)),
        section(`USD a month: ${signedDollars(delta)} with working days`, [
          ...sumTable([
            ["", "at rest", "working days", "at most"],
            [other, ...amounts(costs.from)],
            [name, ...amounts(costs.to)],
          ]),
        ]),
      ]
        .join("")
        .trimStart();
    },
  };
}

/** An environment by its name, or by its key in the configuration. */
function namedIn(environments: Environments, name: string): EnvironmentSpec | undefined {
  return Object.values(environments).find((spec) => spec.name === name) ?? environments[name];
}

/** What the part about egress repeats of the network is left out. */
function changesBetween(before: Planned, now: Planned): SettingChange[] {
  const settings = ({ spec, plan }: Planned): ReturnType<typeof listSettings> => listSettings(spec, plan, isSettable);
  return compareSettings(settings(before), settings(now)).filter(({ path }) => !path.startsWith("egress.ranges."));
}
