import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { planEnvironment } from "../domain/environment/environment";
import { type StackPlan, wholeStack } from "../domain/environment/layers";
import {
  divideState,
  type DividedState,
  holdsAlready,
  type LayerJson,
  managedIn,
} from "../domain/lifecycle/layered-state";
import type { TerraformState } from "../domain/lifecycle/state-file";
import { assertCredentials } from "./credentials";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import type { OutputOptions, Report } from "./report";
import { readStack, stackFolder, synthCommand, synthesizedStacks } from "./stacks";
import { Terraform } from "./terraform";

/** What {@link layers} is told on the command line. */
export interface LayersOptions extends OutputOptions {
  /** Move the state. */
  readonly move?: true;
}

/** The state of a stack. */
export type StateStore = Pick<Terraform, "pullState" | "pushState">;

/** A layer, and its state. */
export interface LayerStore extends LayerJson {
  /** Its state. */
  readonly store: StateStore;
}

/** Resources by the stack that has them after the move. */
export type Moves = readonly { readonly stack: string; readonly resources: number }[];

/**
 * Moves the state of an environment from its one stack to its layers, or says what it would move.
 *
 * The layers must have been synthesized. Nothing in AWS or Kubernetes is read or changed.
 */
export async function layers(name: string, { move }: LayersOptions): Promise<Report> {
  const plan = planEnvironment(environmentNamed(name));
  if (!plan.layers) {
    throw new Failure(`${name}: it is one stack; set layers: true, run ${synthCommand()}, then run this command again`);
  }
  const stacks = synthesizedStacks(plan);
  if (plan.state.kind === "s3") await assertCredentials(plan);
  const folders: string[] = [];
  const open = async (stack: StackPlan): Promise<Terraform> => {
    const folder = mkdtempSync(join(tmpdir(), "retool-layers-"));
    folders.push(folder);
    writeFileSync(join(folder, "backend.tf.json"), JSON.stringify({ terraform: { backend: backendOf(stack) } }));
    const terraform = new Terraform(folder, process.env);
    await terraform.init();
    return terraform;
  };
  try {
    const whole = await open(wholeStack(plan));
    const stores: LayerStore[] = [];
    for (const stack of stacks) {
      stores.push({ name: stack.name, json: readStack(stack), store: await open(stack) });
    }
    const moves = await moveState(name, whole, stores, move === true);
    return {
      json: { environment: name, moved: move === true && moves.length > 0, stacks: moves },
      text: () => movesText(name, moves, move === true),
    };
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Moves a state to the layers. Interrupted, it is only completed by the next run: the one state is emptied last.
 *
 * @param carryOut - Whether anything is written.
 * @throws {@link Failure} where a resource would be in no state, or where a layer's state holds something else.
 */
export async function moveState(
  name: string,
  whole: StateStore,
  stores: readonly LayerStore[],
  carryOut: boolean,
): Promise<Moves> {
  const state = await whole.pullState();
  if (managedIn(state) === 0) return [];
  const { parts, homeless } = divideState(state, stores);
  if (homeless.length > 0) {
    throw new Failure(
      `${name}: the state holds ${homeless.join(", ")}, which no layer has, so nothing was moved; deploy ${name} as one stack first, so that state and configuration agree`,
    );
  }
  const missing = await statesToWrite(stores, parts);
  if (carryOut) {
    for (const { store, written } of missing) await store.pushState({ ...state, ...written });
    await whole.pushState({ ...state, serial: state.serial + 1, resources: [], outputs: {}, check_results: null });
  }
  return stores.map(({ name: stack }, index) => ({ stack, resources: parts[index]?.resources.length ?? 0 }));
}

/** Layers whose state is still empty, and what it gets. */
async function statesToWrite(
  stores: readonly LayerStore[],
  parts: DividedState["parts"],
): Promise<{ store: StateStore; written: Partial<TerraformState> }[]> {
  const missing: { store: StateStore; written: Partial<TerraformState> }[] = [];
  for (const [index, { name, store }] of stores.entries()) {
    const part = parts[index] ?? { resources: [], outputs: {} };
    const held = await store.pullState();
    if (managedIn(held) === 0) {
      const { serial, lineage } = held;
      missing.push({ store, written: { ...part, serial: serial + 1, lineage, check_results: null } });
    } else if (!holdsAlready(held, part)) {
      throw new Failure(
        `${name}: its state holds ${String(managedIn(held))} resources, and not those to be moved, so nothing was moved; compare both with terraform state list (docs/guides/layers.md)`,
      );
    }
  }
  return missing;
}

function movesText(name: string, moves: Moves, isDone: boolean): string {
  if (moves.length === 0) return `${name}: its one stack has no resources in its state, so there is nothing to move\n`;
  const lines = moves.map(({ stack, resources }) => `${stack}: ${String(resources)} resources`);
  const next = isDone
    ? `Moved. Check each with npx cdktf diff, in this order: no plan may show a change. The state of ${name} is empty now.`
    : `Nothing was moved yet; stop every deployment of ${name}, then run npx cdktf-retool layers ${name} --move`;
  return `${[...lines, next].join("\n")}\n`;
}

function backendOf({ name, state }: StackPlan): object {
  if (state.kind === "local") return { local: { path: resolve(stackFolder(name), state.path) } };
  const { bucket, key, region } = state;
  return { s3: { bucket, key, region, encrypt: true, use_lockfile: true } };
}
