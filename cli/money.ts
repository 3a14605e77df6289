import type { MonthlyCost } from "../domain/cost/line";

/** US dollars as text: whole ones from ten on, cents below. */
export function dollars(usd: number): string {
  return Math.abs(usd) >= 10
    ? Math.round(usd).toLocaleString("en-US")
    : usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A difference in US dollars, with its sign. */
export function signedDollars(usd: number): string {
  return `${usd < 0 ? "-" : "+"}${dollars(Math.abs(usd))}`;
}

/** The three amounts of a cost as text. */
export function amounts({ atRest, workingDays, atMost }: MonthlyCost): string[] {
  return [atRest, workingDays, atMost].map(dollars);
}

/** The three differences of two costs as text; undefined where there is none that is seen. */
export function signedAmounts(from: MonthlyCost, to: MonthlyCost): string[] | undefined {
  const changes = [to.atRest - from.atRest, to.workingDays - from.workingDays, to.atMost - from.atMost];
  if (changes.every((change) => Math.abs(change) < 0.005)) return undefined;
  return changes.map((change) => (Math.abs(change) < 0.005 ? "-" : signedDollars(change)));
}
