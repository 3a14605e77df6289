import { type Resource, ResourceGraph, type SynthesizedStack } from "./diagram-graph";
import { type Link, linksOf } from "./diagram-links";
import { manifestsOf } from "./diagram-manifests";
import { bodyOf, FRAME_RULES, type Look, PART_RULES, type Place } from "./diagram-parts";

/** A box with a heading, a few lines, and the number of resources it stands for. */
export interface Part {
  /** Short name, unique in the picture. */
  readonly id: string;
  /** Heading. */
  readonly title: string;
  /** Lines below the heading. */
  readonly note: readonly string[];
  /** Frame around it; absent outside of the account. */
  readonly frame?: string;
  /** Where it stands. */
  readonly place: Place;
  /** Colour. */
  readonly look: Look;
  /** Managed resources it stands for. */
  readonly count: number;
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

/** What a box says about how much it stands for; nothing outside of the account. */
export function countOf({ count }: Pick<Part, "count">): readonly string[] {
  return count === 0 ? [] : [`${String(count)} resource${count === 1 ? "" : "s"}`];
}

function managedIn(own: readonly Resource[]): number {
  return own.filter(({ managed }) => managed).length;
}

/** Collapses a synthesized stack into a picture; what the stack does not have is not drawn. */
export function pictureOf(name: string, stack: SynthesizedStack): Picture {
  const graph = new ResourceGraph(stack);
  const holdings = holdingsOf(graph);
  const links = linksOf(graph, holdings);
  const frames = framesOf(stack, graph, holdings);
  const parts = [...partsOf(holdings, frames), ...outsideOf(links)];
  return { title: titleOf(name, graph), parts, frames: framesAround(frames, parts), links };
}

function titleOf(name: string, { resources }: ResourceGraph): string {
  const managed = [...resources.values()].filter((resource) => resource.managed);
  const aws = managed.filter(({ type }) => type.startsWith("aws_")).length;
  return `${name}: ${String(aws)} AWS resources, ${String(managed.length - aws)} Helm releases and Kubernetes objects`;
}

/** Gives every resource to a box or frame; what no rule knows gets a box of its own, named after its construct. */
function holdingsOf({ resources }: ResourceGraph): Map<string, Resource[]> {
  const rules = [...PART_RULES, ...FRAME_RULES];
  const holdings = new Map<string, Resource[]>(rules.map(({ id }) => [id, []]));
  for (const resource of resources.values()) {
    const rule = rules.find(({ holds }) => holds.test(`${resource.type} ${resource.path}`));
    const id = rule?.id ?? resource.path.split("/")[1];
    // Ephemeral resources have no path; they only lead from one resource to another.
    if (id !== undefined) holdings.set(id, [...(holdings.get(id) ?? []), resource]);
  }
  return new Map([...holdings].filter(([, own]) => own.some(({ managed }) => managed)));
}

function partsOf(holdings: ReadonlyMap<string, readonly Resource[]>, frames: readonly Frame[]): Part[] {
  const isFrame = new Set(FRAME_RULES.map(({ id }) => id));
  const known = PART_RULES.filter(({ id }) => holdings.has(id));
  const unknown = [...holdings.keys()]
    .filter((id) => !isFrame.has(id) && !known.some((rule) => rule.id === id))
    .map((id, index) => ({
      id,
      title: id,
      frame: "account",
      place: [1 + (index % 5), 7] as const,
      look: "operations" as const,
      note: () => "",
    }));
  return [...known, ...unknown].map(({ id, title, frame, place, look, note }) => {
    const own = holdings.get(id) ?? [];
    return {
      id,
      title,
      note: linesOf(note?.(own) ?? ""),
      // Users' code has nodes of its own only where there is a pool for it.
      frame: frames.some((one) => one.id === frame) ? frame : "pool-retool",
      place,
      look,
      count: managedIn(own),
    };
  });
}

const OUTSIDE: readonly Pick<Part, "id" | "title" | "note" | "place">[] = [
  { id: "users", title: "Users", note: [], place: [0, 3] },
  { id: "operators", title: "Operators", note: ["cdktf, kubectl"], place: [0, 5] },
  { id: "internet", title: "Internet", note: ["Retool, data sources"], place: [6, 3] },
  { id: "temporal", title: "Temporal", note: ["workflows, port 7233"], place: [6, 4] },
];

function outsideOf(links: readonly Link[]): Part[] {
  const ends = new Set(links.flatMap(({ from, to }) => [from, to]));
  return OUTSIDE.filter(({ id }) => ends.has(id)).map((part) => ({ ...part, look: "outside", count: 0 }));
}

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
    { id: "vpc", title: frameTitle(`VPC ${range}, ${String(zones)} zones`, network), parent: "account" },
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
  return frameTitle(`System nodes: ${String(min_size)} to ${String(max_size)} ${String(type)}`, own);
}

function frameTitle(title: string, own: readonly Resource[]): string {
  return [title, ...countOf({ count: managedIn(own) })].join(", ");
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

/** Frames that hold a box, at whatever depth. */
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
