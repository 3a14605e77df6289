import type { EnvironmentSpec } from "../domain/environment/spec";
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
