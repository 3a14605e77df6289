import type { EnvironmentPlan } from "./environment";
import type { StatePlan } from "./state";

/** The layers of an environment, the lowest first: each stands on those before it. */
export const LAYERS = ["foundation", "cluster", "retool"] as const;

/** A layer of an environment. */
export type Layer = (typeof LAYERS)[number];

/** What names and places the stacks of an environment. */
export type Layered = Pick<EnvironmentPlan, "context" | "layers" | "state">;

/** A stack of an environment. */
export interface StackPlan {
  /** Name of the stack, by which `cdktf deploy` finds it. */
  readonly name: string;
  /** Where its state is. */
  readonly state: StatePlan;
}

/** The stacks of an environment, the lowest first; one, with the environment's name, unless it has layers. */
export function stacksOf(plan: Layered): readonly [StackPlan, ...StackPlan[]] {
  if (!plan.layers) return [wholeStack(plan)];
  const [lowest, ...others] = LAYERS;
  return [layerStack(plan, lowest), ...others.map((layer) => layerStack(plan, layer))];
}

/** The command that deploys all of an environment. */
export function deployCommand({ context: { name }, layers }: Pick<Layered, "context" | "layers">): string {
  return layers ? `npx cdktf deploy '${name}-*'` : `npx cdktf deploy ${name}`;
}

/** The one stack of an environment, also where it has layers now. */
export function wholeStack({ context, state }: Layered): StackPlan {
  return { name: context.name, state };
}

/** The stack of a layer. Its state is next to that of the one stack, under the name of the layer's stack. */
export function layerStack({ context, state }: Layered, layer: Layer): StackPlan {
  const name = `${context.name}-${layer}`;
  return {
    name,
    state: state.kind === "s3" ? { ...state, key: `${name}/terraform.tfstate` } : localState(state, layer),
  };
}

function localState({ path }: Extract<StatePlan, { kind: "local" }>, layer: Layer): StatePlan {
  return { kind: "local", path: path.replace(/(\.tfstate)?$/, `-${layer}.tfstate`) };
}
