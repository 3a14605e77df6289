import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { KEPT } from "../../local/paths";

/** Package with another copy of AWS's Service Authorization Reference, read from its pages by others (BSD). */
export const PARLIAMENT = "parliament==1.6.4";

interface Service {
  readonly prefix: string;
  readonly privileges: readonly {
    readonly privilege: string;
    readonly resource_types: readonly ResourceType[];
  }[];
  readonly resources: readonly { readonly resource: string; readonly condition_keys: readonly string[] }[];
}

interface ResourceType {
  readonly resource_type: string;
  readonly condition_keys: readonly string[];
  readonly dependent_actions: readonly string[];
}

/** What the second reference says of an action. */
export interface ReferencedAction {
  /** Types of resources by their name, such as `vpc`; empty where none can be named. */
  readonly types: readonly string[];
  /** Keys of conditions that it knows, on the action or on one of its types. */
  readonly keys: readonly string[];
  /** Actions that the caller needs as well. */
  readonly needs: readonly string[];
}

/** Every action of the second reference by its name; empty where the package is not installed. */
export function secondReference(): ReadonlyMap<string, ReferencedAction> {
  const found = new Map<string, ReferencedAction>();
  for (const service of installed())
    for (const privilege of service.privileges) {
      const name = `${service.prefix}:${privilege.privilege}`;
      const known = found.get(name) ?? { types: [], keys: [], needs: [] };
      found.set(name, joined(known, referenced(service, privilege)));
    }
  return found;
}

function installed(): readonly Service[] {
  const lib = join(KEPT, "venv", "lib");
  const file = (existsSync(lib) ? readdirSync(lib) : [])
    .map((python) => join(lib, python, "site-packages", "parliament", "iam_definition.json"))
    .find((path) => existsSync(path));
  return file === undefined ? [] : (JSON.parse(readFileSync(file, "utf8")) as Service[]);
}

function referenced({ resources }: Service, { resource_types: on }: Service["privileges"][number]): ReferencedAction {
  const types = on.map(({ resource_type: type }) => type.replace("*", "")).filter((type) => type !== "");
  const ofTypes = resources.filter(({ resource }) => types.includes(resource));
  return {
    types,
    keys: [...on, ...ofTypes].flatMap(({ condition_keys: keys }) => keys),
    needs: on.flatMap(({ dependent_actions: needs }) => needs),
  };
}

/** Some services are described in several parts. */
function joined(one: ReferencedAction, other: ReferencedAction): ReferencedAction {
  return {
    types: [...one.types, ...other.types],
    keys: [...one.keys, ...other.keys],
    needs: [...one.needs, ...other.needs],
  };
}
