import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/** A class of resources, such as `DbInstance` of `@cdktf/provider-aws/lib/db-instance`. */
export type ResourceClass<Resource extends TerraformResource> = abstract new (...args: never[]) => Resource;

/**
 * Every resource of a class inside a construct, in the order of the tree.
 *
 * This is the way to what has no prop: set a property, or call `addOverride`. Ids of constructs are part of the package's contract.
 *
 * @example
 * ```ts
 * resourcesOf(cluster, EksAddon).forEach((addon) => { addon.preserve = true; });
 * ```
 */
export function resourcesOf<Resource extends TerraformResource>(
  construct: Construct,
  type: ResourceClass<Resource>,
): Resource[] {
  const isOne = (child: unknown): child is Resource => child instanceof type;
  return construct.node.findAll().filter(isOne);
}

/**
 * The one resource of a class inside a construct.
 *
 * @param construct - Where it is looked for.
 * @param type - Its class.
 * @param id - Its path inside the construct, or the last parts of it, where there are several: `resourceOf(network, Subnet, "Private1")`.
 * @example
 * ```ts
 * resourceOf(database, DbInstance).backupTarget = "outposts";
 * ```
 * @throws `Error` where there is none or more than one; the message lists the paths.
 */
export function resourceOf<Resource extends TerraformResource>(
  construct: Construct,
  type: ResourceClass<Resource>,
  id?: string,
): Resource {
  const all = resourcesOf(construct, type);
  const whole = all.filter(({ node }) => node.path === `${construct.node.path}/${id}`);
  const ending = all.filter(({ node }) => id === undefined || node.path.endsWith(`/${id}`));
  const found = whole.length === 0 ? ending : whole;
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const where = construct.node.path;
  const suffix = id === undefined ? "" : ` with the id "${id}"`;
  throw new Error(
    first === undefined
      ? `${where} has no ${type.name}${suffix}; inspect its tree with node.findAll()`
      : `${where} has ${found.length} of ${type.name}${suffix}; name one by the end of its path: ${found.map(({ node }) => node.path).join(", ")}`,
  );
}
