import { checkEnvironment, type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { type PlannedSpec, sharedPlans, withGuests } from "../domain/environment/guests";
import { keyViolations, neighbourViolations } from "../domain/environment/neighbours";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { ConfigurationError } from "../domain/common/violation";
import { type Environments, readConfiguration } from "./configuration";
import { Failure } from "./failure";

/** Every environment of the project that the command runs in, by its key in the configuration. */
export function allEnvironments(): Environments {
  return readConfiguration(process.cwd()).environments;
}

/**
 * The environment of a name, which is also its key in the configuration and the name of its stack.
 *
 * @throws `ConfigurationError` where it has another name than its key.
 */
export function environmentNamed(name: string): EnvironmentSpec {
  return entryNamed(name)[1];
}

function entryNamed(name: string): readonly [string, EnvironmentSpec] {
  const { environments, file } = readConfiguration(process.cwd());
  const entries = Object.entries(environments);
  const found = entries.find(([, spec]) => spec.name === name) ?? entries.find(([key]) => key === name);
  if (found !== undefined) {
    const [key, spec] = found;
    const violations = keyViolations(key, spec.name);
    if (violations.length > 0) throw new ConfigurationError(violations);
    return found;
  }
  throw new Failure(`${name}: is not an environment of ${file}; use ${Object.keys(environments).join(", ")}`);
}

/** Plan of an environment as it is deployed next to the others of the project, which may share its network. */
export function plannedEnvironment(name: string): EnvironmentPlan {
  const [key, spec] = entryNamed(name);
  // One in which something is wrong is not among the planned ones, and planning it says what.
  return sharedPlans(plannedSpecs())[key] ?? planEnvironment(spec);
}

/** What a team wrote, with what an owner of a shared network carries for the instances that use it, as synthesis takes it. */
export function deployedSpec(name: string): EnvironmentSpec {
  const [key, spec] = entryNamed(name);
  const specs = plannedSpecs();
  return withGuests(specs)[specs.findIndex((each) => each.key === key)] ?? spec;
}

/** Plan of an environment by itself, with its configuration: the one that {@link checkNeighbours} made already. */
export function singleEnvironment(name: string): { readonly spec: EnvironmentSpec; readonly plan: EnvironmentPlan } {
  const [key, spec] = entryNamed(name);
  return { spec, plan: plannedSpecs().find((each) => each.key === key)?.plan ?? planEnvironment(spec) };
}

/** Plans of all environments, as {@link plannedEnvironment}. */
export function plannedEnvironments(): EnvironmentPlan[] {
  return Object.keys(allEnvironments()).map(plannedEnvironment);
}

/** Plans of the other environments of the project in which nothing is wrong. */
export function neighboursOf({ context }: EnvironmentPlan): EnvironmentPlan[] {
  return plannedSpecs().flatMap(({ plan }) => (plan.context.name === context.name ? [] : [plan]));
}

/**
 * Checks what the environments of the project would take from each other, as synthesis does.
 *
 * @throws `ConfigurationError` with what synthesis refuses.
 */
export function checkNeighbours(): void {
  const violations = neighbourViolations(Object.fromEntries(plannedSpecs().map(({ key, plan }) => [key, plan])));
  if (violations.length > 0) throw new ConfigurationError(violations);
}

/** Those in which nothing is wrong: another one that is wrong stands in nobody's way. */
function plannedSpecs(): PlannedSpec[] {
  const environments = allEnvironments();
  const known = PLANNED.get(environments);
  if (known !== undefined) return known;
  const planned = Object.entries(environments).flatMap(([key, spec]) => {
    const { plan, violations } = checkEnvironment(spec);
    return violations.length > 0 ? [] : [{ key, spec, plan }];
  });
  PLANNED.set(environments, planned);
  return planned;
}

/** A command asks for the plans of its project several times; each is made once. */
const PLANNED = new WeakMap<Environments, PlannedSpec[]>();
