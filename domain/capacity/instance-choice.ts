import { z } from "zod";

import { checked } from "../common/setting";
import { FAMILIES, NODE_CPUS, classOf, shapesOf } from "./instance-types";
import { nearest } from "../common/nearest";
import { quote } from "../common/quote";
import type { Problem, Violation } from "../common/violation";

/**
 * Families of nodes where nothing else is asked for: memory enough for every pod to use twice what it asks for.
 *
 * The eighth generation is left to those who ask for it: a CPU costs five per cent more, and its interfaces bind up to 50
 * addresses each, which needs larger subnets. Price: m8i.2xlarge 0.4234 and m7i.2xlarge 0.4032 dollars an hour in us-east-1.
 */
const DEFAULT_FAMILIES: readonly string[] = ["m7i", "m7a", "m6i", "m6a"];

/** Schema of a list of instance families: all known, and all of one shape. */
export function instanceFamilies(): z.ZodDefault<z.ZodReadonly<z.ZodArray<z.ZodString>>> {
  return checked(z.array(checked(z.string(), familyProblem)).readonly(), familiesProblem).default([
    ...DEFAULT_FAMILIES,
  ]);
}

/** Schema of the number of CPUs of a node. */
export function nodeCpus(): z.ZodNumber {
  return checked(z.number(), (given) =>
    NODE_CPUS.includes(given)
      ? undefined
      : { problem: `no node has ${given} CPUs`, remedy: `use ${NODE_CPUS.join(", ")}, or remove it` },
  );
}

function familyProblem(family: string): Problem | undefined {
  if (classOf(family) !== undefined) return undefined;
  const meant = nearest(family, Object.values(FAMILIES).flat());
  return {
    problem: `${quote(family)} is not a family of x86-64 nodes with 2, 4 or 8 GiB for each CPU`,
    remedy: `use "${meant ?? "m7i"}"`,
  };
}

/** Which families go together; one that is not known is refused by itself. */
function familiesProblem(given: readonly string[]): Problem | undefined {
  if (given.length === 0) {
    return { problem: "is an empty list", remedy: `remove it, or use ${DEFAULT_FAMILIES.join(", ")}` };
  }
  const twice = given.find((family, index) => given.indexOf(family) < index);
  if (twice !== undefined) return { problem: `${quote(twice)} is listed twice`, remedy: "list it once" };
  const classes = [...new Set(given.map(classOf))].filter((letter) => letter !== undefined);
  if (classes.length <= 1) return undefined;
  return {
    problem: `${given.join(", ")} have different amounts of memory per CPU`,
    remedy: `use families of one class only: ${classes.join(" or ")}`,
  };
}

/** Finds a number of CPUs that no node of the families has. */
export function nodeCpusViolations(families: readonly string[], cpus: number | undefined, path: string): Violation[] {
  const possible = shapesOf(families).map((shape) => shape.cpus);
  if (cpus === undefined || possible.includes(cpus)) return [];
  return [
    {
      path,
      problem: `${families.join(", ")} ${families.length === 1 ? "has" : "have"} no node of ${cpus} CPUs`,
      remedy: `use ${possible.join(", ")}, or list another family`,
    },
  ];
}
