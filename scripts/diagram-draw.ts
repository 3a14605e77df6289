import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { SynthesizedStack } from "./diagram-graph";
import { mermaidOf } from "./diagram-mermaid";
import { pictureOf } from "./diagram-picture";
import { svgOf } from "./diagram-svg";

const ROOT = join(__dirname, "..");

/** Files of docs/ that are drawn, by name. */
export type Drawings = Readonly<Record<"diagram.svg" | "diagram.mmd", string>>;

/** Draws the stack of an environment from what its synthesis writes. */
export async function drawStack(name: string): Promise<Drawings> {
  const picture = pictureOf(name, synthesized(name));
  const { instance } = await import("@viz-js/viz");
  return { "diagram.svg": svgOf(picture, await instance()), "diagram.mmd": mermaidOf(picture) };
}

function synthesized(name: string): SynthesizedStack {
  const out = mkdtempSync(join(tmpdir(), "diagram-"));
  try {
    execFileSync(process.execPath, ["--import", "tsx", "main.ts"], {
      cwd: ROOT,
      env: { ...process.env, CDKTF_OUTDIR: out, CDKTF_CONTEXT_JSON: "{}" },
    });
    return JSON.parse(readFileSync(join(out, "stacks", name, "cdk.tf.json"), "utf8")) as SynthesizedStack;
  } finally {
    rmSync(out, { recursive: true });
  }
}
