import type { EnvironmentContext } from "../common/context";
import type { StateSpec } from "./spec";

/** Where the state is, with the bucket's name resolved. */
export type StatePlan =
  | { readonly kind: "s3"; readonly bucket: string; readonly key: string; readonly region: string }
  | { readonly kind: "local"; readonly path: string };

/** Resolves the name of the bucket and the key in it. */
export function planState(state: StateSpec, { name, account, region }: EnvironmentContext): StatePlan {
  if (state.kind === "local") return state;
  const bucket = state.bucket ?? `cdktf-retool-state-${account}-${region}`;
  return { kind: "s3", bucket, key: `${name}/terraform.tfstate`, region };
}
