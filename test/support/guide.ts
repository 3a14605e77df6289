import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./run";

/** The commands of a guide, block by block; a test runs them all. */
export class Guide {
  private readonly blocks: string[];

  /**
   * @param name - File in `docs/guides`.
   */
  public constructor(name: string) {
    const text = readFileSync(join(ROOT, "docs", "guides", name), "utf8");
    this.blocks = Array.from(text.matchAll(/^```sh\n([\s\S]*?)^```/gm), ([, lines = ""]) => lines);
  }

  /** Blocks that nobody has taken yet. */
  public get left(): readonly string[] {
    return this.blocks;
  }

  /** Takes the one block with a text in it, with what the reader fills in. */
  public take(text: string, values: Readonly<Record<string, string>> = {}): string {
    const index = this.blocks.findIndex((block) => block.includes(text));
    const [block] = index < 0 ? [] : this.blocks.splice(index, 1);
    if (block === undefined) throw new Error(`no block of the guide is left with ${text}`);
    const filled = Object.entries(values).reduce((lines, [name, value]) => lines.replaceAll(`<${name}>`, value), block);
    const open = /<[a-z][a-z -]*>/i.exec(filled);
    if (open !== null) throw new Error(`the test fills in nothing for ${open[0]}`);
    return filled;
  }
}
