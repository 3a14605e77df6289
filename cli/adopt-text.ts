import { Failure } from "./failure";
import { saysAbsence } from "./terraform-messages";

/** What became of something that exists. */
export interface Adoption {
  /** Address in Terraform. */
  readonly address: string;
  /** Name in AWS. */
  readonly id: string;
  /** Whether state knows it now; otherwise it belongs to somebody else. */
  readonly adopted: boolean;
  /** Id of what state had at the address before, which is without use now. */
  readonly replaced?: string;
}

/**
 * A layer finds what it stands on in AWS, so it cannot be planned before the layer below it is complete.
 *
 * @param below - The layer below it; none where it is the lowest, or the only stack.
 */
export function withRemedyOfLayer(
  error: unknown,
  environment: string,
  stack: string,
  below: string | undefined,
): unknown {
  if (below === undefined || !(error instanceof Failure) || !saysAbsence(error.message)) return error;
  return new Failure(
    error.message,
    `${stack}: ${below} is not complete, and this layer stands on it; run npx cdktf deploy ${below}, then npx cdktf-retool adopt ${environment} again`,
  );
}

/** Says what was adopted and what was not. */
export function adoptionText(found: readonly Adoption[], name: string, objects: readonly string[] = []): string {
  if (found.length + objects.length === 0) return `${name}: nothing is left over\n`;
  const lines = found.flatMap(({ address, id, adopted, replaced }) => [
    adopted
      ? `${address}: adopted ${id}; read the next plan before you approve it`
      : `${address}: left ${id} unchanged: it exists without the tags of ${name}; find its owner, or use another name`,
    ...(replaced === undefined
      ? []
      : [
          `${address}: state had ${replaced} instead, which nothing of the environment's data uses; find out what does`,
        ]),
  ]);
  return `${[...lines, ...objects].join("\n")}\n`;
}
