import type { Checked } from "../common/checked-integer";
import { FAMILIES, NODE_CPUS, classOf } from "./instance-types";
import type { Violation } from "../common/violation";

/**
 * Families of nodes where nothing else is asked for: memory enough for every pod to use twice what it asks for.
 *
 * The eighth generation is left to those who ask for it: a CPU costs five per cent more, and its interfaces bind up to 50
 * addresses each, which needs larger subnets. Price: m8i.2xlarge 0.4234 and m7i.2xlarge 0.4032 dollars an hour in us-east-1.
 */
const DEFAULT_FAMILIES: readonly string[] = ["m7i", "m7a", "m6i", "m6a"];

/** Checks instance families: all known, and all of one shape. */
export function checkedFamilies(path: string, given: readonly string[] = DEFAULT_FAMILIES): Checked<readonly string[]> {
  const violations = [
    ...given.filter((family) => classOf(family) === undefined).map((family) => unknown(path, family)),
    ...(given.length === 0 ? [noFamily(path)] : []),
    ...mixed(path, given),
  ];
  return { value: violations.length > 0 ? DEFAULT_FAMILIES : given, violations };
}

/** Checks a number of CPUs of a node; `undefined` stays. */
export function checkedNodeCpus(path: string, given: number | undefined): Checked<number | undefined> {
  if (given === undefined || NODE_CPUS.includes(given)) return { value: given, violations: [] };
  const remedy = `use ${NODE_CPUS.join(", ")} or leave it out`;
  return { value: undefined, violations: [{ path, problem: `${given} CPUs are not possible`, remedy }] };
}

function unknown(path: string, family: string): Violation {
  return {
    path,
    problem: `${JSON.stringify(family)} is not a known x86-64 family`,
    remedy: `use some of ${Object.values(FAMILIES).flat().join(", ")}`,
  };
}

function noFamily(path: string): Violation {
  return { path, problem: "names no family", remedy: `leave it out or use ${DEFAULT_FAMILIES.join(", ")}` };
}

function mixed(path: string, given: readonly string[]): Violation[] {
  const known = given.filter((family) => classOf(family) !== undefined);
  const classes = [...new Set(known.map(classOf))];
  if (classes.length < 2) return [];
  return [
    {
      path,
      problem: `${known.join(", ")} have different amounts of memory for each CPU`,
      remedy: `use families of one class only: ${classes.join(" or ")}`,
    },
  ];
}
