import { checkEnvironment, type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { type PlannedSpec, sharedPlans } from "../domain/environment/guests";
import { neighbourViolations } from "../domain/environment/neighbours";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { ConfigurationError } from "../domain/common/violation";
import { type Environments, readConfiguration } from "./configuration";
import { Failure } from "./failure";

/** Every environment of the project that the command runs in, by its name. */
export function allEnvironments(): Environments {
  return readConfiguration(process.cwd()).environments;
}

/** The environment of a name. */
export function environmentNamed(name: string): EnvironmentSpec {
  const { environments, file } = readConfiguration(process.cwd());
  const found = environments[name];
  if (found !== undefined) return found;
  throw new Failure(`${name}: is not an environment of ${file}; use ${Object.keys(environments).join(", ")}`);
}

/** Plan of an environment as it is deployed next to the others of the project, which may share its network. */
export function plannedEnvironment(name: string): EnvironmentPlan {
  const own = planEnvironment(environmentNamed(name));
  return sharedPlans(plannedSpecs())[name] ?? own;
}

/** Plans of all environments, as {@link plannedEnvironment}. */
export function plannedEnvironments(): EnvironmentPlan[] {
  return Object.keys(allEnvironments()).map(plannedEnvironment);
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
  return Object.entries(allEnvironments()).flatMap(([key, spec]) => {
    const { plan, violations } = checkEnvironment(spec);
    return violations.length > 0 ? [] : [{ key, spec, plan }];
  });
}
