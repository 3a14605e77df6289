import { contains, parseIpv4 } from "../common/address-range";
import { type EgressDestination, type EgressRule, ruleKey } from "./rules";

/**
 * Joins rules that open the same thing: one rule, with everybody who needs it and every reason.
 *
 * The first of them keeps its identity.
 */
export function mergeRules(rules: readonly EgressRule[]): EgressRule[] {
  const byKey = new Map<string, EgressRule>();
  for (const rule of rules) {
    const key = [ruleKey(rule), ...(rule.addresses ?? [])].join();
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? rule : joined(known, rule));
  }
  return [...byKey.values()];
}

/**
 * Leaves out rules that another one of the same list covers, for everybody who needs them.
 *
 * A rule is not covered by one that fewer may use: that would give all the rest more than they need.
 */
export function absorbCovered(rules: readonly EgressRule[]): EgressRule[] {
  return rules
    .filter((rule) => !rules.some((wider) => covers(wider, rule)))
    .map((rule) => rules.filter((narrower) => covers(rule, narrower)).reduce(joined, rule));
}

function joined(kept: EgressRule, other: EgressRule): EgressRule {
  return {
    ...kept,
    sources: [...new Set([...kept.sources, ...other.sources])],
    reason: both(kept.reason, other.reason),
    data: kept.data === undefined || other.data === undefined ? (kept.data ?? other.data) : both(kept.data, other.data),
    required: kept.required || other.required,
    inferred: kept.inferred && other.inferred,
  };
}

/** The second text is added unless the first says the same. */
function both(kept: string, other: string): string {
  return kept.split("; ").includes(other) || kept === other ? kept : `${kept}; ${other}`;
}

function covers(wider: EgressRule, narrower: EgressRule): boolean {
  return (
    wider !== narrower &&
    wider.port === narrower.port &&
    wider.application === narrower.application &&
    narrower.sources.every((source) => wider.sources.includes(source)) &&
    includes(wider.destination, narrower.destination)
  );
}

/** Whether every connection to the second destination is one to the first, and not the other way round. */
function includes(wider: EgressDestination, narrower: EgressDestination): boolean {
  if (wider.kind === "range" && narrower.kind === "range") return rangeIncludes(wider.cidr, narrower.cidr);
  if (wider.kind !== "subdomains") return false;
  if (narrower.kind === "host") return narrower.host.endsWith(`.${wider.domain}`);
  return narrower.kind === "subdomains" && narrower.domain.endsWith(`.${wider.domain}`);
}

function rangeIncludes(wider: string, narrower: string): boolean {
  const [outer, inner] = [parseIpv4(wider), parseIpv4(narrower)];
  return (
    outer !== undefined && inner !== undefined && outer.prefixLength < inner.prefixLength && contains(outer, inner)
  );
}
