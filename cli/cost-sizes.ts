import { costOf } from "../domain/cost/cost";
import type { PriceBook } from "../domain/cost/prices";
import { planEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { aligned } from "./columns";
import { drawSizes, type SizeCost } from "./cost-picture";
import { Failure } from "./failure";
import { amounts, dollars } from "./money";
import type { Report } from "./report";

/** Compares an environment with different numbers of builders. */
export function compareSizes(
  spec: EnvironmentSpec,
  book: PriceBook,
  { builders, svg }: { readonly builders: string; readonly svg: string | undefined },
): Report {
  const sizes = sizesOf(builders).map((size): SizeCost => {
    const { total } = costOf(planEnvironment({ ...spec, builders: size }), book);
    return { builders: size, ...total };
  });
  return {
    json: { currency: "USD", per: "month of 730 hours", sizes },
    text: () => `${sizeLines(sizes).join("\n")}\n`,
    ...(svg === undefined ? {} : { picture: { file: svg, svg: () => drawSizes(sizes) } }),
  };
}

/** The comparison as a table. */
export function sizeLines(sizes: readonly SizeCost[]): string[] {
  return aligned([
    ["builders", "at rest", "working days", "at most", "a builder"],
    ...sizes.map(({ builders, ...cost }) => [
      builders.toLocaleString("en-US"),
      ...amounts(cost),
      dollars(cost.workingDays / builders),
    ]),
  ]);
}

function sizesOf(text: string): number[] {
  const parts = text.split(",");
  if (!parts.every((part) => /^\s*\d+\s*$/.test(part)))
    throw new Failure("--builders: is not a list of whole numbers; write them with commas, such as 20,50,200");
  const sizes = parts.map(Number);
  if (sizes.includes(0)) throw new Failure("--builders: 0 is below the minimum of a comparison; use 1 or more");
  return sizes;
}
