import { quote } from "./quote";
import type { Problem } from "./violation";

/** Tags of one resource, less the ones that this package and AWS add. */
const MOST_TAGS = 40;

/** Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/**
 * Keys that Karpenter's EC2NodeClass refuses, because they belong to Karpenter and EKS.
 *
 * Source: the rules of `spec.tags` in the CRD of Karpenter 1.14.
 */
const OF_KARPENTER = /^(kubernetes\.io\/cluster|karpenter\.sh\/|karpenter\.k8s\.aws\/|eks:)/;

/** Tags that every resource of an environment has already, so that costs and resources are found by them. */
const OF_ENVIRONMENT = ["Project", "Environment", "ManagedBy", "Name"];

/** Finds the first tag of an environment that AWS or Karpenter refuses. */
export function tagsProblem(tags: Readonly<Record<string, string>>): Problem | undefined {
  return firstProblem(tags, OF_ENVIRONMENT);
}

/** Finds the first tag of a construct by itself that AWS or Karpenter refuses. */
export function plainTagsProblem(tags: Readonly<Record<string, string>>): Problem | undefined {
  return firstProblem(tags, ["Name"]);
}

function firstProblem(tags: Readonly<Record<string, string>>, own: readonly string[]): Problem | undefined {
  const count = Object.keys(tags).length;
  if (count > MOST_TAGS) return { problem: `lists ${count} tags`, remedy: `use at most ${MOST_TAGS}` };
  const twin = Object.keys(tags).find((key, index, all) =>
    all.slice(0, index).some((other) => other.toLowerCase() === key.toLowerCase()),
  );
  // IAM compares the keys of tags without regard to case, and refuses the second.
  if (twin !== undefined)
    return { problem: `"${twin}" differs from another key in its case only`, remedy: "remove one of the two" };
  const problems = Object.entries(tags).map(([key, value]) => keyProblem(key, own) ?? valueProblem(key, value));
  return problems.find((problem) => problem !== undefined);
}

function keyProblem(key: string, own: readonly string[]): Problem | undefined {
  if (own.includes(key)) return { problem: `"${key}" is set by this package`, remedy: "rename it or remove it" };
  if (key !== key.trim())
    return { problem: `${quote(key)} begins or ends with a space`, remedy: `rename it to "${key.trim()}"` };
  if (/^aws:/i.test(key)) return { problem: `"${key}" begins with "aws:", which AWS reserves`, remedy: "rename it" };
  if (OF_KARPENTER.test(key)) return { problem: `"${key}" belongs to Karpenter and EKS`, remedy: "rename it" };
  if (KEY.test(key)) return undefined;
  return {
    problem: `"${key}" is not the key of a tag`,
    remedy: "use 1 to 128 letters, digits, spaces and _ . : / = + - @",
  };
}

function valueProblem(key: string, value: string): Problem | undefined {
  if (VALUE.test(value)) return undefined;
  return {
    problem: `the value of "${key}" has ${value.length} characters, of which AWS takes at most 256 letters, digits, spaces and _ . : / = + - @`,
    remedy: "shorten it and use only these characters",
  };
}
