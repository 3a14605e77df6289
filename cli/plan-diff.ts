import { counted } from "../domain/common/counted";
import type { CostPlan } from "../domain/cost/cost";
import type { MonthlyCost } from "../domain/cost/line";
import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { followsFromIdentity, IDENTITY } from "../domain/environment/differences";
import { placeholderWarnings } from "../domain/environment/notes";
import { placeholdersOf } from "../domain/environment/placeholders";
import { replacedBy } from "../domain/environment/replacements";
import { isSettable } from "../domain/environment/settable";
import { compareSettings, listSettings, type Setting, type SettingChange } from "../domain/environment/settings";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { environmentsAt } from "./commit";
import { titledTable } from "./columns";
import type { Environments } from "./configuration";
import { allEnvironments } from "./environments";
import { Failure } from "./failure";
import { listCost } from "./list-cost";
import { amounts, signedAmounts, signedDollars } from "./money";
import { factsOf, figuresOf } from "./plan-figures";
import { AMOUNTS, factLine, partsOf, warningLines, warningsOf } from "./plan-overview";
import type { Report } from "./report";
import { changeLines } from "./settings-table";
import { bullets, colors, section, wrap } from "./text";

/** An environment with its plan. */
interface Planned {
  readonly spec: EnvironmentSpec;
  readonly plan: EnvironmentPlan;
}

/**
 * Why a value differs: somebody wrote another one; its environment has another name, account, region or domain; or it follows from
 * what was written.
 */
type Cause = "written" | "identity" | "follows";

/** A value that differs, and why. */
interface Difference extends SettingChange {
  readonly cause: Cause;
}

/** How {@link planDifference} shows what it finds. */
interface DifferenceOptions {
  /** Every value instead of what a person asks for first. */
  readonly all: true | undefined;
  /** The day as `YYYY-MM-DD`. */
  readonly today: string;
}

/** Compares an environment with another one, or with itself in a commit. */
export function planDifference(name: string, now: Planned, other: string, options: DifferenceOptions): Report {
  const sibling = namedIn(allEnvironments(), other);
  const spec = sibling ?? namedIn(environmentsAt(other), name);
  if (spec === undefined) throw new Failure(`--diff: ${name} is not in the environments of ${other}; it is new`);
  const before: Planned = { spec, plan: planEnvironment(spec) };
  const changes = differencesOf(before, now, sibling === undefined ? "itself" : "sibling");
  const replaced = sibling === undefined ? replacedBy(changes, before.plan) : undefined;
  const costs = { from: listCost(before.plan), to: listCost(now.plan) };
  const warnings = newWarnings(before, now, options.today);
  return {
    json: {
      ...{ from: other, to: name, changes, warnings, replaced: replaced ?? [] },
      cost: { from: costs.from.total, to: costs.to.total },
    },
    text: () => {
      if (changes.length === 0) return `${name} is the same as ${other}.\n`;
      return [
        `${wrap(sibling === undefined ? `${name} as it is now, compared with ${other}` : `${name} compared with ${other}`)}\n`,
        section("Settings that differ", settingLines(changes)),
        section("New warnings", warningLines(warnings)),
        section("What it replaces", replacedLines(name, replaced)),
        costTable({ other, name }, costs),
        section("What follows", options.all === true ? allLines(changes) : followingLines(before, now, changes)),
        section(
          "More",
          options.all === true ? [] : [wrap(`npx cdktf-retool plan ${name} --diff ${other} --all`, "  ")],
        ),
      ].join("");
    },
  };
}

/** An environment by its name, or by its key in the configuration. */
function namedIn(environments: Environments, name: string): EnvironmentSpec | undefined {
  return Object.values(environments).find((spec) => spec.name === name) ?? environments[name];
}

/** What the part about egress repeats of the network is left out. */
function differencesOf(before: Planned, now: Planned, compared: "itself" | "sibling"): Difference[] {
  const settings = ({ spec, plan }: Planned): Setting[] => listSettings(spec, plan, isSettable);
  const [old, current] = [settings(before), settings(now)];
  const written = new Set([...old, ...current].flatMap(({ path, origin }) => (origin === "config" ? [path] : [])));
  const causeOf = (change: SettingChange): Cause => {
    const names = IDENTITY.some((key) => key === change.path);
    if (names ? compared === "sibling" : followsFromIdentity(change, before.spec, now.spec)) return "identity";
    return written.has(change.path) ? "written" : "follows";
  };
  return compareSettings(old, current)
    .filter(({ path }) => !path.startsWith("egress.ranges."))
    .map((change) => ({ ...change, cause: causeOf(change) }));
}

function by(cause: Cause, changes: readonly Difference[]): Difference[] {
  return changes.filter((change) => change.cause === cause);
}

/** What was written, and in one line what says only that these are two environments. */
function settingLines(changes: readonly Difference[]): string[] {
  const identity = by("identity", changes).map(({ path }) => path);
  const named = IDENTITY.filter((key) => identity.includes(key)).reverse();
  const others = identity.length - named.length;
  const count = counted(others, "value");
  const made = named.length === 0 ? `${count} with the name, account or domain in it` : `${count} made of them`;
  const parts = [...named, ...(others === 0 ? [] : [made])];
  const line = parts.join(", ").replace(/, (?=[^,]*$)/, " and ");
  return [...changeLines(by("written", changes)), ...(parts.length === 0 ? [] : [colors().dim(wrap(line, "  "))])];
}

function allLines(changes: readonly Difference[]): string[] {
  return changeLines([...by("follows", changes), ...by("identity", changes)]);
}

/** Facts of which a part differs, and defaults that follow from what was written. */
function followingLines(before: Planned, now: Planned, changes: readonly Difference[]): string[] {
  const facts = factsOf(now.spec.name, figuresOf(now.plan));
  const old = new Map(factsOf(before.spec.name, figuresOf(before.plan)));
  return [
    ...facts.flatMap(([label, text]) => changedFact(label, old.get(label) ?? "", text, [before.spec, now.spec])),
    ...changeLines(by("follows", changes).filter(({ path }) => isSettable(path))),
  ];
}

/** The parts of a fact that differ, before and after. */
function changedFact(
  label: string,
  from: string,
  to: string,
  [before, now]: readonly [EnvironmentSpec, EnvironmentSpec],
): string[] {
  const [old, current] = [from.split("; "), to.split("; ")];
  const same = (one: string, other: string): boolean => followsFromIdentity({ from: one, to: other }, before, now);
  const gone = old.filter((part) => !current.some((each) => same(part, each)));
  const come = current.filter((part) => !old.some((each) => same(each, part)));
  if (gone.length + come.length === 0) return [];
  return [factLine(label, gone.join("; ")), colors().cyan(factLine("", `-> ${come.join("; ")}`))];
}

/** Warnings of now that did not hold before. */
function newWarnings(before: Planned, now: Planned, today: string): string[] {
  const old = warningsOf(before.plan, today);
  const placeholders = placeholdersOf(before.plan);
  // The warning that lists them is another text, and no news, when some of them are replaced.
  const isShorter = placeholdersOf(now.plan).every((placeholder) => placeholders.includes(placeholder));
  const fewer = isShorter ? placeholderWarnings(now.plan) : [];
  return warningsOf(now.plan, today).filter(
    (warning) =>
      !fewer.includes(warning) &&
      !old.some((each) => followsFromIdentity({ from: each, to: warning }, before.spec, now.spec)),
  );
}

/** Nothing between two environments, of which neither becomes the other. */
function replacedLines(name: string, replaced: readonly string[] | undefined): string[] {
  if (replaced === undefined) return [];
  const nothing = `nothing that is known to make a new resource; npx cdktf diff ${name} has Terraform's word`;
  return bullets(replaced.length === 0 ? [nothing] : replaced);
}

/** Before and after, and the parts that differ. */
function costTable(
  { other, name }: { readonly other: string; readonly name: string },
  { from, to }: { readonly from: CostPlan; readonly to: CostPlan },
): string {
  const delta = to.total.workingDays - from.total.workingDays;
  const title = `USD a month: ${delta === 0 ? "no change" : `${signedDollars(delta)} with working days`}`;
  const none: MonthlyCost = { atRest: 0, workingDays: 0, atMost: 0 };
  const [old, current] = [partsOf(from.lines), partsOf(to.lines)];
  const parts = [...new Set([...current, ...old].map(({ part }) => part))].flatMap((part) => {
    const [was, is] = [old, current].map((each) => each.find((line) => line.part === part) ?? none) as [
      MonthlyCost,
      MonthlyCost,
    ];
    const change = signedAmounts(was, is);
    return change === undefined ? [] : [[part, ...change]];
  });
  return titledTable(title, AMOUNTS, [[other, ...amounts(from.total)], ...parts, [name, ...amounts(to.total)]]);
}
