import { environments } from "../config";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { Failure } from "./failure";

/** The environment of a name. */
export function environmentNamed(name: string): EnvironmentSpec {
  const found = environments[name];
  if (found !== undefined) return found;
  throw new Failure(`${name}: is not an environment of config/; use ${Object.keys(environments).join(", ")}`);
}
