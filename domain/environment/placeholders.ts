import { contains, parseIpv4, parseRange } from "../common/address-range";
import type { EnvironmentPlan } from "./environment";

/** Accounts of AWS's documentation, which belong to nobody who deploys this. */
const ACCOUNTS = ["012345678901", "111122223333", "123456789012", "444455556666", "777788889999", "999988887777"];

/** Source: RFC 2606. */
const DOMAIN = /(^|\.)example\.(com|net|org)$/;

/** Source: RFC 5737 and RFC 3849. */
const DOCUMENTATION_RANGES = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].flatMap(
  (range) => parseIpv4(range) ?? [],
);
const DOCUMENTATION_PREFIX = /^2001:0?db8:/;

type Identified = Pick<EnvironmentPlan, "context"> & {
  readonly frontDoor: Pick<EnvironmentPlan["frontDoor"], "clientsIpv4" | "clientsIpv6">;
  readonly cluster: object & { readonly kind?: string; readonly publicAccessCidrs?: readonly string[] };
};

/**
 * Lists what an example's values still stand for, as `setting value`.
 *
 * They are right to try, to test and to plan with; a deployment into an account would reach nobody, or somebody else.
 */
export function placeholdersOf({ context, frontDoor, cluster }: Identified): string[] {
  const { account, domain } = context;
  return [
    ...(ACCOUNTS.includes(account) ? [`account "${account}"`] : []),
    ...(DOMAIN.test(domain) ? [`domain "${domain}"`] : []),
    ...[...frontDoor.clientsIpv4, ...frontDoor.clientsIpv6]
      .filter(isForDocumentation)
      .map((range) => `access "${range}"`),
    ...(cluster.publicAccessCidrs ?? []).filter(isForDocumentation).map((range) => `clusterAccess "${range}"`),
  ];
}

function isForDocumentation(text: string): boolean {
  const range = parseIpv4(text);
  if (range === undefined) return parseRange(text) !== undefined && DOCUMENTATION_PREFIX.test(text.toLowerCase());
  return DOCUMENTATION_RANGES.some((outer) => contains(outer, range));
}

/** The one line that refuses a deployment, and warns in a plan; undefined where nothing is left to replace. */
export function placeholderRefusal(plan: Identified): string | undefined {
  const placeholders = placeholdersOf(plan);
  if (placeholders.length === 0) return undefined;
  const these = placeholders.length === 1 ? "is a placeholder" : "are placeholders";
  return `${plan.context.name}: ${placeholders.join(", ")} ${these} from an example; write your own before a deployment into an account`;
}
