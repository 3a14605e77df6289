import type { EnvironmentContext } from "../common/context";
import { defaultNamespace } from "./namespace";
import type { EnvironmentSpec } from "./spec";

type Named = Pick<EnvironmentSpec, "name" | "account" | "region" | "domain" | "cluster" | "namespace"> &
  Required<Pick<EnvironmentSpec, "namePrefix" | "dataProtection">>;

/** The facts of an environment that every plan may need. */
export function contextOf({
  name,
  account,
  region,
  domain,
  cluster,
  namespace = defaultNamespace(`retool-${name}`, cluster),
  namePrefix,
  dataProtection,
}: Named): EnvironmentContext {
  const [prefix, secretPath] = [`${namePrefix}-${name}`, `${namePrefix}/${name}`];
  return { name, account, region, domain, prefix, secretPath, namespace, dataProtection };
}
