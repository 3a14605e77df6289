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
 * @param absent - Questions that found nothing: they are not asked again, and more are added.
 * @param onProgress - Told what is asked.
 */
export async function candidatesOf(
  searches: readonly PlannedSearch[],
  stack: Asked,
  absent: Set<string>,
  onProgress: (progress: string) => void = () => undefined,
): Promise<Candidate[]> {
  const open = searches.filter((one) => !absent.has(questionIn(one)));
  const ids = new Map([...(await idsLookedUp(open, stack, onProgress)), ...(await idsListed(open, stack, onProgress))]);
  return open.flatMap((one) => {
    const { planned, search } = one;
    if (typeof search.ids !== "function") return search.ids.map((id) => candidateFor(planned, id));
    const found = ids.get(planned.address) ?? [];
    if (found.length === 0) absent.add(questionIn(one));
    return found.map((id) => candidateFor(planned, id));
  });
}

/** What is asked for a resource, as a key; what nobody is asked for has none that could be noted. */
function questionIn({ planned: { address }, search }: PlannedSearch): string {
  if ("lookup" in search) return `${address} ${JSON.stringify(search.lookup)}`;
  return "listing" in search ? `${address} ${search.listing.join(" ")}` : address;
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
