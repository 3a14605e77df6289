/** One resource of a synthesized stack. */
export interface Resource {
  /** Address, such as `aws_vpc.Retool_Foundation_Network_F52F10E8`. */
  readonly address: string;
  /** Type, such as `aws_vpc`. */
  readonly type: string;
  /** Path of its construct below the stack, such as `Retool/Foundation/Network/Resource`. */
  readonly path: string;
  /** Whether Terraform manages it; data sources and ephemeral values only lead from one resource to another. */
  readonly managed: boolean;
  /** Arguments. */
  readonly body: Readonly<Record<string, unknown>>;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What `cdktf synth` writes, as far as a picture needs it. */
export interface SynthesizedStack {
  /** Settings of the providers. */
  readonly provider: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** Managed resources by type and name. */
  readonly resource: Blocks;
  /** Data sources by type and name. */
  readonly data?: Blocks;
  /** Ephemeral resources by type and name. */
  readonly ephemeral?: Blocks;
}

const REFERENCE = /(?:data\.|ephemeral\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g;

/** The resources of a stack with an arrow from each to everything it refers to or waits for. */
export class ResourceGraph {
  /** Every resource by its address. */
  public readonly resources: ReadonlyMap<string, Resource>;
  private readonly arrows: ReadonlyMap<string, ReadonlySet<string>>;

  public constructor(stack: SynthesizedStack) {
    const all = [
      ...resourcesOf(stack.resource, ""),
      ...resourcesOf(stack.data, "data."),
      ...resourcesOf(stack.ephemeral, "ephemeral."),
    ];
    this.resources = new Map(all.map((resource) => [resource.address, resource]));
    this.arrows = new Map(all.map((resource) => [resource.address, this.referencesOf(resource)]));
  }

  /**
   * Whether some resource of a set refers to one of another set, in steps that pass only through neither.
   *
   * A step over a managed resource that stands for something else in the picture is a reference of that one, so only what
   * `passes` names may lie between.
   */
  public refers(from: ReadonlySet<string>, to: ReadonlySet<string>, passes: (resource: Resource) => boolean): boolean {
    const seen = new Set(from);
    const left = [...from];
    for (let address = left.pop(); address !== undefined; address = left.pop()) {
      for (const next of this.arrows.get(address) ?? []) {
        if (to.has(next)) return true;
        const resource = this.resources.get(next);
        if (seen.has(next) || resource === undefined || !passes(resource)) continue;
        seen.add(next);
        left.push(next);
      }
    }
    return false;
  }

  private referencesOf({ address, body }: Resource): ReadonlySet<string> {
    const found = (JSON.stringify({ ...body, "//": undefined }).match(REFERENCE) ?? []).filter((name) =>
      this.resources.has(name),
    );
    return new Set(found.filter((name) => name !== address));
  }
}

function resourcesOf(blocks: Blocks = {}, prefix: string): Resource[] {
  return Object.entries(blocks).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, body]) => ({
      address: `${prefix}${type}.${name}`,
      type,
      path: pathOf(body),
      managed: prefix === "",
      body,
    })),
  );
}

/** Path of the construct, without the name of the stack. */
function pathOf(body: Readonly<Record<string, unknown>>): string {
  const { metadata } = (body["//"] ?? {}) as { readonly metadata?: { readonly path?: string } };
  return (metadata?.path ?? "").split("/").slice(1).join("/");
}
