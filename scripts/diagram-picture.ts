import { type Resource, ResourceGraph, type SynthesizedStack } from "./diagram-graph";
import { type Link, linksOf } from "./diagram-links";
import { manifestsOf } from "./diagram-manifests";
import { bodyOf, FRAME_RULES, type Look, PART_RULES } from "./diagram-parts";

/** A box with a heading and a few lines. */
export interface Part {
  /** Short name, unique in the picture. */
  readonly id: string;
  /** Heading. */
  readonly title: string;
  /** Lines below the heading. */
  readonly note: readonly string[];
  /** Frame around it; absent outside of the account. */
  readonly frame?: string;
  /** Colour. */
  readonly look: Look;
}

/** A frame around boxes and other frames. */
export interface Frame {
  /** Short name, unique in the picture. */
  readonly id: string;
  /** Heading. */
  readonly title: string;
  /** Frame around it. */
  readonly parent?: string;
}

/** What is drawn, independent of how. */
export interface Picture {
  /** Heading. */
  readonly title: string;
  /** Boxes. */
  readonly parts: readonly Part[];
  /** Frames, outer ones first. */
  readonly frames: readonly Frame[];
  /** Arrows. */
  readonly links: readonly Link[];
}

/** Collapses a synthesized stack into a picture; what the stack does not have is not drawn. */
export function pictureOf(name: string, stack: SynthesizedStack): Picture {
  const graph = new ResourceGraph(stack);
  const holdings = holdingsOf(graph);
  const links = linksOf(graph, holdings);
  const frames = framesOf(stack, graph, holdings);
  const ends = new Set(links.flatMap(({ from, to }) => [from, to]));
  // A box without a line would say only that it is there.
  const parts = [...partsOf(holdings, frames), ...OUTSIDE].filter(({ id }) => ends.has(id));
  return { title: `What is made of the environment ${name}`, parts, frames: framesAround(frames, parts), links };
}

/** Gives every resource to the first box or frame whose rule knows it. */
function holdingsOf({ resources }: ResourceGraph): Map<string, Resource[]> {
  const rules = [...PART_RULES, ...FRAME_RULES];
  const holdings = new Map<string, Resource[]>(rules.map(({ id }) => [id, []]));
  for (const resource of resources.values()) {
    const rule = rules.find(({ holds }) => holds.test(`${resource.type} ${resource.path}`));
    if (rule !== undefined) holdings.set(rule.id, [...(holdings.get(rule.id) ?? []), resource]);
  }
  return new Map([...holdings].filter(([, own]) => own.some(({ managed }) => managed)));
}

function partsOf(holdings: ReadonlyMap<string, readonly Resource[]>, frames: readonly Frame[]): Part[] {
  return PART_RULES.filter(({ id }) => holdings.has(id)).map(({ id, title, frame, look, note }) => ({
    id,
    title,
    note: linesOf(note?.(holdings.get(id) ?? []) ?? ""),
    // Users' code has nodes of its own only where there is a pool for it.
    frame: frames.some((one) => one.id === frame) ? frame : "pool-retool",
    look,
  }));
}

const OUTSIDE: readonly Part[] = [
  { id: "users", title: "Users", note: [], look: "outside" },
  { id: "operators", title: "Operators", note: ["cdktf, kubectl"], look: "outside" },
  { id: "internet", title: "Internet", note: ["Retool, data sources"], look: "outside" },
  { id: "temporal", title: "Temporal", note: ["workflows, port 7233"], look: "outside" },
];

function framesOf(
  { provider }: SynthesizedStack,
  graph: ResourceGraph,
  holdings: ReadonlyMap<string, readonly Resource[]>,
): Frame[] {
  const network = holdings.get("vpc") ?? [];
  const zones = network.filter(({ path }) => /\/Private\d+$/.test(path)).length;
  const range = String(bodyOf(network, "aws_vpc")["cidr_block"]);
  return [
    { id: "account", title: `AWS account, ${String(provider["aws"]?.[0]?.["region"])}` },
    { id: "vpc", title: `VPC ${range}, ${String(zones)} zones`, parent: "account" },
    { id: "public", title: "Public subnets", parent: "vpc" },
    { id: "exit", title: "Public subnets", parent: "vpc" },
    { id: "databases", title: "Database subnets", parent: "vpc" },
    { id: "cluster", title: "EKS cluster in private subnets", parent: "vpc" },
    { id: "system", title: systemTitle(holdings.get("system") ?? []), parent: "cluster" },
    ...poolFrames(graph),
  ];
}

function systemTitle(own: readonly Resource[]): string {
  const { scaling_config, instance_types } = bodyOf(own, "aws_eks_node_group");
  const { min_size, max_size } = (scaling_config ?? {}) as Readonly<Record<string, number>>;
  const [type] = (instance_types ?? []) as readonly string[];
  return `System nodes: ${String(min_size)} to ${String(max_size)} ${String(type)}`;
}

function poolFrames({ resources }: ResourceGraph): Frame[] {
  return [...resources.values()]
    .flatMap(manifestsOf)
    .filter(({ kind }) => kind === "NodePool")
    .map(({ metadata: { name }, spec }) => {
      const { nodes } = (spec["limits"] ?? {}) as { readonly nodes?: string };
      return { id: `pool-${name}`, title: `Pool ${name}: up to ${String(nodes)} nodes`, parent: "cluster" };
    });
}

/** Frames that hold a box, at any depth. */
function framesAround(frames: readonly Frame[], parts: readonly Part[]): Frame[] {
  const needed = new Set<string>();
  for (const { frame } of parts) {
    for (let id = frame; id !== undefined; id = frames.find((one) => one.id === id)?.parent) needed.add(id);
  }
  return frames.filter(({ id }) => needed.has(id));
}

const LONGEST_LINE = 22;

/** Lines of a list, broken behind its commas. */
function linesOf(note: string): string[] {
  if (note === "") return [];
  const lines: string[] = [];
  for (const word of note.split(", ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last}, ${word}`.length <= LONGEST_LINE) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(word);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line));
}
