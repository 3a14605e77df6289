import { App, TerraformStack, Testing } from "cdktf";

/** One resource of a synthesized stack, under its Terraform argument names. */
export type Block = Readonly<Record<string, unknown>>;

/** A synthesized stack, parsed once. */
export class Synthesized {
  public constructor(public readonly json: Readonly<Record<string, Record<string, Record<string, Block>>>>) {}

  /** All resources of a type, in the order they were defined. */
  public all(type: string): Block[] {
    return Object.values(this.json["resource"]?.[type] ?? {});
  }

  /** The one resource of a type. */
  public only(type: string): Block {
    const found = this.all(type);
    if (found.length !== 1) throw new Error(`expected one ${type}, found ${String(found.length)}`);
    return found[0]!;
  }

  /** The one data source of a type. */
  public onlyData(type: string): Block {
    const found = Object.values(this.json["data"]?.[type] ?? {});
    if (found.length !== 1) throw new Error(`expected one data ${type}, found ${String(found.length)}`);
    return found[0]!;
  }

  /** Addresses of all resources, sorted. */
  public addresses(): string[] {
    return Object.entries(this.json["resource"] ?? {})
      .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`))
      .sort();
  }

  /** The whole stack as text, to search for what must not be there. */
  public text(): string {
    return JSON.stringify(this.json);
  }
}

/** Synthesizes what a callback defines in an empty stack called `test`. */
export function synthesize(define: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(new App({ skipValidation: true }), "test");
  define(stack);
  return new Synthesized(JSON.parse(Testing.synth(stack)) as Synthesized["json"]);
}
