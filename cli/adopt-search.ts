import { type Candidate, candidateFor, type PlannedResource, type Search } from "../domain/lifecycle/adoption";
import type { Attributes } from "../domain/lifecycle/state-file";
import type { BareStack } from "./bare-stack";

/** A resource that the next apply would make, and where to look for it. */
export interface PlannedSearch {
  /** The resource. */
  readonly planned: PlannedResource;
  /** Where to look. */
  readonly search: Search;
}

/** The parts of a bare stack that are asked. */
type Asked = Pick<BareStack, "askAll" | "listAll">;

/** Ids by address. */
type Ids = readonly (readonly [address: string, ids: readonly string[]])[];

/**
 * Everything that may exist, with its ids: those that are known, those that data sources name and those in lists of AWS.
 *
 * @param onProgress - Told what is asked.
 */
export async function candidatesOf(
  searches: readonly PlannedSearch[],
  stack: Asked,
  onProgress: (progress: string) => void = () => undefined,
): Promise<Candidate[]> {
  const ids = new Map([
    ...(await idsLookedUp(searches, stack, onProgress)),
    ...(await idsListed(searches, stack, onProgress)),
  ]);
  return searches.flatMap(({ planned, search }) =>
    (typeof search.ids === "function" ? (ids.get(planned.address) ?? []) : search.ids).map((id) =>
      candidateFor(planned, id),
    ),
  );
}

async function idsLookedUp(
  searches: readonly PlannedSearch[],
  stack: Asked,
  onProgress: (progress: string) => void,
): Promise<Ids> {
  const asked = searches.flatMap(({ planned: { address }, search }) =>
    "lookup" in search ? [{ address, lookup: search.lookup, ids: search.ids }] : [],
  );
  if (asked.length === 0) return [];
  onProgress(`asking AWS ${String(asked.length)} questions`);
  return idsIn(asked, await stack.askAll(asked));
}

/** From lists of AWS that no data source has. */
async function idsListed(
  searches: readonly PlannedSearch[],
  stack: Asked,
  onProgress: (progress: string) => void,
): Promise<Ids> {
  const asked = searches.flatMap(({ planned: { address }, search }) =>
    "listing" in search ? [{ address, listing: search.listing, ids: search.ids }] : [],
  );
  if (asked.length === 0) return [];
  onProgress("reading lists of AWS");
  return idsIn(asked, await stack.listAll(asked));
}

function idsIn(
  asked: readonly { readonly address: string; readonly ids: (answer: Attributes) => readonly string[] }[],
  answers: readonly (Attributes | undefined)[],
): Ids {
  return asked.map(({ address, ids }, index) => {
    const answer = answers[index];
    return [address, answer === undefined ? [] : ids(answer)];
  });
}
