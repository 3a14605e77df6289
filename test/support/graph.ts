import type { Synthesized } from "./synthesize";

/** The order in which Terraform makes the resources of a stack: what each waits for, by reference or by `depends_on`. */
export class Graph {
  private readonly waitsFor = new Map<string, ReadonlySet<string>>();

  public constructor(stack: Synthesized["json"]) {
    const addresses = Object.entries(stack["resource"] ?? {}).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, block]) => [`${type}.${name}`, block] as const),
    );
    const known = new Set(addresses.map(([address]) => address));
    const expressions = indirections(stack);
    for (const [address, block] of addresses) {
      this.waitsFor.set(address, new Set(references(JSON.stringify(block), known, expressions)));
    }
  }

  /** Addresses of all resources. */
  public get addresses(): string[] {
    return [...this.waitsFor.keys()];
  }

  /** The one address that matches. */
  public find(pattern: RegExp): string {
    const found = this.addresses.filter((address) => pattern.test(address));
    if (found.length !== 1) throw new Error(`${String(pattern)} matches ${String(found.length)}: ${found.join(", ")}`);
    return found[0]!;
  }

  /** Whether one resource is made only after another, and so destroyed before it. */
  public isAfter(later: string, earlier: string): boolean {
    return this.ancestors(later).has(earlier);
  }

  /** Everything a resource waits for, directly or not. */
  public ancestors(address: string): Set<string> {
    const found = new Set<string>();
    const visit = (current: string): void => {
      for (const next of this.waitsFor.get(current) ?? []) {
        if (found.has(next)) continue;
        found.add(next);
        visit(next);
      }
    };
    visit(address);
    return found;
  }
}

const ADDRESS = /\b(?:data\.|ephemeral\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z0-9_-]+/g;

/** What data sources and ephemeral resources refer to: their users wait for that. */
function indirections(stack: Synthesized["json"]): Map<string, string> {
  const found = new Map<string, string>();
  for (const kind of ["data", "ephemeral"] as const) {
    for (const [type, byName] of Object.entries(stack[kind] ?? {})) {
      for (const [name, block] of Object.entries(byName)) found.set(`${kind}.${type}.${name}`, JSON.stringify(block));
    }
  }
  return found;
}

function references(text: string, known: ReadonlySet<string>, indirect: ReadonlyMap<string, string>): string[] {
  return [...text.matchAll(ADDRESS)].flatMap(([address]) => {
    const block = indirect.get(address);
    if (block !== undefined) return references(block, known, indirect);
    return known.has(address) ? [address] : [];
  });
}
